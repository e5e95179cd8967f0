/** What no role of the registry may do, whichever it is: become another, leave the policies, read the server, make objects. */
import type { Client } from 'pg';
import { withClient } from '../../support/database';
import type { PlatformDatabase } from '../../support/platform';
import { ORGANIZATIONS } from '../../support/tenants';
import { logIn, logInToShell, logInWith, outcome } from './attack';
import { createFilledDatabase, DIRECT } from './fill';

const ROLES = [
  'app_backend',
  'staff_admin',
  'support_shell',
  'sensitive_gate',
  'break_glass',
  'auditor',
] as const;
type Role = (typeof ROLES)[number];

let database: PlatformDatabase;
const clients = new Map<Role, Client>();
beforeAll(async () => {
  database = await createFilledDatabase();
  const { acme } = ORGANIZATIONS;
  for (const role of ROLES)
    clients.set(
      role,
      role === 'app_backend'
        ? await logInWith(database, role, { kind: 'tenant', organization: acme })
        : role === 'staff_admin'
          ? await logInWith(database, role, { kind: 'staff', person: 'nobody' })
          : role === 'support_shell'
            ? await logInToShell(database)
            : await logIn(database, role),
    );
}, 30_000);
afterAll(() => Promise.all([...clients.values()].map((client) => client.end())));

const clinic = `'${ORGANIZATIONS.clinic}'`;

