import { ConnectionLostError, withAdvisoryLock, withClient, withTransaction } from '../../sql/db/transaction';
import { createDatabase, urlFor } from '../support/database';

let url: string;
beforeAll(async () => {
  url = urlFor(await createDatabase());
  await withClient(url, (client) => client.query('create table t (n int)'));
});
beforeEach(() => withClient(url, (client) => client.query('truncate t')));

const count = () =>
  withClient(url, async (client) => Number((await client.query('select count(*) from t')).rows[0].count));

test('a transaction commits, or leaves nothing', () =>
  withClient(url, async (client) => {
    expect(
      await withTransaction(client, async (tx) => (await tx.query('insert into t values (1)')).rowCount),
    ).toBe(1);
    const failure = new Error('no');
    const run = withTransaction(client, async (tx) => {
      await tx.query('insert into t values (2)');
      throw failure;
    });
    await expect(run).rejects.toBe(failure);
    expect(await count()).toBe(1);
  }));

test('a swallowed error is not taken for success', () =>
  withClient(url, async (client) => {
    const run = withTransaction(client, async (tx) => {
      await tx.query('insert into t values (1)');
      await tx.query('select 1 / 0').catch(() => undefined);
    });
    await expect(run).rejects.toThrow('nothing was committed');
    expect(await count()).toBe(0);
  }));

test('a read-only transaction writes nothing', () =>
  withClient(url, (client) =>
    expect(
      withTransaction(client, (tx) => tx.query('insert into t values (1)'), { readOnly: true }),
    ).rejects.toMatchObject({ code: '25006' }),
  ));

test('a connection that is lost says so, and why', () =>
  withClient(url, async (client) => {
    const run = withTransaction(client, async (tx) => {
      await tx.query('select pg_terminate_backend(pg_backend_pid())');
    });
    await expect(run).rejects.toThrow(ConnectionLostError);
    await expect(run).rejects.toMatchObject({ cause: { code: '57P01' } });
  }));

test('of two holders of one lock the second waits; another name does not', async () => {
  const order: string[] = [];
  const hold = (name: string, what: string, until?: Promise<void>) =>
    withClient(url, (client) =>
      withAdvisoryLock(client, name, async () => {
        order.push(`${what} in`);
        await until;
        order.push(`${what} out`);
      }),
    );
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const first = hold('x', 'first', released);
  await seen(async () => order.includes('first in'));
  const second = hold('x', 'second');
  // Seen waiting by the server: no clock says when that is.
  await withClient(url, (client) =>
    seen(async () => {
      const { rowCount } = await client.query(
        "select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())",
      );
      return rowCount === 1;
    }),
  );
  await hold('y', 'other');
  release();
  await Promise.all([first, second]);
  expect(order).toEqual(['first in', 'other in', 'other out', 'first out', 'second in', 'second out']);
});

/** Looks until it is so; the test's own time limit ends what never is. */
async function seen(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
}

test('a lock is released when the callback fails', () =>
  withClient(url, async (client) => {
    await withAdvisoryLock(client, 'x', () => Promise.reject(new Error('no'))).catch(() => undefined);
    const { rows } =
      await client.query(`select count(*)::int as held from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`);
    expect(rows).toEqual([{ held: 0 }]);
  }));
