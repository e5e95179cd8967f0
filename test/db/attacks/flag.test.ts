/** Promise 2: the sensitive flag, attacked by those who may do nearly everything else. */
import type { Client } from 'pg';
import { withClient } from '../../support/database';
import type { PlatformDatabase } from '../../support/platform';
import { ORGANIZATIONS, withoutApprovals } from '../../support/tenants';
import { logIn, logInWith, outcome } from './attack';
import { createFilledDatabase } from './fill';

let database: PlatformDatabase;
beforeAll(async () => {
  // Without an approval path, the gate stands alone.
  database = await createFilledDatabase(withoutApprovals);
}, 30_000);

const clinic = `'${ORGANIZATIONS.clinic}'`;
const { acme } = ORGANIZATIONS;

async function asMigrator(use: (client: Client) => Promise<void>): Promise<void> {
  await withClient(database.migrator, async (client) => {
    await client.query('set role platform_owner; begin');
    await use(client);
    await client.query('rollback');
  });
}

/** Whether policies still hide the clinic, whatever its row says. */
const isHidden = async (client: Client) =>
  (await client.query(
    `reset role; select $1 = any (organizations) as hidden from guard.hidden`.replace(
      '$1',
      `${clinic}::uuid`,
    ),
  )) as unknown as [unknown, { rows: { hidden: boolean }[] }];

const insert = (id: string, more = '', values = '') =>
  `insert into public.organizations (id, name, slug, owner_membership_id${more}) values (${id}, 'x', 'x', gen_random_uuid()${values})`;