/** With the SQLSTATEs that refuse; 42501, missing privilege, where none is given. `own`: it may do that to itself. */
const FORBIDDEN: readonly (readonly [what: string, sql: string, states?: string])[] = [
  ...[
    ...ROLES,
    'platform_owner',
    'guard_owner',
    'migrator',
    'registry_applier',
    'postgres',
    'pg_read_all_data',
    'pg_monitor',
    'pg_signal_backend',
    'pg_database_owner',
  ].map((role) => [`SET ROLE ${role}`, `set role ${role}`] as const),
  ['SET SESSION AUTHORIZATION', 'set session authorization postgres'],
  ['grant itself another role', 'grant break_glass to current_user'],
  ['grant itself BYPASSRLS', 'alter role current_user bypassrls'],
  ['make itself a superuser', 'alter role current_user superuser'],
  ['create a role', 'create role attack_new'],
  ['alter another role', `alter role app_backend set search_path = 'x'; select`, '42501|own'],
  ['set another password', `alter role break_glass password 'x'`, '42501|own'],
  ['drop a role', 'drop role auditor', '42501|own'],
  ['switch triggers off', 'set session_replication_role = replica'],
  ['change the server', 'alter system set log_statement = none', '42501|25001'],
  ['allow system table changes', 'set allow_system_table_mods = on'],
  ['load a library', `load 'auto_explain'`, '42501|58P01'],
  ['create a table in public', 'create table public.attack (id int)'],
  ['create a table in guard', 'create table guard.attack (id int)'],
  ['create a table in access', 'create table access.attack (id int)', '42501'],
  ['create a temporary table', 'create temp table attack (id int)'],
  ['create a temporary view', 'create temp view attack as select 1'],
  [
    'create a temporary function',
    'create function pg_temp.attack() returns int language sql as $$ select 1 $$',
  ],
  [
    'create a temporary operator',
    'create operator pg_temp.= (leftarg = uuid, rightarg = uuid, function = uuid_ne)',
  ],
  ['select into', 'select 1 as id into public.attack'],
  ['create a schema', 'create schema attack'],
  ['create a function', 'create function public.attack() returns int language sql as $$ select 1 $$'],
  [
    'create an operator',
    'create operator extensions.= (leftarg = uuid, rightarg = uuid, function = uuid_ne)',
  ],
  ['create a cast', 'create cast (text as uuid) with inout', '42501'],
  ['create a domain', 'create domain public.attack as uuid'],
  ['create an aggregate', 'create aggregate public.attack (int) (sfunc = int4pl, stype = int)'],
  ['create a collation', `create collation public.attack (locale = 'C')`],
  ['create a view over a registered table', 'create view public.attack as select * from public.employees'],
  [
    'create a trigger on a registered table',
    'create trigger attack before insert on public.jobs for each row execute function guard.keep_organization()',
  ],
  [
    'create a trigger on the organizations',
    'create trigger attack after update on public.organizations for each row execute function guard.sync_sensitive()',
  ],
  ['create a rule', 'create rule attack as on select to public.jobs do instead select 1', '42501'],
  ['create a policy', 'create policy attack on public.jobs using (true)'],
  ['alter a policy', 'alter policy tenant_zero_permit_support_shell on public.jobs using (true)'],
  ['drop a policy', 'drop policy tenant_zero_restrict_support_shell on public.jobs'],
  ['switch row security off', 'alter table public.jobs disable row level security'],
  ['stop forcing row security', 'alter table public.jobs no force row level security'],
  ['disable a trigger', 'alter table public.organizations disable trigger zz_tenant_zero_flag'],
  ['drop a trigger', 'drop trigger zz_tenant_zero_flag on public.organizations'],
  ['detach a partition', 'alter table public.events detach partition public.events_other'],
  ['inherit from a registered table', 'create table public.attack () inherits (public.jobs)'],
  ['own a registered table', 'alter table public.jobs owner to current_user'],
  ['rename a registered table', 'alter table public.jobs rename to attack'],
  ['add a column', 'alter table public.jobs add column attack int'],
  ['create an index', 'create index on public.jobs (kind)'],
  ['create statistics', 'create statistics public.attack on kind, run_at from public.jobs'],
  ['comment on a registered table', `comment on table public.jobs is 'x'`],
  ['truncate', 'truncate public.jobs'],
  ['truncate in cascade', 'truncate public.plans cascade'],
  [
    'pass on what it has',
    `grant select on public.jobs to auditor; select from pg_class where oid = 'public.jobs'::regclass and has_table_privilege('auditor', oid, 'select')`,
    '42501|0',
  ],
  [
    'change what new tables are granted to',
    'alter default privileges for role platform_owner grant select on tables to public',
  ],
  ['read a partition by itself', 'select from public.events_2026_11'],
  [
    'write a partition by itself',
    `insert into public.events_other (organization_id, kind) values (${clinic}, 'x')`,
  ],
  ['lock a partition', 'lock table public.events_other'],
  ['copy into a registered table', 'copy public.jobs from stdin', '0A000|42501|25006|08P01'],
  ['copy to a file', `copy (select 1) to '/tmp/attack'`],
  ['copy from a file', `copy public.jobs from '/etc/passwd'`],
  ['copy to a program', `copy (select 1) to program 'id'`],
  ['read a file', `select pg_read_file('postgresql.conf')`],
  ['read a binary file', `select pg_read_binary_file('PG_VERSION')`],
  ['list a directory', `select pg_ls_dir('.')`],
  ['list the log', 'select pg_ls_logdir()'],
  ['look at a file', `select pg_stat_file('PG_VERSION')`],
  ['import a large object', `select lo_import('/etc/passwd')`],
  ['export a large object', `select lo_export(1, '/tmp/attack')`],
  ['read large objects', 'select from pg_largeobject'],
  ['read statistics', 'select from pg_statistic'],
  ['read extended statistics', 'select from pg_statistic_ext_data'],
  ['read passwords', 'select from pg_authid'],
  ['read user mappings', 'select umoptions from pg_user_mapping'],
  ['read the server log file functions', 'select pg_rotate_logfile()', '42501|42883'],
  ['reload the server', 'select pg_reload_conf()'],
  [
    'end the migration login',
    `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres' limit 1`,
    '42501|0',
  ],
  [
    'look into the WAL',
    `select pg_create_logical_replication_slot('attack', 'test_decoding')`,
    '42501|55000',
  ],
  ['create a physical slot', `select pg_create_physical_replication_slot('attack')`],
  ['create a publication', 'create publication attack for table public.jobs'],
  ['create a subscription', `create subscription attack connection 'x' publication y with (connect = false)`],
  ['create dblink', 'create extension dblink schema pg_catalog'],
  ['create postgres_fdw', 'create extension postgres_fdw schema pg_catalog'],
  ['create file_fdw', 'create extension file_fdw schema pg_catalog'],
  ['create pageinspect', 'create extension pageinspect schema pg_catalog'],
  ['create a trusted extension', 'create extension hstore schema pg_catalog'],
  ['create a foreign data wrapper', 'create foreign data wrapper attack'],
  ['create a language', 'create language plpython3u', '42501|0A000|58P01|42704'],
  [
    'create an event trigger',
    'create event trigger attack on ddl_command_end execute function guard.keep_organization()',
    '42501|42P17',
  ],
  ['create a database', 'create database attack', '42501|25001'],
  ['vacuum', 'vacuum public.jobs', '25001|42501'],
  ['read the signing keys', 'select from vault.signing_keys'],
  ['set a signing key', `select vault.set_signing_key('attack', sha256('x') || sha256('y'))`],
  ['read the list of hidden organizations', 'select from guard.sensitive_organizations'],
  ['write the list that policies read', `update guard.hidden set organizations = '{}', members = 0`],
  [
    'grant itself access',
    `insert into guard.grants (person, organization, kind, ends_at) values ('nobody', ${clinic}, 'shell', now() + interval '1 h')`,
  ],
  ['lengthen a grant', `update guard.grants set ends_at = now() + interval '1 year'`],
  ['read grants', 'select from guard.grants'],
  ['read what was applied', 'select from guard.state'],
  ['pretend to probe', 'insert into guard.probes values (pg_current_xact_id())'],
  ['begin to probe', 'select guard.probe_begin()'],
  ['hide by a probe', `select guard.probe_hide(${clinic})`],
  ['ask whether somebody probes', 'select guard.is_probing()'],
  ['ask as the owner', 'select guard.owner_may()'],
  ['verify a token', `select guard.verified_token('tenant')`],
  ['ask whose session it is', 'select guard.session_person()'],
  ['read tickets', 'select from vault.tickets'],
  ['open a session', `update vault.sessions set ended_at = null`],
  ['pass for damaged', 'select guard.damaged()'],
  ['call a trigger function', 'select guard.rebuild_hidden()', '42501|0A000'],
  ['call the flag guard', 'select guard.flag_guard()', '42501|0A000'],
  ['call the sync trigger', 'select guard.sync_sensitive()', '42501|0A000'],
  [
    'replace a helper',
    'create or replace function guard.hidden_organizations() returns uuid[] language sql as $$ select null::uuid[] $$',
  ],
  ['drop a helper', 'drop function guard.owner_may()'],
  ['alter a helper', 'alter function guard.current_organization() volatile'],
  ['take over the guard', 'alter schema guard owner to current_user'],
  ['change the registry of migrations', 'delete from migrations.pgmigrations'],
  ['change the price list', `update public.plans set seats = 1000`],
  ['change staff', `update access.staff set can_see_sensitive = true`],
  [
    'assign itself',
    `insert into access.staff_assignments (organization_id, staff_id) values (${clinic}, gen_random_uuid())`,
  ],
];

