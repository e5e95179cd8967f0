import { randomBytes } from 'node:crypto';
import { bootstrap } from '../../sql/db/bootstrap';
import { migrate } from '../../sql/db/migrate';
import { clusterUrl, createDatabase, serverVersion, urlFor, withClient } from '../support/database';
import { createPlatformDatabase, MIGRATIONS, type PlatformDatabase } from '../support/platform';

let database: PlatformDatabase;
beforeAll(async () => {
  database = await createPlatformDatabase();
});

const ask = async (url: string, sql: string, values: unknown[] = []) =>
  (await withClient(url, (client) => client.query(sql, values))).rows;

/** Roles are the cluster's, and other tests work in it at the same time. */
const OURS = `member::regrole::text in ('migrator', 'registry_applier')`;

test('a second bootstrap changes nothing', async () => {
  const state = `select datacl::text, (select string_agg(m::text, ' ' order by m::text) from pg_auth_members m
      where roleid::regrole::text in ('platform_owner', 'app_backend') and ${OURS}) members,
    (select string_agg(d::text, ' ') from pg_default_acl d) defaults from pg_database where datname = current_database()`;
  const before = await ask(database.superuser, state);
  await withClient(database.superuser, (client) => bootstrap(client, { database: database.name }));
  expect(await ask(database.superuser, state)).toEqual(before);
});

test('bootstraps in several databases of one cluster can run at the same moment', async () => {
  const names = await Promise.all(Array.from({ length: 6 }, () => createDatabase()));
  const passwords = { migrator: 'test-migrator', registry_applier: 'test-applier', app_backend: 'test-app' };
  await Promise.all(
    names.map((name) =>
      withClient(urlFor(name), (client) => bootstrap(client, { database: name, passwords })),
    ),
  );
});

test('the owner cannot log in, and the logins inherit nothing from it', async () => {
  const roles = await ask(
    database.superuser,
    `select rolname, rolcanlogin, rolinherit, rolsuper, rolcreaterole, rolbypassrls, rolreplication from pg_roles
     where rolname in ('platform_owner', 'migrator', 'registry_applier') order by 1`,
  );
  const plain = { rolinherit: false, rolsuper: false, rolbypassrls: false, rolreplication: false };
  expect(roles).toEqual([
    { rolname: 'migrator', rolcanlogin: true, rolcreaterole: false, ...plain },
    { rolname: 'platform_owner', rolcanlogin: false, rolcreaterole: false, ...plain },
    { rolname: 'registry_applier', rolcanlogin: true, rolcreaterole: true, ...plain },
  ]);
  if (serverVersion() < 160000) return;
  const members = await ask(
    database.superuser,
    `select member::regrole::text, set_option, inherit_option, admin_option from pg_auth_members
     where roleid = 'platform_owner'::regrole and ${OURS} order by 1`,
  );
  const only = { set_option: true, inherit_option: false, admin_option: false };
  expect(members).toEqual([
    { member: 'migrator', ...only },
    { member: 'registry_applier', ...only },
  ]);
});

test('PUBLIC may not connect, use the schema, make temporary tables or call new functions', async () => {
  const stranger = `stranger_${randomBytes(4).toString('hex')}`;
  await ask(database.superuser, `create role ${stranger} login password 'x'`);
  await expect(ask(database.as(stranger, 'x'), 'select 1')).rejects.toMatchObject({ code: '42501' });

  const rights = `select has_schema_privilege($1, 'public', 'usage') usage, has_schema_privilege($1, 'public', 'create') "create",
    has_database_privilege($1, current_database(), 'temp') temp,
    has_function_privilege($1, 'access.create_organization(text, text, uuid, uuid)', 'execute') "execute"`;
  expect(await ask(database.superuser, rights, [stranger])).toEqual([
    { usage: false, create: false, temp: false, execute: false },
  ]);
  await withClient(database.migrator, async (client) => {
    await client.query('set role platform_owner');
    await client.query('create function public.later() returns int return 1');
  });
  const later = `select has_function_privilege($1, 'public.later()', 'execute') may`;
  expect(await ask(database.superuser, later, [stranger])).toEqual([{ may: false }]);
  expect(await ask(database.superuser, later, ['platform_owner'])).toEqual([{ may: true }]);
});

test('the applying login passes CONNECT on, and can alter a role that bootstrap made for the registry', async () => {
  const role = `sees_something_${randomBytes(4).toString('hex')}`;
  await withClient(database.applier, async (client) => {
    await client.query(`create role ${role} login`);
    await client.query(`grant connect on database ${database.name} to ${role}`);
    await client.query(`alter role app_backend in database ${database.name} set statement_timeout = '60s'`);
    // Before PostgreSQL 16 CREATEROLE is enough for that.
    if (serverVersion() < 160000) return;
    await expect(client.query('alter role migrator password null')).rejects.toMatchObject({ code: '42501' });
  });
  const right = await ask(
    database.superuser,
    `select has_database_privilege($1, current_database(), 'connect') may`,
    [role],
  );
  expect(right).toEqual([{ may: true }]);
});

test('passwords reach the server as verifiers only', async () => {
  const sent: string[] = [];
  await withClient(database.superuser, async (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    Object.assign(client, {
      query: (...args: unknown[]) => {
        sent.push(String(args[0]));
        return query(...args);
      },
    });
    await bootstrap(client, { database: database.name, passwords: { migrator: 'test-migrator' } });
  });
  expect(sent.filter((sql) => sql.includes('SCRAM-SHA-256$4096:'))).toHaveLength(1);
  expect(sent.filter((sql) => sql.includes('test-migrator'))).toEqual([]);
  expect(await ask(database.migrator, 'select 1 as one')).toEqual([{ one: 1 }]);
});

/** Roles are the cluster's, so this needs a cluster in which the master made them: it gets ADMIN on them here, as its creator would have. */
test('an owner of the database with CREATEROLE is enough: the master user of RDS', async () => {
  // Before PostgreSQL 16 CREATEROLE administers these roles by itself.
  const modern = serverVersion() >= 160000;
  const master = `master_${randomBytes(4).toString('hex')}`;
  await ask(`${clusterUrl()}/postgres`, `create role ${master} login createrole createdb password 'x'`);
  const name = await createDatabase({ owner: master });
  await ask(
    urlFor(name),
    modern
      ? `grant platform_owner, migrator, registry_applier, app_backend to ${master} with admin true, set false, inherit false`
      : 'select',
  );
  await withClient(urlFor(name, { user: master, password: 'x' }), (client) =>
    bootstrap(client, { database: name }),
  );
  const url = urlFor(name, { user: 'migrator', password: 'test-migrator' });
  expect((await migrate({ url, dir: MIGRATIONS })).length).toBeGreaterThan(20);
  // What it gave itself on the way is gone.
  const left = await ask(
    urlFor(name),
    modern
      ? `select bool_or(set_option or inherit_option) may from pg_auth_members where member = $1::text::regrole`
      : `select count(*) > 0 may from pg_auth_members where member = $1::text::regrole`,
    [master],
  );
  expect(left).toEqual([{ may: false }]);
  if (modern)
    await ask(urlFor(name), `revoke platform_owner, migrator, registry_applier, app_backend from ${master}`);
});
