import { readFileSync } from 'node:fs';
import type { Client } from 'pg';
import { bytesOf, REASON_MAX_BYTES } from '../../../lambda/cloudformation/reason';
import { withClient } from '../../support/database';
import { registryOf, stateOf } from '../../support/engine';
import { createPlatformDatabase, PASSWORDS, REGISTRY } from '../../support/platform';
import { Stage } from './stage';

jest.setTimeout(120_000);
const stage = new Stage();
beforeAll(() => stage.open());
afterAll(() => stage.close());

const REGISTERED = registryOf(readFileSync(REGISTRY, 'utf8')).tables.length + 1;

/** Everything an apply could write, by the transactions that wrote it. */
const FINGERPRINT = [
  'pg_class',
  'pg_policy',
  'pg_trigger',
  'pg_proc',
  'pg_attribute',
  'pg_namespace',
  'pg_authid',
]
  .concat(['pg_auth_members', 'pg_db_role_setting', 'pg_database', 'pg_default_acl'])
  .map((table) => `pg_catalog.${table}`)
  .concat('guard.state', 'guard.hidden', 'guard.sensitive_organizations', 'migrations.pgmigrations')
  .map((table) => `select '${table}' as name, xmin::text || ' ' || ctid::text as row from ${table}`)
  .join(' union all ');

async function fingerprint(url: string): Promise<string[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ text: string }>(
      `select name || ' ' || row as text from (${FINGERPRINT}) f order by 1`,
    );
    return rows.map((row) => row.text);
  });
}

/** As a report of last month does: reads, and goes on reading. */
async function longQuery(client: Client, tables = 'public.employees'): Promise<void> {
  await client.query('begin');
  await client.query(`lock table ${tables} in access share mode`);
}

test('the bundle is small and brings no AWS SDK', () => {
  expect(stage.bundled.bytes).toBeLessThan(1_000_000);
  expect(stage.bundled.packages).toEqual(expect.arrayContaining(['pg', 'node-pg-migrate', 'yaml', 'zod']));
  expect(stage.bundled.packages.filter((name) => /aws|smithy/.test(name))).toEqual([]);
});

