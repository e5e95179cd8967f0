/** A registry or a schema that is not what it was at the last apply. */
import { apply } from '../../../sql/applier/apply';
import { plan } from '../../../sql/planner/plan';
import type { Registry } from '../../../sql/registry';
import { withClient } from '../../support/database';
import { stateOf } from '../../support/engine';
import { measure, PROBE, SIGNING } from './openness';
import { applySmall, createSmall, makeRoles, OWNER, PARTS, type Parts, type Small, small } from './world';

jest.setTimeout(120_000);

let applied: Small;
beforeAll(async () => {
  await makeRoles();
  applied = await createSmall({ fill: (client) => client.query(PROBE) });
  await applySmall(applied, small());
  await withClient(applied.applier, (client) =>
    client.query('select vault.set_signing_key($1, $2)', [SIGNING.current.id, SIGNING.current.secret]),
  );
});

const copy = () => createSmall({ template: applied.name });
const administrator = (database: Small, sql: string) =>
  withClient(database.superuser, (client) => client.query(sql));
const owner = (database: Small, sql: string) => withClient(database.owner, (client) => client.query(sql));
const changesOf = async (database: Small, registry: Registry) =>
  (await withClient(database.applier, (client) => plan(client, registry, { useMemory: false }))).changes;
const sees = async (database: Small, role: string, relation: string) =>
  [...((await measure(database)).get(`${role} ${relation} select`) ?? [])].join(' ');

/** Applies and expects that nothing is left, now and when looked at again. */
async function settles(database: Small, registry: Registry, but?: string) {
  const report = await applySmall(database, registry);
  expect(
    report.remaining
      .filter(({ name }) => name !== but)
      .map(({ unit, name, note }) => `${unit} ${name}: ${note}`),
  ).toEqual([]);
  expect((await applySmall(database, registry)).applied).toEqual([]);
  return report;
}

const listed = async (database: Small): Promise<number[]> =>
  (
    await administrator(database, 'select organization from guard.sensitive_organizations order by 1')
  ).rows.map(({ organization }) => organization);

describe('a role that the registry no longer names', () => {
  const parts: Parts = {
    roles: PARTS.roles.replace(/\n {2}small_support.*/, ''),
    views: '',
    excluded: PARTS.excluded.replace(', small_support: [select]', ''),
    tables: PARTS.tables.replace(', small_support: []', ''),
  };

  test('keeps nothing: neither grants nor policies, also where others have policies for everybody', async () => {
    const database = await copy();
    expect(await sees(database, 'small_support', 'public.countries')).toBe('1 2 3');
    await owner(database, 'create policy all_of_it on public.people using (true)');
    const report = await settles(database, small(parts));
    expect(report.applied.map(({ name }) => name)).toContain('grants to small_support');
    expect([...(await measure(database)).keys()].filter((key) => key.startsWith('small_support'))).toEqual(
      [],
    );
    const { rowCount } = await administrator(
      database,
      `select from information_schema.role_table_grants where grantee = 'small_support'`,
    );
    expect(rowCount).toBe(0);
  });

  test('belongs to others from then on: what they grant it is left alone', async () => {
    const database = await copy();
    await settles(database, small(parts));
    await owner(database, 'grant select on public.countries to small_support');
    expect(await changesOf(database, small(parts))).toEqual([]);
  });

  test('is known by its policies when nobody wrote its name down', async () => {
    const database = await copy();
    await administrator(database, `update guard.state set detail = detail - 'roles'`);
    await settles(database, small(parts));
    expect(await sees(database, 'small_support', 'public.countries')).toBe('');
  });
});