/** break_glass sees everything by its policy; the gate may call what changes the flag. */
const ALLOWED: Partial<Record<Role, readonly string[]>> = {
  break_glass: ['assign itself'],
};

describe.each(ROLES)('%s may not', (role) => {
  const forbidden = FORBIDDEN.filter(
    ([what, sql]) => sql !== `set role ${role}` && !ALLOWED[role]?.includes(what),
  ).map(([what, sql, states = '42501']) => ({ what, sql, states: states.split('|') }));
  test.each(forbidden)('$what', async ({ sql, states }) => {
    // What a login may do to itself.
    if (states.includes('own') && sql.includes(role)) return;
    const client = clients.get(role) as Client;
    await client.query('begin read write');
    try {
      expect(states).toContain(String(await outcome(client, sql)));
    } finally {
      await client.query('rollback');
    }
  });
});

test.each(ROLES)('%s is still connected, and does what it is for', async (role) => {
  const client = clients.get(role) as Client;
  const own: Record<Role, string> = {
    app_backend: 'select from public.employees',
    staff_admin: 'select from public.plans',
    support_shell: 'select from public.employees',
    sensitive_gate: 'select count(*) from access.staff',
    break_glass: 'select from public.employees',
    auditor: 'select 1',
  };
  expect((await client.query(own[role])).rowCount).toBeGreaterThan(0);
});

describe.each(['sensitive_gate', 'auditor'] as const)('%s reads no row of', (role) => {
  test.each([
    ...DIRECT.map(([table]) => table),
    'public.users',
    'public.legacy_notes',
    'public.partnerships',
  ])('%s', async (table) => {
    expect(await stateOf(clients.get(role) as Client, `select from ${table}`)).toBe('42501');
    expect(await stateOf(clients.get('break_glass') as Client, `select from ${table}`)).toBeUndefined();
  });
});

async function stateOf(client: Client, sql: string): Promise<string | undefined> {
  return client.query(sql).then(
    () => undefined,
    (error: { code?: string }) => error.code,
  );
}

