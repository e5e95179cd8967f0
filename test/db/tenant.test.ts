/** The mechanics of `withTenant`: what the database makes of the token is tested with the guard functions. */
import { Pool, type PoolClient } from 'pg';
import { type SigningKeys, type TenantClient, type TenantContext, withTenant } from '../../sql/db/tenant';
import { verifyToken } from '../../sql/db/token';
import { createDatabase, urlFor, withClient } from '../support/database';

const keys: SigningKeys = { current: { id: 'k1', secret: Buffer.alloc(32, 7) } };
const a: TenantContext = { kind: 'tenant', organization: 'a' };
const b: TenantContext = { kind: 'tenant', organization: 'b' };

let url: string;
let pool: Pool;
beforeAll(async () => {
  url = urlFor(await createDatabase());
  await withClient(url, (client) =>
    client.query('create table t (n int primary key, m int unique deferrable initially deferred)'),
  );
});
beforeEach(async () => {
  // One connection: every reuse is a reuse of the same one.
  pool = new Pool({ connectionString: url, max: 1 });
  pool.on('error', () => undefined);
  await pool.query('truncate t');
});
afterEach(() => pool.end());

const setting = `select nullif(current_setting('tenant_zero.token', true), '') as token`;
const organization = async (client: { query: TenantClient['query'] }) => {
  const { rows } = await client.query<{ token: string | null }>(setting);
  return rows[0]?.token ? verifyToken(keys, rows[0].token)?.organization : undefined;
};
const pid = async (client: { query: TenantClient['query'] }) =>
  (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid;
const rows = async () => (await pool.query('select n from t order by n')).rows.map((row) => row.n);
const plain = () => ({ query: (text: string) => pool.query(text) }) as { query: TenantClient['query'] };

test('the callback has a verifiable token, what it did is committed, and its result returned', async () => {
  const result = await withTenant(pool, keys, a, async (client) => {
    await client.query('insert into t (n) values ($1)', [1]);
    return organization(client);
  });
  expect(result).toBe('a');
  expect(await rows()).toEqual([1]);
});

test('the token is gone afterwards, also after a failure', async () => {
  await withTenant(pool, keys, a, organization);
  expect(await organization(plain())).toBeUndefined();
  await withTenant(pool, keys, a, () => Promise.reject(new Error('no'))).catch(() => undefined);
  expect(await organization(plain())).toBeUndefined();
});

test('a connection serves one tenant after the other', async () => {
  const first = await withTenant(pool, keys, a, async (client) => [
    await pid(client),
    await organization(client),
  ]);
  const second = await withTenant(pool, keys, b, async (client) => [
    await pid(client),
    await organization(client),
  ]);
  expect(first).toEqual([second[0], 'a']);
  expect(second[1]).toBe('b');
});

test('an error of the callback rolls back and comes out as it is', async () => {
  const failure = new Error('no');
  const run = withTenant(pool, keys, a, async (client) => {
    await client.query('insert into t (n) values (1)');
    throw failure;
  });
  await expect(run).rejects.toBe(failure);
  expect(await rows()).toEqual([]);
});

test('a callback that throws instead of rejecting is no exception', async () => {
  const run = withTenant(pool, keys, a, () => {
    throw new Error('at once');
  });
  await expect(run).rejects.toThrow('at once');
  expect(pool.idleCount).toBe(1);
});

test('a swallowed error is not taken for success: PostgreSQL would answer COMMIT with ROLLBACK', async () => {
  const run = withTenant(pool, keys, a, async (client) => {
    await client.query('insert into t (n) values (1)');
    await client.query('select 1 / 0').catch(() => undefined);
  });
  await expect(run).rejects.toThrow('nothing was committed');
  expect(await rows()).toEqual([]);
});

test('an error that COMMIT finds is thrown', async () => {
  const run = withTenant(pool, keys, a, (client) =>
    client.query('insert into t (n, m) values (1, 1), (2, 1)'),
  );
  await expect(run).rejects.toMatchObject({ code: '23505' });
  expect(await rows()).toEqual([]);
});

test('a callback that ends the transaction is told so, and has no token from then on', async () => {
  const run = withTenant(pool, keys, a, async (client) => {
    await client.query('commit');
    expect(await organization(client)).toBeUndefined();
  });
  await expect(run).rejects.toThrow('ended the transaction itself');
});

test('what a callback leaves on the connection does not reach the next one', async () => {
  const leave = async (client: TenantClient) => {
    await client.query(`select set_config('tenant_zero.token', current_setting('tenant_zero.token'), false)`);
    await client.query(`set search_path = elsewhere`);
    await client.query('declare kept cursor with hold for select 1 as secret');
  };
  const search = async () => (await pool.query('show search_path')).rows[0].search_path;
  for (const end of [
    leave,
    (client: TenantClient) => leave(client).then(() => Promise.reject(new Error('no'))),
  ]) {
    await withTenant(pool, keys, a, end).catch(() => undefined);
    expect(await organization(plain())).toBeUndefined();
    expect(await search()).toBe('"$user", public');
    await expect(pool.query('fetch all from kept')).rejects.toMatchObject({ code: '34000' });
  }
});

test('a client that is kept after the callback does nothing', async () => {
  let kept: TenantClient | undefined;
  await withTenant(pool, keys, a, async (client) => {
    kept = client;
  });
  await withTenant(pool, keys, b, async () => {
    await expect(kept?.query('insert into t (n) values (1)')).rejects.toThrow('is over');
  });
  expect(await rows()).toEqual([]);
});

test('nested calls have contexts and transactions of their own', async () => {
  const wide = new Pool({ connectionString: url, max: 2 });
  await withTenant(wide, keys, a, async (outer) => {
    await outer.query('insert into t (n) values (1)');
    await withTenant(wide, keys, b, async (inner) => {
      await inner.query('insert into t (n) values (2)');
      expect(await organization(inner)).toBe('b');
    });
    expect(await organization(outer)).toBe('a');
    throw new Error('only the outer one');
  }).catch(() => undefined);
  await wide.end();
  expect(await rows()).toEqual([2]);
});

test('many at once on few connections keep their tenants apart', async () => {
  const few = new Pool({ connectionString: url, max: 3 });
  const names = Array.from({ length: 60 }, (_, n) => `org-${n}`);
  const seen = await Promise.all(
    names.map((name) =>
      withTenant(few, keys, { kind: 'tenant', organization: name }, async (client) => {
        await client.query('select pg_sleep(0.001)');
        return organization(client);
      }),
    ),
  );
  await few.end();
  expect(seen).toEqual(names);
});

test('a read-only context refuses to write; the next one on the same connection may', async () => {
  const write = (client: TenantClient) => client.query('insert into t (n) values (1)');
  await expect(withTenant(pool, keys, { ...a, readOnly: true }, write)).rejects.toMatchObject({
    code: '25006',
  });
  await withTenant(pool, keys, a, write);
  expect(await rows()).toEqual([1]);
});

test('a context that makes no sense costs nothing and reaches nobody', async () => {
  const use = jest.fn();
  await expect(withTenant(pool, keys, { kind: 'tenant' }, use)).rejects.toThrow(TypeError);
  expect(use).not.toHaveBeenCalled();
  expect(pool.idleCount).toBe(1);
});

test('a connection that the server ends is thrown away, also between two queries', async () => {
  const before = await withTenant(pool, keys, a, pid);
  const run = withTenant(pool, keys, a, async (client) => {
    await withClient(url, async (other) =>
      other.query('select pg_terminate_backend($1)', [await pid(client)]),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    await client.query('select 1');
  });
  await expect(run).rejects.toThrow();
  expect(pool.totalCount).toBe(0);
  expect(await withTenant(pool, keys, a, pid)).not.toBe(before);
});

test('a connection that somebody gave back inside a transaction is not used', async () => {
  const dirty: PoolClient = await pool.connect();
  await dirty.query('begin; insert into t (n) values (1)');
  dirty.release();
  const before = pool.totalCount;
  await expect(withTenant(pool, keys, a, organization)).rejects.toThrow('inside a transaction');
  expect(before).toBe(1);
  // Rolled back, not committed with the next tenant's work.
  expect(await rows()).toEqual([]);
});