describe('the migration login, as the owner, does not clear the flag', () => {
  test.each([
    ['by UPDATE', `update public.organizations set is_sensitive = false where id = ${clinic}`],
    ['by UPDATE of all rows', 'update public.organizations set is_sensitive = false'],
    ['to NULL', `update public.organizations set is_sensitive = null where id = ${clinic}`],
    [
      'by UPDATE ... FROM',
      `update public.organizations o set is_sensitive = a.is_sensitive from public.organizations a where a.id = '${acme}' and o.id = ${clinic}`,
    ],
    [
      'by UPDATE in a CTE',
      `with u as (update public.organizations set is_sensitive = false where id = ${clinic} returning id) select * from u`,
    ],
    [
      'by UPDATE to the default',
      `update public.organizations set is_sensitive = default where id = ${clinic}`,
    ],
    [
      'by UPDATE in a function',
      `do $$ begin update public.organizations set is_sensitive = false where id = ${clinic}; end $$`,
    ],
    [
      'by UPDATE through a view',
      `create view public.attack as select * from public.organizations; update public.attack set is_sensitive = false where id = ${clinic}`,
    ],
    [
      'by UPDATE through a rule',
      `create table public.attack (id uuid); insert into public.attack values (${clinic}); create rule r as on delete to public.attack do instead update public.organizations set is_sensitive = false where id = old.id; delete from public.attack`,
    ],
    [
      'by UPDATE through a trigger of another table',
      `create table public.attack (id uuid); create function public.attack() returns trigger language plpgsql security definer as $f$ begin update public.organizations set is_sensitive = false; return null; end $f$; create trigger a after insert on public.attack for each row execute function public.attack(); insert into public.attack values (${clinic})`,
    ],
    [
      'by a trigger that fires before the guard',
      `create function public.attack() returns trigger language plpgsql as $f$ begin new.is_sensitive := false; return new; end $f$; create trigger a_first before update on public.organizations for each row execute function public.attack(); update public.organizations set name = name where id = ${clinic}`,
    ],
    [
      'by MERGE',
      `merge into public.organizations o using (values (1)) v on o.id = ${clinic} when matched then update set is_sensitive = false`,
    ],
    [
      'by MERGE ... DELETE',
      `merge into public.organizations o using (values (1)) v on o.id = ${clinic} when matched then delete`,
    ],
    ['by upsert', `${insert(clinic)} on conflict (id) do update set is_sensitive = excluded.is_sensitive`],
    [
      'by upsert on the slug',
      `insert into public.organizations (name, slug, owner_membership_id) values ('x', 'clinic', gen_random_uuid()) on conflict (slug) do update set is_sensitive = false`,
    ],
    ['by DELETE', `delete from public.organizations where id = ${clinic}`],
    [
      'by DELETE and INSERT in one statement',
      `with d as (delete from public.organizations where id = ${clinic} returning *) insert into public.organizations (id, name, slug, owner_membership_id) select id, name, slug, owner_membership_id from d`,
    ],
    ['by another key', `update public.organizations set id = gen_random_uuid() where id = ${clinic}`],
    [
      'by a swap of keys',
      `update public.organizations set id = case id when ${clinic} then '${acme}'::uuid else ${clinic} end where id in (${clinic}, '${acme}')`,
    ],
    ['by TRUNCATE', 'truncate public.organizations cascade'],
    ['by TRUNCATE of the plans', 'truncate public.plans cascade'],
    ['by TRUNCATE of the memberships', 'truncate public.memberships cascade'],
    [
      'by a cascade from the plans',
      `alter table public.organizations drop constraint organizations_plan_fkey; alter table public.organizations add constraint c foreign key (plan) references public.plans (code) on delete cascade; delete from public.plans`,
    ],
    [
      'by a cascade from a table of its own',
      `create table public.attack (id uuid primary key); insert into public.attack select id from public.organizations; alter table public.organizations add constraint c foreign key (id) references public.attack (id) on update cascade; update public.attack set id = gen_random_uuid() where id = ${clinic}`,
    ],
    [
      'with the setting of the gate',
      `set local tenant_zero.sensitive_change = ${clinic}; update public.organizations set is_sensitive = false where id = ${clinic}`,
    ],
    [
      'with the setting of the gate in a function',
      `create function public.attack() returns void language sql set tenant_zero.sensitive_change = ${clinic} as $f$ update public.organizations set is_sensitive = false where id = ${clinic} $f$; select public.attack()`,
    ],
    [
      'by the guard switched off, while the list is kept',
      `alter table public.organizations disable trigger zz_tenant_zero_flag; update public.organizations set is_sensitive = false where id = ${clinic}`,
    ],
    [
      'by the guard dropped, while the list is kept',
      `drop trigger zz_tenant_zero_flag on public.organizations; update public.organizations set is_sensitive = false where id = ${clinic}`,
    ],
    [
      'by columns that change names',
      `alter table public.organizations rename is_sensitive to was_sensitive; alter table public.organizations rename is_own to is_sensitive; update public.organizations set was_sensitive = false where id = ${clinic}`,
    ],
    [
      'by the sync trigger on a table of its own',
      `create table public.attack (id uuid, is_sensitive boolean, is_own boolean); create trigger a after insert or update on public.attack for each row execute function guard.sync_sensitive(); insert into public.attack values (${clinic}, true, false); update public.attack set is_sensitive = false`,
    ],
    [
      'by the sync trigger on a table of the same name',
      `alter table public.organizations rename to organizations_old; create table public.organizations (id uuid, is_sensitive boolean, is_own boolean); create trigger a after insert or update on public.organizations for each row execute function guard.sync_sensitive(); insert into public.organizations values (${clinic}, true, false); update public.organizations set is_sensitive = false`,
    ],
  ])('%s', async (_, sql) => {
    await asMigrator(async (client) => {
      expect(['TZ013', '42703', '42501']).toContain(await outcome(client, sql));
    });
    await withClient(database.superuser, async (client) => {
      const [, { rows }] = await isHidden(client);
      expect(rows).toEqual([{ hidden: true }]);
    });
  });

  test.each([
    [
      'with all triggers off',
      `alter table public.organizations disable trigger user; update public.organizations set is_sensitive = false`,
    ],
    [
      'by rewriting the table',
      'alter table public.organizations drop constraint own_is_sensitive; alter table public.organizations alter column is_sensitive drop default; drop policy tenant_zero_guard on public.organizations; alter table public.organizations disable trigger user; alter table public.organizations alter column is_sensitive type boolean using false',
    ],
  ])('%s: the row says so, and policies go on hiding it', async (_, sql) => {
    await withClient(database.superuser, async (client) => {
      await client.query(
        'begin; set local role platform_owner; set local session authorization migrator; set local role platform_owner',
      );
      expect(typeof (await outcome(client, sql))).toBe('number');
      await client.query('set local session authorization support_shell');
      expect(await outcome(client, `select from public.employees where organization_id = ${clinic}`)).toBe(0);
      expect(await outcome(client, `select from public.employees where organization_id = '${acme}'`)).toBe(1);
      await client.query('rollback');
    });
  });

  test('but changes everything else', async () => {
    await asMigrator(async (client) => {
      expect(
        await outcome(
          client,
          `update public.organizations set name = 'renamed', plan = 'team' where id = ${clinic}`,
        ),
      ).toBe(1);
      expect(await outcome(client, insert('gen_random_uuid()'))).toBe(1);
      expect(
        await outcome(
          client,
          insert('gen_random_uuid()', ', is_sensitive', ', true').replaceAll(`'x'`, `'y'`),
        ),
      ).toBe(1);
    });
  });
});