describe('a login with no grants', () => {
  const login = `attack_stranger`;
  let stranger: Client;
  beforeAll(async () => {
    await withClient(database.superuser, (client) =>
      client.query(
        `do $$ begin create role ${login} login password '${login}'; exception when duplicate_object or unique_violation then null; end $$`,
      ),
    );
    stranger = await (async () => {
      const superuser = new (await import('pg')).Client({ connectionString: database.superuser });
      await superuser.connect();
      await superuser.query(`set session authorization ${login}`);
      return superuser;
    })();
  });
  afterAll(() => stranger?.end());

  test('does not enter the database', async () => {
    await expect(
      logIn({ ...database, as: () => database.as(login, login) }, 'app_backend'),
    ).rejects.toMatchObject({
      code: '42501',
    });
    const app = await logIn(database, 'app_backend');
    await app.end();
  });

  test.each([
    'select from public.organizations',
    'select from public.plans',
    'select from guard.hidden',
    'select guard.hidden_organizations()',
    'select guard.current_organization()',
    `select access.create_organization('x', 'x', gen_random_uuid())`,
    'create temp table x (id int)',
    'set role app_backend',
  ])('once inside cannot: %s', async (sql) => {
    expect(await stateOf(stranger, sql)).toBe('42501');
  });
});

describe('the migration login, as itself or as the owner, may not', () => {
  test.each([
    'set role guard_owner',
    'set role registry_applier',
    'set role support_shell',
    'grant guard_owner to migrator',
    'select from vault.signing_keys',
    'select from guard.grants',
    `insert into guard.probes values (pg_current_xact_id())`,
    `select guard.is_hidden(${clinic})`,
    `select vault.set_signing_key('attack', sha256('x'))`,
    'create table guard.attack (id int)',
    'create or replace function guard.owner_may() returns boolean language sql as $$ select true $$',
    'drop function guard.flag_guard() cascade',
    'set session_replication_role = replica',
    'create role attack_new',
    `create event trigger attack on ddl_command_end execute function guard.keep_organization()`,
    'create publication attack for all tables',
  ])('%s', async (sql) => {
    await withClient(database.migrator, async (client) => {
      for (const role of ['none', 'platform_owner']) {
        await client.query(`begin; set local role ${role}`);
        expect(['42501', '42P17', '42809', '0A000']).toContain(await outcome(client, sql));
        await client.query('rollback');
      }
    });
  });
});

describe('the owner of the tables, from a login that is not the migration login', () => {
  test.each([
    ['read', 'select from public.employees', 'TZ010'],
    ['count', 'select count(*) from public.users', 'TZ010'],
    ['update', 'update public.jobs set kind = kind', 'TZ010'],
    ['insert', `insert into public.jobs (organization_id, kind) values (${clinic}, 'x')`, 'TZ010'],
    ['delete', 'delete from public.partnerships', 'TZ010'],
    ['merge', `merge into public.jobs j using (values (1)) v on true when matched then delete`, 'TZ010'],
    ['copy', 'copy public.employees to stdout', 'TZ010'],
    ['read a partition', 'select from public.events_other', 'TZ010'],
    ['truncate', 'truncate public.jobs', 'TZ011'],
    ['truncate a partition', 'truncate public.events_other', 'TZ011'],
    ['truncate in cascade from the plans', 'truncate public.plans cascade', 'TZ011|TZ013'],
    [
      'read through a view of its own',
      'create view public.attack as select * from public.employees; select from public.attack',
      'TZ010',
    ],
    [
      'read through a function of its own',
      'create function public.attack() returns bigint language sql security definer as $$ select count(*) from public.employees $$; select public.attack()',
      'TZ010',
    ],
    ['copy into a table of its own', 'create table public.attack as select * from public.employees', 'TZ010'],
    [
      'refresh a materialised view',
      'create materialized view public.attack as select * from public.employees',
      'TZ010',
    ],
    [
      'unhide by the sync trigger on a table of its own',
      `create table public.attack (id uuid, is_sensitive boolean, is_own boolean default false); create trigger attack after insert or update on public.attack for each row execute function guard.sync_sensitive(); insert into public.attack values (${clinic}, true); update public.attack set is_sensitive = false`,
      'TZ013',
    ],
  ])('does not %s', async (_, sql, states) => {
    await withClient(database.superuser, async (client) => {
      await client.query('begin; set local role platform_owner');
      expect(states.split('|')).toContain(String(await outcome(client, sql)));
      await client.query('rollback');
    });
  });

  test('works as the migration login', async () => {
    await withClient(database.migrator, async (client) => {
      await client.query('set role platform_owner');
      expect((await client.query('select from public.employees')).rowCount).toBe(4);
    });
  });
});
