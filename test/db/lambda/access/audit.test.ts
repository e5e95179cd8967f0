/** People are recorded, and the registry does not take that for a fault. */
import type { Client } from 'pg';
import { createFunction } from '../../../../lambda/database-bootstrap/function';
import { manageLogins } from '../../../../sql/db/managed-logins';
import { loadRegistry } from '../../../../sql/registry';
import { verify } from '../../../../sql/verifier/verify';
import { urlFor, withClient } from '../../../support/database';
import { REGISTRY } from '../../../support/platform';
import { CONTEXT, MASTER, TOKENS, World } from './world';

jest.setTimeout(120_000);
const world = new World();
let database: string;

const PEOPLE = ['auditor', 'break_glass', 'support_shell'];
const RESOURCE = { RequestType: 'Create', ResourceProperties: { ServiceToken: 'arn' } } as never;
const superuser = (sql: string) => withClient(urlFor('postgres'), (client) => client.query(sql));

beforeAll(async () => {
  await world.open();
  database = await world.database();
  await createFunction(world.dependencies(database)).onEvent(RESOURCE, CONTEXT);
  // What `rds_superuser` may do with the parameters of pgaudit.
  await superuser(`grant set on parameter pgaudit.log to ${MASTER.username}`);
});
afterAll(() => world.close());

/** The test server has no pgaudit: the two statements that want it are answered as if it had. Everything else is real. */
function asIfLoaded(client: Client): Client {
  const query = client.query.bind(client) as (...request: unknown[]) => unknown;
  const answer = (...request: unknown[]) =>
    /pg_settings|create extension/.test(String(request[0]))
      ? Promise.resolve({ rowCount: 1, rows: [] })
      : query(...request);
  return Object.assign(client, { query: answer });
}

const record = () =>
  withClient(urlFor(database, { user: MASTER.username, password: MASTER.password }), (client) =>
    manageLogins(asIfLoaded(client), {
      byToken: [],
      byPassword: {},
      audited: PEOPLE,
      audit: 'pgaudit',
      unlimited: [],
    }),
  );

const findings = async () => {
  const applier = urlFor(database, { user: 'registry_applier', password: TOKENS.registry_applier ?? '' });
  const report = await withClient(applier, async (client) =>
    verify(client, await loadRegistry(REGISTRY), { probes: 'none' }),
  );
  return report.findings.map(({ rule, key, severity }) => ({ rule, key, severity }));
};

test('every statement of a person is recorded, which is no finding; recording nothing is one', async () => {
  await world.applyRegistry(database);
  const before = await findings();
  await record();
  const { rows } = await superuser(
    `select rolname from pg_roles where rolconfig @> '{pgaudit.log=all}' order by 1`,
  );
  expect(rows.map(({ rolname }) => rolname)).toEqual(PEOPLE);
  expect(await findings()).toEqual(before);

  await superuser(`alter role support_shell set pgaudit.log = 'none'`);
  expect(await findings()).toContainEqual(
    expect.objectContaining({ rule: 'TZ141', key: 'support_shell pgaudit.log' }),
  );
});

test('the registry is applied again over it, and leaves it', async () => {
  await record();
  await world.applyRegistry(database);
  const { rows } = await superuser(`select from pg_roles where rolconfig @> '{pgaudit.log=all}'`);
  expect(rows).toHaveLength(PEOPLE.length);
});