describe('an excluded table', () => {
  const shed =
    'create table public.shed (id int, label text); insert into public.shed values (1); grant select on public.shed to small_app';
  const withShed = small({
    excluded: `${PARTS.excluded}\n  public.shed: { reason: tools, owner: platform, until: 2027-06-30, grants: { small_app: [select] } }`,
  });
  const reads = (database: Small, role: string) =>
    withClient(database.superuser, async (client) => {
      await client.query(`set session authorization ${role}`);
      return stateOf(client, 'select * from public.shed').then(
        async (state) => state ?? (await client.query('select from public.shed')).rowCount,
      );
    });

  test('that was sealed is unsealed: the exclusion was the missing decision', async () => {
    const database = await copy();
    await owner(database, shed);
    await settles(database, small());
    expect(await reads(database, 'small_app')).toBe('42501');
    expect(await reads(database, OWNER)).toBe('TZ010');
    await settles(database, withShed);
    expect(await reads(database, 'small_app')).toBe(1);
    expect(await reads(database, OWNER)).toBe(1);
  });

  test('that was registered stays protected, and the plan says whose act it would be to lift that', async () => {
    const database = await copy();
    const registry = small({
      tables: PARTS.tables.replace('  public.teams: { organization: organization_id }\n', ''),
      excluded: `${PARTS.excluded}\n  public.teams: { reason: a mistake, owner: platform, until: 2027-06-30, grants: { small_app: [select] } }`,
    });
    const { remaining } = await applySmall(database, registry);
    expect(remaining).toEqual([
      expect.objectContaining({
        unit: 'public.teams',
        sql: [],
        note: expect.stringContaining(`run as ${OWNER}: DROP POLICY`),
      }),
    ]);
    expect(await sees(database, 'small_app', 'public.teams')).toBe('1');
    await owner(database, remaining[0]?.note?.replace(/^.*run as \w+: /, '') ?? '');
    await settles(database, registry);
    expect(await sees(database, 'small_app', 'public.teams')).toBe('1 2 3');
  });
});

describe('a table', () => {
  test('that went from registry and catalog leaves nothing to do', async () => {
    const database = await copy();
    await owner(database, 'drop table public.notes');
    await settles(database, small({ tables: PARTS.tables.replace(/\n {2}public.notes.*/, '') }));
  });

  test('that went from the catalog alone is a mistake in the registry, and nothing is changed', async () => {
    const database = await copy();
    await owner(database, 'drop table public.notes; grant insert on public.teams to small_staff');
    await expect(applySmall(database, small())).rejects.toThrow(/there is no table public.notes/);
    expect(
      (await changesOf(database, small({ tables: PARTS.tables.replace(/\n {2}public.notes.*/, '') }))).length,
    ).toBe(1);
  });

  test('that was renamed keeps its protection under the new name', async () => {
    const database = await copy();
    await owner(database, 'alter table public.people rename to persons');
    await settles(
      database,
      small({ tables: PARTS.tables.replace('public.people', 'public.persons'), views: '' }),
    );
    await owner(database, 'alter table public.persons rename to people');
    expect(await sees(database, 'small_app', 'public.people')).toBe('1');
  });

  test('that was dropped and made again is protected anew, whoever owns it now', async () => {
    const database = await copy();
    await administrator(
      database,
      `drop table public.notes;
       create table public.notes (id int primary key, organization_id int, person_id int references public.people, team_id int, label text);
       alter table public.notes owner to registry_applier; grant select on public.notes to public`,
    );
    await settles(database, small());
    const { rows } = await administrator(
      database,
      `select relforcerowsecurity as forced, has_table_privilege('small_nobody', oid, 'SELECT') as leaks from pg_class where relname = 'notes'`,
    );
    expect(rows).toEqual([{ forced: true, leaks: false }]);
  });

  test('whose owner changed is said to have another owner', async () => {
    const database = await copy();
    await administrator(database, 'alter table public.notes owner to registry_applier');
    expect((await applySmall(database, small())).remaining).toContainEqual(
      expect.objectContaining({ unit: 'public.notes', kind: 'owner', after: OWNER }),
    );
  });

  test('that becomes a partition of a registered one passes its row trigger on', async () => {
    const database = await copy();
    await owner(
      database,
      `create table public.visits_old (id int, organization_id int not null, label text);
       grant select on public.visits_old to small_app`,
    );
    const tables = `${PARTS.tables}\n  public.visits_old: { organization: organization_id }`;
    await settles(database, small({ tables }));
    await owner(
      database,
      `create table public.visits (like public.visits_old) partition by list (organization_id);
       alter table public.visits attach partition public.visits_old for values in (1)`,
    );
    await settles(database, small({ tables: tables.replace('visits_old', 'visits') }));
    const { rows } = await administrator(
      database,
      `select tgname from pg_trigger where tgrelid = 'public.visits_old'::regclass and tgname like 'zz%' and tgparentid <> 0 and tgenabled = 'A'`,
    );
    expect(rows).toHaveLength(1);
  });
});

