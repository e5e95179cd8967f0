/** What each role sees and cannot do, on the product's own schema. Every denial stands beside the same thing allowed. */
import type { Client } from 'pg';
import { signToken } from '../../../sql/db/tenant';
import { withClient } from '../../support/database';
import { stateOf } from '../../support/engine';
import type { PlatformDatabase } from '../../support/platform';
import {
  asLogin,
  asSupport,
  asTenant,
  createTenantDatabase,
  markSensitive,
  ORGANIZATIONS,
  SIGNING,
  setToken,
  tokenFor,
} from '../../support/tenants';

let database: PlatformDatabase;
beforeAll(async () => {
  database = await createTenantDatabase();
});

const names = async (client: Client, sql = 'select name from public.organizations order by 1') =>
  (await client.query(sql)).rows.map((row) => Object.values(row)[0]);

describe('a tenant token', () => {
  test('shows the rows of its organization, in direct, derived, linked and shared tables', async () => {
    await asTenant(database, 'acme', async (client) => {
      expect(await names(client)).toEqual(['acme']);
      expect(await names(client, 'select name from public.employees')).toEqual(['acme employee']);
      expect(await names(client, 'select body from public.legacy_notes')).toEqual(['acme note']);
      expect(await names(client, 'select name from public.users')).toEqual(['acme']);
      expect(await names(client, 'select count(*)::int from public.partnerships')).toEqual([0]);
    });
  });

  const bad: [string, string | undefined, string][] = [
    ['missing', undefined, 'TZ001'],
    ['empty', '', 'TZ001'],
    ['malformed', 'tz1.whatever', 'TZ002'],
    [
      'not hex',
      tokenFor({ kind: 'tenant', organization: ORGANIZATIONS.acme }).replace('.tenant.', '.tenant.zz'),
      'TZ002',
    ],
    ['megabytes long', 'a'.repeat(2_000_000), 'TZ002'],
    [
      'signed with another key',
      signToken(
        { current: { id: 'test', secret: Buffer.alloc(32, 8) } },
        { kind: 'tenant', organization: ORGANIZATIONS.acme, expiresInSeconds: 60 },
      ),
      'TZ003',
    ],
    [
      'signed with an unknown key',
      signToken(
        { current: { id: 'other', secret: Buffer.alloc(32, 7) } },
        { kind: 'tenant', organization: ORGANIZATIONS.acme, expiresInSeconds: 60 },
      ),
      'TZ003',
    ],
    [
      'altered',
      tokenFor({ kind: 'tenant', organization: ORGANIZATIONS.acme }).replace('.tenant.', '.tenant.31'),
      'TZ003',
    ],
    [
      'expired',
      signToken(SIGNING, {
        kind: 'tenant',
        organization: ORGANIZATIONS.acme,
        expiresAt: new Date(Date.now() - 2000),
      }),
      'TZ004',
    ],
    ['of another kind', tokenFor({ kind: 'staff', person: 'p' }), 'TZ005'],
  ];
  test.each(bad)('that is %s is refused with its own SQLSTATE', async (_, token, expected) => {
    await asLogin(database, 'app_backend', async (client) => {
      if (token !== undefined) await setToken(client, token);
      expect(await stateOf(client, 'select * from public.employees')).toBe(expected);
      expect(
        await stateOf(
          client,
          `insert into public.employees (organization_id, name) values ('${ORGANIZATIONS.acme}', 'x')`,
        ),
      ).toBe(expected);
      await setToken(client, tokenFor({ kind: 'tenant', organization: ORGANIZATIONS.acme }));
      expect(await stateOf(client, 'select * from public.employees')).toBeUndefined();
    });
  });

  test('does not write for another organization, nor move a row to one', async () => {
    await asTenant(database, 'acme', async (client) => {
      const insert = (organization: string) =>
        `insert into public.employees (organization_id, name) values ('${organization}', 'new')`;
      expect(await stateOf(client, insert(ORGANIZATIONS.acme))).toBeUndefined();
      expect(await stateOf(client, insert(ORGANIZATIONS.beta))).toBe('42501');
      expect(
        (
          await client.query(`update public.employees set name = 'x' where organization_id = $1`, [
            ORGANIZATIONS.beta,
          ])
        ).rowCount,
      ).toBe(0);
      expect(
        await stateOf(
          client,
          `update public.employees set organization_id = '${ORGANIZATIONS.beta}' where name = 'new'`,
        ),
      ).toBe('TZ012');
      expect((await client.query(`delete from public.employees where name = 'new'`)).rowCount).toBe(1);
    });
  });

  test('stays valid under the previous key, and not under the one before that', async () => {
    await withClient(database.superuser, async (client) => {
      await client.query('begin');
      const set = (id: string, byte: number) =>
        client.query('select vault.set_signing_key($1, $2)', [id, Buffer.alloc(32, byte)]);
      await set('second', 9);
      await client.query('set local session authorization app_backend');
      await setToken(client, tokenFor({ kind: 'tenant', organization: ORGANIZATIONS.acme }));
      expect(await names(client)).toEqual(['acme']);
      await client.query('set local session authorization postgres');
      await set('third', 10);
      await client.query('set local session authorization app_backend');
      expect(await stateOf(client, 'select * from public.employees')).toBe('TZ003');
      await client.query('rollback');
    });
  });
});