describe('the flag is not cleared past the gate', () => {
  const clear = `select guard.set_sensitive(${clinic}, false)`;
  const open = `set local tenant_zero.sensitive_change = ${clinic}`;

  test('in replica mode, by a superuser', async () => {
    await withClient(database.superuser, async (client) => {
      await client.query('begin; set local session_replication_role = replica');
      expect(
        await outcome(client, `update public.organizations set is_sensitive = false where id = ${clinic}`),
      ).toBe('TZ013');
      expect(await outcome(client, `delete from public.organizations where id = ${clinic}`)).toBe('TZ013');
      await client.query('rollback');
    });
  });

  test.each([
    ['without the setting', '', clear],
    ['with an empty setting', `set local tenant_zero.sensitive_change = ''`, clear],
    ['with the setting of another organization', `set local tenant_zero.sensitive_change = '${acme}'`, clear],
    [
      'with the setting in upper case',
      `set local tenant_zero.sensitive_change = '${ORGANIZATIONS.clinic.toUpperCase()}'`,
      clear,
    ],
    [
      'with a list of organizations',
      `set local tenant_zero.sensitive_change = '${acme},${ORGANIZATIONS.clinic}'`,
      clear,
    ],
    ['for nothing', open, 'select guard.set_sensitive(null, false)'],
    ['to nothing', open, `select guard.set_sensitive(${clinic}, null)`],
    ['by the setting of an earlier transaction', `${open}; commit; begin`, clear],
  ])('by the gate %s', async (_, first, sql) => {
    const gate = await logIn(database, 'sensitive_gate');
    try {
      await gate.query('begin');
      if (first) await gate.query(first);
      expect(await outcome(gate, sql)).toBe('TZ013');
      expect(
        await outcome(gate, `update public.organizations set is_sensitive = false where id = ${clinic}`),
      ).toBe('42501');
      await gate.query(open);
      expect(await outcome(gate, clear)).toBe(1);
      await gate.query('rollback');
    } finally {
      await gate.end();
    }
  });

  test('for an organization that is not there', async () => {
    const gate = await logIn(database, 'sensitive_gate');
    try {
      const nobody = '00000000-0000-4000-8000-0000000000ee';
      await gate.query(`begin; set local tenant_zero.sensitive_change = '${nobody}'`);
      expect(await outcome(gate, `select guard.set_sensitive('${nobody}', false)`)).toBe('P0002');
      await gate.query('rollback');
    } finally {
      await gate.end();
    }
  });

  test('by any other role of the registry, whatever it sets', async () => {
    for (const role of ['support_shell', 'staff_admin', 'break_glass', 'auditor']) {
      const client = await logIn(database, role);
      try {
        await client.query(`begin read write; ${open}`);
        expect([role, await outcome(client, clear)]).toEqual([role, '42501']);
        expect([
          role,
          await outcome(client, `update public.organizations set is_sensitive = false where id = ${clinic}`),
        ]).toEqual([role, '42501']);
        await client.query('rollback');
      } finally {
        await client.end();
      }
    }
    const app = await logInWith(database, 'app_backend', {
      kind: 'tenant',
      organization: ORGANIZATIONS.clinic,
    });
    try {
      await app.query(`begin; ${open}`);
      for (const column of ['is_sensitive', 'is_own'])
        expect(await outcome(app, `update public.organizations set ${column} = not ${column}`)).toBe('TZ013');
      expect(await outcome(app, `update public.organizations set name = 'renamed'`)).toBe(1);
      await app.query('rollback');
    } finally {
      await app.end();
    }
  });
});

test('the own tenant stays sensitive, through the gate too', async () => {
  await withClient(database.superuser, async (client) => {
    await client.query('begin; alter table public.organizations disable trigger zz_tenant_zero_flag');
    await client.query(
      `update public.organizations set is_own = true, is_sensitive = true where slug = 'zero'`,
    );
    await client.query(
      'alter table public.organizations enable always trigger zz_tenant_zero_flag; set local session authorization sensitive_gate',
    );
    await client.query(`set local tenant_zero.sensitive_change = '${ORGANIZATIONS.zero}'`);
    expect(await outcome(client, `select guard.set_sensitive('${ORGANIZATIONS.zero}', false)`)).toBe('23514');
    await client.query('rollback');
  });
});
