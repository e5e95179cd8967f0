/** A login that lacks something is told everything that it lacks, at once, and nothing is changed. */
import { randomBytes } from 'node:crypto';
import { apply } from '../../../sql/applier/apply';
import type { Registry } from '../../../sql/registry';
import { urlFor, withClient } from '../../support/database';
import { OwnServer } from './own-server';
import { createSmall, makeRoles, OWNER, PARTS, type Small, small } from './world';

jest.setTimeout(60_000);

let empty: Small;
let server: OwnServer;
const shared = process.env.TZ_TEST_CLUSTER;
// Who is a member of guard_owner, and which roles there are, is the same in all databases: this would be in others' way.
beforeAll(async () => {
  server = await OwnServer.start();
  process.env.TZ_TEST_CLUSTER = server.url;
  await makeRoles();
  empty = await createSmall();
  await administrator(empty, 'create role guard_owner');
});
afterAll(async () => {
  process.env.TZ_TEST_CLUSTER = shared;
  await server.throwAway();
});

const administrator = (database: Small, sql: string) =>
  withClient(database.superuser, (client) => client.query(sql));

interface Ground {
  readonly database: Small;
  /** A login with everything it needs, until a case takes something away. */
  readonly login: string;
  readonly url: string;
}

async function ground(): Promise<Ground> {
  const database = await createSmall({ template: empty.name });
  const login = `applier_${randomBytes(4).toString('hex')}`;
  await administrator(
    database,
    `create role ${login} login noinherit createrole password '${login}';
     grant create on database ${database.name} to ${login};
     grant ${OWNER} to ${login} with inherit false, set true;
     grant guard_owner to ${login} with inherit false, set true;
     grant small_app, small_support, small_staff, small_extra to ${login} with admin true, inherit false, set false`,
  );
  return { database, login, url: urlFor(database.name, { user: login, password: login }) };
}

/** Everything that an apply could change. */
const fingerprint = (database: Small) =>
  administrator(
    database,
    `select (select count(*) from pg_policy) as policies, (select count(*) from pg_namespace) as schemas, (select count(*) from pg_proc) as functions,
            (select string_agg(relacl::text, ' ' order by oid) from pg_class) as grants, (select string_agg(rolname, ' ' order by rolname) from pg_roles where rolname like 'fresh%') as roles`,
  ).then(({ rows }) => rows[0]);

const refused = async ({ database, url }: Ground, registry: Registry): Promise<string> => {
  const before = await fingerprint(database);
  const error = await withClient(url, (client) => apply(client, registry)).catch((each: unknown) => each);
  expect(error).toMatchObject({ code: 'missing-privilege' });
  expect(await fingerprint(database)).toEqual(before);
  return (error as { next: string }).next;
};

/** Runs the statements of `next`, as an administrator would. */
const obey = ({ database }: Ground, next: string) =>
  administrator(database, next.replace(/^as an administrator: /, ''));

const completes = async ({ url }: Ground, registry: Registry) => {
  const report = await withClient(url, (client) => apply(client, registry));
  expect(report.remaining.map(({ name, note }) => `${name} ${note}`)).toEqual([]);
};

const withRole = (role: string) =>
  small({ roles: `${PARTS.roles}\n  ${role}: { sees: nothing }`, appliers: '[registry_applier]' });
const fresh = () => `fresh_${randomBytes(4).toString('hex')}`;

/** The login is a member of guard_owner, and that is for the registry to know. */
const known = ({ login }: Ground, registry: Registry): Registry => ({
  ...registry,
  appliers: [login, 'registry_applier'],
});

type Case = [
  what: string,
  take: (ground: Ground) => string,
  missing: (ground: Ground) => string[],
  registry?: () => Registry,
];

const CASES: Case[] = [
  [
    'no CREATEROLE',
    ({ login }) => `alter role ${login} nocreaterole`,
    ({ login }) => [`ALTER ROLE ${login} CREATEROLE`],
    () => withRole(fresh()),
  ],
  [
    'no CREATE on the database',
    ({ database, login }) => `revoke create on database ${database.name} from ${login}`,
    ({ database, login }) => [`GRANT CREATE ON DATABASE ${database.name} TO ${login}`],
  ],
  [
    'no member of the owner',
    ({ login }) => `revoke ${OWNER} from ${login}`,
    ({ login }) => [`GRANT ${OWNER} TO ${login}`],
  ],
  [
    'guard_owner is there, and not to be had',
    ({ login }) => `revoke guard_owner from ${login}`,
    ({ login }) => [`GRANT guard_owner TO ${login}`],
  ],
  [
    'no ADMIN on a role that must log in, or have a setting',
    ({ database, login }) =>
      `revoke small_extra from ${login}; alter role small_extra in database ${database.name} reset all`,
    ({ database }) => [`ALTER ROLE small_extra IN DATABASE ${database.name} SET statement_timeout = '7s'`],
    () =>
      small({
        roles: PARTS.roles.replace(
          'small_extra: { sees: nothing, login: true }',
          'small_extra: { sees: nothing, login: true, settings: { statement_timeout: 7s } }',
        ),
      }),
  ],
  [
    'CONNECT that it cannot pass on',
    ({ database }) =>
      `revoke connect on database ${database.name} from public; grant connect on database ${database.name} to registry_applier, ${OWNER}`,
    ({ database, login }) => [`GRANT CONNECT ON DATABASE ${database.name} TO ${login} WITH GRANT OPTION`],
  ],
  [
    'a schema of somebody else, without a grant option',
    () => `create role ${OTHER}; alter schema side owner to ${OTHER}; grant usage on schema side to ${OWNER}`,
    ({ login }) => [`GRANT USAGE ON SCHEMA side TO ${login} WITH GRANT OPTION`],
  ],
  [
    'a table of a superuser',
    () => 'alter table side.rota owner to postgres',
    () => [`ALTER TABLE side.rota OWNER TO ${OWNER}`],
  ],
  [
    'all of it',
    ({ database, login }) =>
      `alter role ${login} nocreaterole; revoke create on database ${database.name} from ${login}; revoke ${OWNER} from ${login}; revoke guard_owner from ${login}`,
    ({ database, login }) => [
      `ALTER ROLE ${login} CREATEROLE`,
      `GRANT CREATE ON DATABASE ${database.name} TO ${login}`,
      `GRANT guard_owner TO ${login}`,
      `GRANT ${OWNER} TO ${login}`,
    ],
    () => withRole(fresh()),
  ],
];
const OTHER = `other_${randomBytes(4).toString('hex')}`;

test.each(CASES)('%s', async (...[, take, missing, registry]: Case) => {
  const here = await ground();
  const wanted = known(here, (registry ?? small)());
  await administrator(here.database, take(here));
  if (take(here).includes('connect on'))
    await administrator(here.database, `grant connect on database ${here.database.name} to ${here.login}`);
  const next = await refused(here, wanted);
  for (const statement of missing(here)) expect(next.split(/: |; /)).toContain(statement);
  await obey(here, next);
  await completes(here, wanted);
  await administrator(here.database, `revoke guard_owner from ${here.login}`);
});

test('a login that has it all is told nothing', async () => {
  const here = await ground();
  await completes(here, known(here, small()));
  await administrator(here.database, `revoke guard_owner from ${here.login}`);
});
