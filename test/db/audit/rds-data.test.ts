/** The emulated Data API, asked by the real SDK: what it says must be what Aurora says. */
import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  RDSDataClient,
  RollbackTransactionCommand,
  type SqlParameter,
} from '@aws-sdk/client-rds-data';
import { type RdsDataServer, rdsData, startRdsData } from '../../../local/rds-data';
import { clusterUrl, createDatabase } from '../../support/database';

jest.setTimeout(30_000);

const RESOURCE = 'arn:aws:rds:eu-central-1:000000000000:cluster:tz-test-database';
const SECRET = 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:admin-AbCdEf';
const WRONG = 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:wrong-AbCdEf';

let server: RdsDataServer;
let client: RDSDataClient;
let database: string;
beforeAll(async () => {
  database = await createDatabase();
  ({ server, client } = await started());
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

async function started(idleTransaction?: number) {
  const { hostname, port, username, password } = new URL(clusterUrl());
  const server = await startRdsData({
    resourceArn: RESOURCE,
    host: hostname,
    port: Number(port),
    statementTimeout: 300,
    ...(idleTransaction !== undefined && { idleTransaction }),
    secret: (arn) =>
      arn === SECRET
        ? { username, password }
        : arn === WRONG
          ? { username: 'nobody_here', password: 'x' }
          : undefined,
  });
  const client = new RDSDataClient({
    endpoint: server.endpoint,
    region: 'eu-central-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return { server, client };
}

const place = () => ({ resourceArn: RESOURCE, secretArn: SECRET, database });
const execute = (sql: string, more: Partial<ExecuteStatementCommandInput> = {}) =>
  client.send(new ExecuteStatementCommand({ ...place(), sql, ...more }));
const one = async (sql: string, parameters: SqlParameter[] = []) =>
  (await execute(sql, { parameters })).records?.[0]?.[0];

test.each([
  [`'a:b'::text`, { stringValue: 'a:b' }],
  [`null::text`, { isNull: true }],
  [`1::int`, { longValue: 1 }],
  [`9007199254740991::bigint`, { longValue: 9007199254740991 }],
  [`1.50::numeric`, { stringValue: '1.50' }],
  [`1.5::float8`, { doubleValue: 1.5 }],
  [`true`, { booleanValue: true }],
  [`timestamptz '2026-04-15 12:00:00.25+02'`, { stringValue: '2026-04-15 10:00:00.25' }],
  [`timestamp '2026-04-15 12:00'`, { stringValue: '2026-04-15 12:00:00' }],
  [`date '2026-04-15'`, { stringValue: '2026-04-15' }],
  [`'\\x00ff'::bytea`, { blobValue: new Uint8Array([0, 255]) }],
  [`'{"a": 1}'::jsonb`, { stringValue: '{"a": 1}' }],
  [`array['a', 'b "c"', null, 'd,e']`, { arrayValue: { stringValues: ['a', 'b "c"', null, 'd,e'] } }],
  [`array[1, 2]`, { arrayValue: { longValues: [1, 2] } }],
  [`'0e4a1b8c-0000-4000-8000-222222222222'::uuid`, { stringValue: '0e4a1b8c-0000-4000-8000-222222222222' }],
])('select %s is %j', async (sql, field) => {
  const got = await one(`select ${sql}`);
  expect(got?.blobValue ? { blobValue: new Uint8Array(got.blobValue) } : got).toEqual(field);
});

test.each<[string, SqlParameter, unknown]>([
  ['pg_typeof(:a)::text', { value: { stringValue: 'x' } }, 'text'],
  ['pg_typeof(:a)::text', { value: { longValue: 1 } }, 'bigint'],
  ['pg_typeof(:a)::text', { value: { doubleValue: 1.5 } }, 'double precision'],
  ['pg_typeof(:a)::text', { value: { booleanValue: true } }, 'boolean'],
  ['encode(:a, $q$hex$q$)', { value: { blobValue: new Uint8Array([1, 254]) } }, '01fe'],
  [
    'pg_typeof(:a)::text',
    { value: { stringValue: '0e4a1b8c-0000-4000-8000-222222222222' }, typeHint: 'UUID' },
    'uuid',
  ],
  ['(:a)::text', { value: { stringValue: '2026-04-15' }, typeHint: 'DATE' }, '2026-04-15'],
  [
    `(:a = 'x') || ' :b ' || "a" from (select 'c' as "a") t -- :d`,
    { value: { stringValue: 'x' } },
    'true :b c',
  ],
])('select %s with %j', async (sql, parameter, value) => {
  expect(await one(`select ${sql}`, [{ name: 'a', ...parameter }])).toEqual({ stringValue: value });
});

test('a parameter that is null is null', async () => {
  expect(await one('select (:a)::text', [{ name: 'a', value: { isNull: true } }])).toEqual({ isNull: true });
});

test('a text is no uuid by itself: it needs a hint, as there', async () => {
  const sql = `select 1 where gen_random_uuid() <> :id`;
  const id = { name: 'id', value: { stringValue: '0e4a1b8c-0000-4000-8000-222222222222' } };
  await expect(execute(sql, { parameters: [id] })).rejects.toThrow(/SQLState: 42883/);
  await expect(execute(sql, { parameters: [{ ...id, typeHint: 'UUID' }] })).resolves.toBeDefined();
});

test('column names and types come when they are asked for', async () => {
  const sql = `select 1::bigint as n, now() as "At"`;
  expect((await execute(sql)).columnMetadata).toBeUndefined();
  expect((await execute(sql, { includeResultMetadata: true })).columnMetadata).toMatchObject([
    { name: 'n', label: 'n', typeName: 'int8' },
    { name: 'At', label: 'At', typeName: 'timestamptz' },
  ]);
});

test('records come as JSON when that is asked for', async () => {
  const { formattedRecords, records } = await execute(`select 1 as a, null::text as b, true as c`, {
    formatRecordsAs: 'JSON',
  });
  expect(JSON.parse(formattedRecords ?? '')).toEqual([{ a: 1, b: null, c: true }]);
  expect(records).toBeUndefined();
});

test('statements that change something say how many rows', async () => {
  await execute('create table counted (n int)');
  expect((await execute('insert into counted select generate_series(1, 3)')).numberOfRecordsUpdated).toBe(3);
  expect((await execute('select * from counted')).numberOfRecordsUpdated).toBe(0);
});

describe('transactions', () => {
  const begin = async () => (await client.send(new BeginTransactionCommand(place()))).transactionId as string;
  const end = (id: string) => ({ resourceArn: RESOURCE, secretArn: SECRET, transactionId: id });
  const count = async () => one('select count(*) from kept');
  beforeAll(() => execute('create table kept (n int)'));

  test('are kept or undone as a whole', async () => {
    const [kept, undone] = [await begin(), await begin()];
    await execute('insert into kept values (1)', { transactionId: kept });
    await execute('insert into kept values (2)', { transactionId: undone });
    expect(await count()).toEqual({ longValue: 0 });
    expect(await client.send(new CommitTransactionCommand(end(kept)))).toMatchObject({
      transactionStatus: 'Transaction Committed',
    });
    await client.send(new RollbackTransactionCommand(end(undone)));
    expect(await count()).toEqual({ longValue: 1 });
  });

  test('end with an error in them, and are not found afterwards', async () => {
    const id = await begin();
    await expect(execute('select 1/0', { transactionId: id })).rejects.toMatchObject({
      name: 'DatabaseErrorException',
      message: expect.stringContaining('SQLState: 22012'),
    });
    await expect(execute('select 1', { transactionId: id })).rejects.toMatchObject({
      name: 'TransactionNotFoundException',
    });
  });

  test('that nobody uses are rolled back', async () => {
    const hasty = await started(1000);
    const { transactionId = '' } = await hasty.client.send(new BeginTransactionCommand(place()));
    await hasty.client.send(
      new ExecuteStatementCommand({ ...place(), sql: 'insert into kept values (9)', transactionId }),
    );
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const commit = hasty.client.send(new CommitTransactionCommand(end(transactionId)));
    await expect(commit).rejects.toMatchObject({ name: 'TransactionNotFoundException' });
    hasty.client.destroy();
    await hasty.server.close();
    expect(await one('select count(*) from kept where n = 9')).toEqual({ longValue: 0 });
  });

  test('belong to the login that began them', async () => {
    const id = await begin();
    await expect(execute('select 1', { transactionId: id, secretArn: WRONG })).rejects.toMatchObject({
      name: 'TransactionNotFoundException',
    });
    await client.send(new RollbackTransactionCommand(end(id)));
  });
});

test.each<[string, Partial<ExecuteStatementCommandInput>, string, RegExp]>([
  ['another cluster', { resourceArn: `${RESOURCE}x` }, 'BadRequestException', /HttpEndpoint is not enabled/],
  ['a secret that is not there', { secretArn: `${SECRET}x` }, 'BadRequestException', /secret/],
  ['a secret with another login', { secretArn: WRONG }, 'DatabaseErrorException', /SQLState: 28/],
  ['a database that is not there', { database: 'nowhere' }, 'DatabaseErrorException', /SQLState: 3D000/],
  ['a parameter that is missing', { sql: 'select :b' }, 'BadRequestException', /Cannot find parameter: b/],
  ['two statements', { sql: 'select 1; select 2' }, 'DatabaseErrorException', /SQLState: 42601/],
  ['a mistake in the statement', { sql: 'selec 1' }, 'DatabaseErrorException', /SQLState: 42601/],
  [
    'a statement that takes too long',
    { sql: 'select pg_sleep(2)' },
    'StatementTimeoutException',
    /timed out/,
  ],
  [
    'a type it does not know',
    { sql: `select '1 day'::interval` },
    'UnsupportedResultException',
    /unsupported/,
  ],
  [
    '1 MiB',
    { sql: `select repeat('x', 60000) from generate_series(1, 20)` },
    'UnsupportedResultException',
    /size limit/,
  ],
  ['a row of 64 kB', { sql: `select repeat('x', 70000)` }, 'UnsupportedResultException', /too large/],
])('%s is refused', async (_, input, name, message) => {
  await expect(execute('select 1', input)).rejects.toMatchObject({
    name,
    message: expect.stringMatching(message),
  });
  await expect(execute('select 1')).resolves.toBeDefined();
});

test('a call without a signature is refused', async () => {
  const response = await fetch(`${server.endpoint}/Execute`, {
    method: 'POST',
    body: JSON.stringify(place()),
  });
  expect(response.status).toBe(403);
  expect(response.headers.get('x-amzn-errortype')).toBe('ForbiddenException');
});

test('a path that the Data API does not have is refused', async () => {
  const { hostname, port } = new URL(clusterUrl());
  const api = rdsData({ resourceArn: RESOURCE, host: hostname, port: Number(port), secret: () => undefined });
  expect(await api('/ExecuteSql', {})).toMatchObject({ status: 404 });
  expect(await api('/constructor', {})).toMatchObject({ status: 404 });
  await api.close();
});