describe('the support role', () => {
  test('sees every organization that is not sensitive, and partnerships between those only', async () => {
    await asSupport(database, { person: 'eng' }, async (client) => {
      expect(await names(client)).toEqual(
        ['acme', 'beta', 'zero']
          .filter((name) => name !== 'zero')
          .concat((await isZeroHidden()) ? [] : ['zero']),
      );
      expect(await names(client, 'select body from public.legacy_notes order by 1')).not.toContain(
        'clinic note',
      );
      expect(await names(client, 'select count(*)::int from public.partnerships')).toEqual([1]);
    });
  });

  test('neither reads, writes, moves nor deletes a row of a sensitive organization, and does so for others', async () => {
    await asSupport(database, { person: 'eng', write: true }, async (client) => {
      const one = async (sql: string) => (await client.query(sql)).rowCount;
      expect(
        await one(`select from public.employees where organization_id = '${ORGANIZATIONS.clinic}'`),
      ).toBe(0);
      expect(
        await one(
          `update public.employees set name = name where organization_id = '${ORGANIZATIONS.clinic}'`,
        ),
      ).toBe(0);
      expect(
        await one(`delete from public.documents where organization_id = '${ORGANIZATIONS.clinic}'`),
      ).toBe(0);
      expect(
        await stateOf(
          client,
          `insert into public.employees (organization_id, name) values ('${ORGANIZATIONS.clinic}', 'x')`,
        ),
      ).toBe('42501');
      expect(
        await stateOf(
          client,
          `update public.employees set organization_id = '${ORGANIZATIONS.clinic}' where organization_id = '${ORGANIZATIONS.acme}'`,
        ),
      ).toBe('TZ012');
      expect(
        await stateOf(
          client,
          `update public.legacy_notes set employee_id = '00000000-0000-4001-8000-00000000000b' where body = 'acme note'`,
        ),
      ).toBe('TZ012');
      expect(
        await one(`update public.employees set name = name where organization_id = '${ORGANIZATIONS.acme}'`),
      ).toBe(1);
      expect(await stateOf(client, 'truncate public.documents')).toBe('42501');
    });
  });

  test('is read-only until it says otherwise', async () => {
    await withClient(database.superuser, async (client) => {
      const { rows } = await client.query(
        `select setconfig from pg_db_role_setting s join pg_roles r on r.oid = s.setrole join pg_database d on d.oid = s.setdatabase where rolname = 'support_shell' and datname = current_database()`,
      );
      expect(rows[0].setconfig).toContain('default_transaction_read_only=on');
    });
  });

  async function isZeroHidden(): Promise<boolean> {
    return withClient(
      database.superuser,
      async (client) =>
        (await client.query(`select guard.is_hidden($1) as hidden`, [ORGANIZATIONS.zero])).rows[0].hidden,
    );
  }
});