describe('organizations', () => {
  test('in another table: the old list stays, the old table is closed', async () => {
    const database = await copy();
    await owner(
      database,
      `create table public.tenants (id int primary key, label text, is_sensitive boolean not null default false);
       insert into public.tenants values (1, 'one', false), (2, 'two', false), (3, 'three', true)`,
    );
    await settles(
      database,
      small({ organizations: PARTS.organizations.replace('public.organizations', 'public.tenants') }),
      'sensitive flags that were cleared',
    );

    expect(await listed(database)).toEqual([2, 3]);
    expect(await sees(database, 'small_app', 'public.organizations')).toBe('');
    expect(await sees(database, 'small_support', 'public.teams')).toBe('1');
  });

  test('whose list becomes managed, and a column again: nobody is lost', async () => {
    const database = await copy();
    const managed = small({
      organizations: PARTS.organizations.replace('sensitive: is_sensitive', 'sensitive: managed'),
    });
    await settles(database, managed);
    expect(await listed(database)).toEqual([2]);
    await administrator(database, `update public.organizations set is_sensitive = true where id = 1`);
    await settles(database, small());
    expect(await listed(database)).toEqual([1, 2]);
    expect(await sees(database, 'small_support', 'public.teams')).toBe('3');
  });

  test('whose own tenant is another one: both stay hidden', async () => {
    const database = await copy();
    const own = (id: string) =>
      small({ organizations: PARTS.organizations.replace('gate:', `own: { id: "${id}" }, gate:`) });
    await settles(database, own('1'));
    // One is on the list without a flag: that is the gate's to decide, and said until it does.
    await settles(database, own('3'), 'sensitive flags that were cleared');
    expect(await listed(database)).toEqual([1, 2, 3]);
  });

  test('with keys of another type: refused, closed in between, and complete after what the error says', async () => {
    const database = await copy();
    await administrator(
      database,
      `create schema other; create table other.organizations (id uuid primary key, label text, is_sensitive boolean not null);
       alter table other.organizations owner to ${OWNER}; alter schema other owner to ${OWNER}`,
    );
    const registry = small({
      organizations: PARTS.organizations
        .replace('public.organizations', 'other.organizations')
        .replace('update', 'insert'),
      assignments: '',
      roles: PARTS.roles.replace(/\n {2}small_staff.*/, ''),
      tables: '{}',
      views: '',
    });
    await expect(applySmall(database, registry)).rejects.toMatchObject({ code: 'key-type-changed' });
    await administrator(database, 'drop schema guard cascade');
    expect(await sees(database, 'small_support', 'public.teams')).toBe('');
    await settles(database, registry);
  });
});