test('the first deploy protects every table and says so; the second writes nothing and takes no heavy lock', async () => {
  const database = await createPlatformDatabase();
  const first = await stage.deploy('Create', database);
  expect(first.error).toBeUndefined();
  expect(first.result?.PhysicalResourceId).toBe(`rls-registry/localhost:${stage.port}/${database.name}`);
  expect(first.result?.Data).toEqual({
    // Those of the registry, the organizations table among them; and the partitions of events.
    Tables: REGISTERED,
    Protected: REGISTERED + 4,
    Changes: expect.any(Number),
    Findings: expect.any(Number),
    SealedTables: 0,
    DurationMs: expect.any(Number),
    StateHash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(first.result?.Data?.Changes).toBeGreaterThan(100);
  expect(first.log.find((line) => line._aws)).toMatchObject({
    Database: database.name,
    Operation: 'deploy',
    Findings: 0,
    TablesProtected: REGISTERED + 4,
  });

  const before = await fingerprint(database.superuser);
  await withClient(database.superuser, async (reader) => {
    const { rows } = await reader.query<{ list: string }>(
      `select string_agg(oid::regclass::text, ', ') as list from pg_class where relkind in ('r', 'p')
       and relnamespace in ('public'::regnamespace, 'access'::regnamespace)`,
    );
    await longQuery(reader, rows[0]?.list);
    const second = await stage.deploy('Update', database);
    expect(second.error).toBeUndefined();
    expect(second.result?.PhysicalResourceId).toBe('rls-registry/as-created');
    expect(second.result?.Data).toMatchObject({
      Changes: 0,
      StateHash: first.result?.Data?.StateHash,
    });
    expect(second.log.filter((line) => line.kind === 'retry')).toEqual([]);
  });
  expect(await fingerprint(database.superuser)).toEqual(before);
});

test('a new table that the registry does not name fails the deploy, by name, and is sealed', async () => {
  const database = await createPlatformDatabase();
  await stage.deploy('Create', database);
  const next = stage.release({
    migrations: {
      '0901_visits.sql':
        'create table public.visits (id bigint); grant select on public.visits to app_backend',
    },
  });
  const answer = await stage.deploy('Update', database, { package: next });
  expect(answer.error?.message).toMatch(/^Row security has a gap:\nTZ105 table public\.visits is in no list/);
  expect(bytesOf(answer.error?.message ?? '')).toBeLessThan(REASON_MAX_BYTES);
  // The provider framework sends the stack without its first line.
  expect(answer.error?.stack).not.toContain('\n');
  expect(answer.error?.rest).toEqual({});
  expect(answer.log.find((line) => line.event === 'report')).toMatchObject({ gaps: 1 });
  expect(answer.log.find((line) => line._aws)).toMatchObject({ Findings: 1, Drift: 0 });
  await withClient(database.as('app_backend', PASSWORDS.app_backend), async (client) => {
    expect(await stateOf(client, 'select from public.visits')).toBe('42501');
  });
});

test('a long query on a table delays the deploy, and does not fail it', async () => {
  const database = await createPlatformDatabase();
  await withClient(database.superuser, async (reader) => {
    await longQuery(reader);
    const seen = new Set<unknown>();
    const answer = await stage.deploy('Create', database, {
      onLine: (line) => {
        if (line.kind !== 'retry') return;
        seen.add(line.unit);
        setTimeout(() => void reader.query('commit'), 300);
      },
    });
    expect(answer.error).toBeUndefined();
    expect([...seen]).toEqual(['public.employees']);
  });
});

test('a query that does not end fails the deploy in time, and the reason names the table', async () => {
  const database = await createPlatformDatabase();
  await withClient(database.superuser, async (reader) => {
    await longQuery(reader);
    const started = Date.now();
    const bounded = await stage.deploy('Create', database, { environment: { TZ_LOCK_SECONDS: '2' } });
    expect(bounded.error?.message).toMatch(/^public\.employees stayed locked for 2 s[;\n]/);
    const short = await stage.deploy('Create', database, { remainingMs: 5000 });
    expect(short.error?.message).toMatch(/public\.employees/);
    expect(Date.now() - started).toBeLessThan(20_000);
  });
});

test('another applier is waited for, as long as the settings say', async () => {
  const database = await createPlatformDatabase();
  await withClient(database.superuser, async (other) => {
    await other.query('select pg_advisory_lock(8387226000912395056)');
    const refused = await stage.deploy('Create', database, { environment: { TZ_LOCK_SECONDS: '1' } });
    expect(refused.error?.message).toMatch(/^another run .* did not end within 1 s\n/);
    const late = await stage.deploy('Create', database, { remainingMs: 4000 });
    expect(late.error?.message).toMatch(
      /ran out of time while waiting for another applier|did not end within/,
    );
    const waiting = stage.deploy('Create', database, {
      onLine: (line) => {
        if (line.kind === 'waiting') void other.query('select pg_advisory_unlock_all()');
      },
    });
    expect((await waiting).error).toBeUndefined();
  });
});

test('two deploys at once both succeed, and leave the same state', async () => {
  const database = await createPlatformDatabase();
  const answers = await Promise.all([stage.deploy('Create', database), stage.deploy('Create', database)]);
  expect(answers.map((answer) => answer.error)).toEqual([undefined, undefined]);
  const [one, two] = answers.map((answer) => answer.result?.Data);
  expect(one?.StateHash).toBe(two?.StateHash);
  const other = await stage.deploy('Create', await createPlatformDatabase());
  expect(other.result?.Data?.StateHash).toBe(one?.StateHash);
});

test('a deletion touches nothing, and needs neither settings nor a database', async () => {
  const database = await createPlatformDatabase();
  await stage.deploy('Create', database);
  const before = await fingerprint(database.superuser);
  const event = { RequestType: 'Delete', PhysicalResourceId: 'rls-registry/gone', ResourceProperties: {} };
  const answer = await stage.call('onEvent', event, {});
  expect(answer.result).toEqual({ PhysicalResourceId: 'rls-registry/gone' });
  expect(await fingerprint(database.superuser)).toEqual(before);
});