describe('the owner', () => {
  test('is refused loudly on a registered table, whatever the statement', async () => {
    await withClient(database.superuser, async (client) => {
      await client.query('set role platform_owner');
      for (const sql of [
        'select * from public.employees',
        'select count(*) from public.documents',
        'update public.documents set title = title',
        'delete from public.documents',
        `insert into public.employees (organization_id, name) values ('${ORGANIZATIONS.acme}', 'x')`,
        'copy public.employees to stdout',
      ]) {
        expect([sql, await stateOf(client, sql)]).toEqual([sql, 'TZ010']);
      }
      expect(await stateOf(client, 'truncate public.rooms cascade')).toBe('TZ011');
    });
  });

  test('works as the declared migration login', async () => {
    await withClient(database.migrator, async (client) => {
      await client.query('set role platform_owner');
      expect((await client.query('select from public.employees')).rowCount).toBe(4);
      await client.query('begin');
      expect(await stateOf(client, 'truncate public.rooms cascade')).toBeUndefined();
      await client.query('rollback');
    });
  });
});

describe('the sensitive flag', () => {
  const clinic = `'${ORGANIZATIONS.clinic}'`;
  /** As the migration login: it may do everything else to these tables. */
  const asMigrator = (use: (client: Client) => Promise<void>) =>
    withClient(database.migrator, async (client) => {
      await client.query('set role platform_owner');
      await client.query('begin');
      await use(client);
      await client.query('rollback');
    });

  test.each([
    ['update', `update public.organizations set is_sensitive = false where id = ${clinic}`],
    ['update of the key', `update public.organizations set id = gen_random_uuid() where id = ${clinic}`],
    ['delete', `delete from public.organizations where id = ${clinic}`],
    ['truncate', 'truncate public.organizations cascade'],
    [
      'upsert',
      `insert into public.organizations (id, name, slug, owner_membership_id) values (${clinic}, 'x', 'x', gen_random_uuid()) on conflict (id) do update set is_sensitive = false`,
    ],
    [
      'merge',
      `merge into public.organizations o using (values (1)) v on o.id = ${clinic} when matched then update set is_sensitive = false`,
    ],
  ])('is not cleared by %s', async (_, sql) => {
    await asMigrator(async (client) => {
      expect(await stateOf(client, sql)).toBe('TZ013');
    });
  });

  test('is not cleared by replica mode, by the setting alone, by the role alone, or for another organization', async () => {
    const update = `update public.organizations set is_sensitive = false where id = ${clinic}`;
    await withClient(database.superuser, async (client) => {
      await client.query(`begin; set local session_replication_role = replica`);
      expect(await stateOf(client, update)).toBe('TZ013');
      await client.query('rollback');
      await client.query(`begin; set local tenant_zero.sensitive_change = ${clinic}`);
      expect(await stateOf(client, update)).toBe('TZ013');
      await client.query('rollback');
    });
    // The gate asks for it with codes: what accepts them calls this. Refusals of its own: test/db/attacks/flag.test.ts.
    await asLogin(database, 'sensitive_gate', async (client) => {
      await client.query(`begin; set local tenant_zero.sensitive_change = ${clinic}`);
      expect(await stateOf(client, `select guard.set_sensitive(${clinic}, false)`)).toBe('42501');
      await client.query('rollback');
      expect(await stateOf(client, 'select * from public.organizations')).toBe('42501');
    });
    await asLogin(database, 'app_backend', async (client) => {
      expect(await stateOf(client, `select guard.set_sensitive(${clinic}, false)`)).toBe('42501');
    });
  });

  test('is not cleared by deleting the organization and inserting it again', async () => {
    await asMigrator(async (client) => {
      await client.query(`set constraints all deferred`);
      expect(
        await stateOf(
          client,
          `insert into public.organizations (id, name, slug, owner_membership_id, is_sensitive) values ('${ORGANIZATIONS.clinic.replace('c', 'd')}', 'x', 'x', gen_random_uuid(), true)`,
        ),
      ).toBeUndefined();
    });
    // Somebody got rid of the row; the key stays hidden.
    await withClient(database.superuser, async (client) => {
      await client.query(
        `begin; alter table public.organizations disable trigger all; delete from public.organizations where id = ${clinic}; alter table public.organizations enable trigger all; alter table public.organizations enable always trigger zz_tenant_zero_flag`,
      );
      expect(
        await stateOf(
          client,
          `insert into public.organizations (id, name, slug, owner_membership_id) values (${clinic}, 'x', 'x', gen_random_uuid())`,
        ),
      ).toBe('TZ013');
      await client.query('rollback');
    });
  });

  test('changes through the gate, for one organization, and back', async () => {
    const seen = () => asSupport(database, { person: 'eng' }, (client) => names(client));
    expect(await seen()).toContain('beta');
    await markSensitive(database, ORGANIZATIONS.beta);
    expect(await seen()).not.toContain('beta');
    // An ordinary update must not lift it.
    await asTenant(database, 'beta', async (client) => {
      expect((await client.query(`update public.organizations set name = 'beta2'`)).rowCount).toBe(1);
      expect((await client.query(`update public.organizations set name = 'beta'`)).rowCount).toBe(1);
    });
    expect(await seen()).not.toContain('beta');
    await markSensitive(database, ORGANIZATIONS.beta, false);
    expect(await seen()).toContain('beta');
  });
});