describe('other parts of the registry', () => {
  test('another migration login: only the new one gets past the owner policy', async () => {
    const database = await copy();
    const may = (login: string) =>
      withClient(database.superuser, async (client) => {
        await client.query(`set session authorization ${login}`);
        return stateOf(client, 'select * from public.teams');
      });
    await settles(database, small({ migrations: `{ login: ${OWNER} }` }));
    expect(await may(OWNER)).toBeUndefined();
    await settles(database, small({ migrations: '{ login: small_extra }' }));
    expect(await may(OWNER)).toBe('TZ010');
    await settles(database, small());
    expect(await may(OWNER)).toBe('TZ010');
  });

  test('another gate: only the new one changes the flag', async () => {
    const database = await copy();
    const flag = (login: string) =>
      withClient(database.superuser, async (client) => {
        await client.query(`set session authorization ${login}`);
        await client.query(`select set_config('tenant_zero.sensitive_change', '3', false)`);
        return stateOf(client, 'select guard.set_sensitive(3, true)');
      });
    await settles(
      database,
      small({ organizations: PARTS.organizations.replace('gate: small_extra', 'gate: small_staff') }),
    );
    expect(await flag('small_extra')).toBe('42501');
    expect(await flag('small_staff')).toBeUndefined();
  });

  test('search that is no longer wanted goes, and with it what the guard could read', async () => {
    const database = await copy();
    const line = 'public.people: { organization: organization_id';
    await settles(
      database,
      small({ tables: PARTS.tables.replace(line, `${line}, search: [{ column: label, operator: ilike }]`) }),
    );
    await settles(database, small());
    const { rows } = await administrator(
      database,
      `select to_regprocedure('guard.search_people_label(text)') as search, has_table_privilege('guard_owner', 'public.people', 'SELECT') as reads`,
    );
    expect(rows).toEqual([{ search: null, reads: false }]);
  });

  test('no assignments any more: their functions go, and nothing is left to do', async () => {
    const database = await copy();
    await settles(
      database,
      small({
        assignments: '',
        roles: PARTS.roles.replace(/\n {2}small_staff.*/, ''),
        tables: PARTS.tables.replace(', small_staff: [select]', ''),
      }),
    );
    expect(await sees(database, 'small_staff', 'public.teams')).toBe('');
  });

  test('an applier that is no longer one loses the keys, and somebody is told to take its membership', async () => {
    const database = await copy();
    const report = await applySmall(database, small({ appliers: '[small_extra]' }));
    expect(report.remaining).toEqual([]);
    const { rows } = await administrator(
      database,
      `select has_function_privilege('small_extra', 'vault.set_signing_key(text, bytea)', 'EXECUTE') as now, has_schema_privilege('registry_applier', 'vault', 'USAGE') as before`,
    );
    expect(rows).toEqual([{ now: true, before: false }]);
  });
});

test('a rollback to an older registry leaves a table that it does not know closed', async () => {
  const database = await copy();
  await owner(
    database,
    'create table public.visits (id int, organization_id int not null); insert into public.visits values (1, 1)',
  );
  await settles(
    database,
    small({ tables: `${PARTS.tables}\n  public.visits: { organization: organization_id }` }),
  );
  await settles(database, small());
  const { rows } = await administrator(
    database,
    `select relforcerowsecurity as forced, (select count(*)::int from pg_policy where polrelid = c.oid) as policies,
            has_table_privilege('small_app', oid, 'SELECT') as reads from pg_class c where relname = 'visits'`,
  );
  expect(rows).toEqual([{ forced: true, policies: 2, reads: false }]);
});

test('only some tables: the others are not touched, and what rests on them is not opened', async () => {
  const database = await createSmall({ template: applied.name });
  await administrator(database, 'drop schema guard cascade');
  const registry = small();
  const report = await withClient(database.applier, (client) =>
    apply(client, registry, { only: ['public.notes'] }),
  );
  const units = new Set(report.applied.map(({ unit }) => unit));
  expect([...units].sort()).toEqual([
    'guard',
    'public.notes',
    'public.organizations',
    'public.people',
    'side.staffing',
  ]);
  await settles(database, registry);
});

test('only some tables: nobody is let into a schema where the others would still show it something', async () => {
  const database = await createSmall();
  const registry = small({
    tables: PARTS.tables.replace('grants: { small_app: []', 'grants: { small_app: [select]'),
  });
  const enters = async () =>
    (await administrator(database, `select has_schema_privilege('small_app', 'side', 'USAGE') as may`))
      .rows[0].may;
  const report = await withClient(database.applier, (client) =>
    apply(client, registry, { only: ['side.staffing'] }),
  );
  // It was granted side.rota before anybody thought of it, and that table is not sealed yet.
  expect(report.remaining.map(({ name }) => name)).toContain('USAGE on schema side to small_app');
  expect(await enters()).toBe(false);
  await settles(database, registry);
  expect(await enters()).toBe(true);
});
