/** The function that prepares a database: as a master who is no superuser, again and again, without a word of a secret. */
import { createFunction } from '../../../../lambda/database-bootstrap/function';
import { loadRegistry } from '../../../../sql/registry';
import { verify } from '../../../../sql/verifier/verify';
import { urlFor, withClient } from '../../../support/database';
import { REGISTRY } from '../../../support/platform';
import { CONTEXT, MASTER, NAMES, TOKENS, World } from './world';

jest.setTimeout(120_000);
const world = new World();
beforeAll(() => world.open());
afterAll(() => world.close());

const EVENT = { RequestType: 'Create', ResourceProperties: { ServiceToken: 'arn', Release: 'r1' } } as never;

const prepare = (database: string, change: Record<string, string | undefined> = {}) =>
  createFunction(world.dependencies(database, change)).onEvent(EVENT, CONTEXT);

const passwordOf = (secret: string) => JSON.parse(world.secrets.value(secret) ?? '{}').password as string;

const members = (role: string) =>
  withClient(urlFor('postgres'), async (client) => {
    const { rows } = await client.query<{ member: string }>(
      'select member::regrole::text as member from pg_auth_members where roleid = $1::regrole and member <> $2::regrole order by 1',
      [role, MASTER.username],
    );
    return rows.map(({ member }) => member);
  });

test('makes a database on which the registry can be applied, and every check passes', async () => {
  const database = await world.database();
  expect(await prepare(database)).toEqual({ PhysicalResourceId: 'database-bootstrap' });
  await world.applyRegistry(database);
  const applier = urlFor(database, { user: 'registry_applier', password: TOKENS.registry_applier ?? '' });
  const report = await withClient(applier, async (client) =>
    verify(client, await loadRegistry(REGISTRY), { probes: 'none' }),
  );
  expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  // The names of RDS say nothing on a server that is not of RDS.
  const marked = () =>
    withClient(applier, async (client) => {
      const { findings } = await verify(client, await loadRegistry(REGISTRY), { probes: 'none' });
      return findings.some(({ rule, key }) => rule === 'TZ100' && key === 'roles support_shell in rds_iam');
    });
  expect(await marked()).toBe(false);
  await withClient(urlFor('postgres'), (client) => client.query('alter role rdsadmin nosuperuser'));
  expect(await marked()).toBe(true);
  await withClient(urlFor('postgres'), (client) => client.query('alter role rdsadmin superuser'));
});

test('services log in by token, people by password, and only people may change it', async () => {
  await prepare(await world.database());
  expect(await members('rds_iam')).toEqual([
    'app_backend',
    'migrator',
    'registry_applier',
    'sensitive_gate',
    'staff_admin',
    'support_shell',
  ]);
  expect(await members('rds_password')).toEqual(['auditor', 'break_glass']);
});

test('a person who was let in by token is so no longer: the server would refuse the password', async () => {
  const grant = (as: string, sql: string) => withClient(as, (client) => client.query(sql));
  await grant(
    urlFor('postgres', { user: MASTER.username, password: MASTER.password }),
    'grant rds_iam to break_glass',
  );
  await prepare(await world.database());
  expect(await members('rds_iam')).not.toContain('break_glass');
  await grant(urlFor('postgres'), 'grant rds_iam to break_glass');
  await expect(prepare(await world.database())).rejects.toThrow("by somebody else's grant");
  await grant(urlFor('postgres'), 'revoke rds_iam from break_glass');
});

test('the logins of people have the passwords of their secrets', async () => {
  const database = await world.database();
  await prepare(database);
  await withClient(urlFor(database), (client) =>
    client.query(`grant connect on database ${database} to break_glass`),
  );
  const login = (password: string) => urlFor(database, { user: 'break_glass', password });
  const who = await withClient(login(passwordOf(NAMES.breakGlass)), (client) =>
    client.query('select current_user'),
  );
  expect(who.rows).toEqual([{ current_user: 'break_glass' }]);
  await expect(withClient(login('another'), async () => undefined)).rejects.toThrow(
    'password authentication failed',
  );
});

test('two deploys at the same moment, and one after another, end the same', async () => {
  const database = await world.database();
  const another = await world.database();
  // Many: the race for a role's row is lost by about one in ten.
  await Promise.all(Array.from({ length: 16 }, (_, index) => prepare(index % 4 ? database : another)));
  await prepare(database);
});

test('migrations take as long as they take', async () => {
  await prepare(await world.database());
  const { rows } = await withClient(urlFor('postgres'), (client) =>
    client.query(`select rolconfig from pg_roles where rolname = 'migrator'`),
  );
  expect(rows[0].rolconfig).toContain('statement_timeout=0');
});

test('a deletion touches nothing and needs no settings', async () => {
  const { onEvent } = createFunction({ ...world.dependencies('x'), environment: {} });
  const event = { RequestType: 'Delete', PhysicalResourceId: 'database-bootstrap' } as never;
  expect(await onEvent(event, CONTEXT)).toEqual({ PhysicalResourceId: 'database-bootstrap' });
});

describe('fails with one reason, and changes nothing', () => {
  const roles = () =>
    withClient(
      urlFor('postgres'),
      async (client) => (await client.query('select rolname, rolpassword from pg_authid order by 1')).rows,
    );

  test.each<[string, Record<string, string | undefined>, RegExp]>([
    ['when pgaudit is wanted and not loaded', { TZ_AUDIT: 'pgaudit' }, /pgaudit is not loaded/],
    [
      'when a secret is another login',
      { TZ_AUDITOR_SECRET: NAMES.breakGlass },
      /is no login of auditor: it names another user/,
    ],
    ['when a secret is not there', { TZ_AUDITOR_SECRET: 'gone' }, /there is no secret gone/],
    [
      'when variables are missing',
      { TZ_DATABASE_HOST: undefined, TZ_AUDIT: 'perhaps' },
      /TZ_DATABASE_HOST: (.|\n)*TZ_AUDIT: /,
    ],
  ])('%s', async (...[, change, reason]) => {
    const database = await world.database();
    await prepare(database);
    const before = await roles();
    await expect(prepare(database, change)).rejects.toThrow(reason);
    expect(await roles()).toEqual(before.map((role) => expect.objectContaining({ rolname: role.rolname })));
  });

  test('when the master has another password, which is in no log', async () => {
    const database = await world.database();
    world.secrets.add(
      NAMES.master,
      JSON.stringify({ ...MASTER, password: 'another-password-of-the-master' }),
    );
    try {
      await expect(prepare(database)).rejects.toThrow(/no connection to localhost:\d+\/\w+ as tz_master/);
    } finally {
      world.secrets.add(NAMES.master, JSON.stringify(MASTER));
    }
    const text = world.lines.join('\n');
    expect(text).toContain('database-refused');
    expect(text).not.toContain('another-password-of-the-master');
    expect(text).not.toContain(passwordOf(NAMES.breakGlass));
  });

  test('when a secret is no JSON, of which nothing is quoted', async () => {
    const database = await world.database();
    world.secrets.add('broken', 'hunter2hunter2');
    await expect(prepare(database, { TZ_BREAK_GLASS_SECRET: 'broken' })).rejects.toThrow('it is not JSON');
    expect(world.lines.join('\n')).not.toContain('hunter2');
  });
});