describe('a live grant', () => {
  test('shows one organization to one person, ends by itself, also in an open cursor', async () => {
    await withClient(database.superuser, (client) =>
      client.query(
        `insert into guard.grants (person, organization, kind, ends_at) values ('eng', $1, 'shell', clock_timestamp() + interval '1500 ms'), ('other', $1, 'shell', now() + interval '1 h')`,
        [ORGANIZATIONS.clinic],
      ),
    );
    await asSupport(database, { person: 'nobody' }, async (client) =>
      expect(await names(client)).not.toContain('clinic'),
    );
    await asSupport(database, { person: 'eng' }, async (client) => {
      // A token, of whomever, says nothing here.
      await setToken(client, tokenFor({ kind: 'support', person: 'nobody' }));
      expect(await names(client)).toContain('clinic');
      await client.query(`begin; declare c cursor for select name from public.organizations order by name`);
      expect((await client.query('fetch 1 from c')).rows).toEqual([{ name: 'acme' }]);
      await new Promise((resolve) => setTimeout(resolve, 1600));
      expect(await names(client)).not.toContain('clinic');
      await client.query('rollback');
    });
  });

  test('that ends sooner than another leaves the other in an open cursor', async () => {
    const { clinic, beta: other } = ORGANIZATIONS;
    await markSensitive(database, other);
    await withClient(database.superuser, (client) =>
      client.query(
        `insert into guard.grants (person, organization, kind, ends_at) values
           ('two', $1, 'shell', clock_timestamp() + interval '1500 ms'), ('two', $2, 'shell', now() + interval '1 h'),
           ('two', $2, 'shell', clock_timestamp() + interval '1 s')`,
        [clinic, other],
      ),
    );
    await asSupport(database, { person: 'two' }, async (client) => {
      expect(await names(client)).toEqual(expect.arrayContaining(['beta', 'clinic']));
      await client.query(`begin; declare c cursor for select name from public.organizations order by name`);
      expect((await client.query('fetch 1 from c')).rows).toEqual([{ name: 'acme' }]);
      await new Promise((resolve) => setTimeout(resolve, 1600));
      expect((await client.query('fetch all from c')).rows).toEqual(
        expect.arrayContaining([{ name: 'beta' }]),
      );
      expect(await names(client)).not.toContain('clinic');
      await client.query('rollback');
    });
    await markSensitive(database, other, false);
  });
});

describe('search functions', () => {
  test('find rows of visible organizations only', async () => {
    const search = `select title from guard.search_documents_title('%document%') order by 1`;
    await asTenant(database, 'acme', async (client) =>
      expect(await names(client, search)).toEqual(['acme document']),
    );
    await asSupport(database, { person: 'eng' }, async (client) => {
      const found = await names(client, search);
      expect(found).toEqual(expect.arrayContaining(['acme document', 'beta document']));
      expect(found).not.toContain('clinic document');
      expect(
        await names(
          client,
          `select count(*)::int from guard.search_documents_attributes('{"kind": "letter"}')`,
        ),
      ).toEqual([found.length]);
    });
    await asLogin(database, 'break_glass', async (client) =>
      expect((await names(client, search)).length).toBe(4),
    );
    await asLogin(database, 'app_backend', async (client) =>
      expect(await stateOf(client, search)).toBe('TZ001'),
    );
    await asLogin(database, 'auditor', async (client) => expect(await stateOf(client, search)).toBe('42501'));
  });
});
