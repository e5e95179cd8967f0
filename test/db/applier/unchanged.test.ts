/** An apply that changes nothing, on a server of its own where nobody else writes. */
import type { Client } from 'pg';
import { apply } from '../../../sql/applier/apply';
import { bootstrap } from '../../../sql/db/bootstrap';
import { migrate } from '../../../sql/db/migrate';
import { withClient } from '../../support/database';
import { MIGRATIONS, PASSWORDS } from '../../support/platform';
import { platformRegistry } from '../../support/tenants';
import { watch } from './faults';
import { OwnServer } from './own-server';

jest.setTimeout(120_000);

let server: OwnServer;
const url = (user: string, password: string) =>
  server.url.replace('postgres:test', `${user}:${password}`).concat('/product');
const applier = () => url('registry_applier', PASSWORDS.registry_applier);
const administrator = () => url('postgres', 'test');

beforeAll(async () => {
  server = await OwnServer.start();
  await withClient(`${server.url}/postgres`, (client) => client.query('create database product'));
  await withClient(administrator(), (client) =>
    bootstrap(client, { database: 'product', passwords: PASSWORDS }),
  );
  await migrate({ url: url('migrator', PASSWORDS.migrator), dir: MIGRATIONS });
  const report = await withClient(applier(), (client) => apply(client, platformRegistry));
  expect(report.remaining).toEqual([]);
});
afterAll(() => server.throwAway());

/** Position in the log, and the next transaction number. */
async function position(client: Client) {
  const { rows } = await client.query(
    `select pg_current_wal_insert_lsn()::text as written, pg_snapshot_xmax(pg_current_snapshot())::text as next`,
  );
  return rows[0];
}

test('writes nothing, uses up no transaction number, and waits for nobody who reads or writes', async () => {
  await withClient(administrator(), async (client) => {
    // Background processes write now and then: nothing left to write, and a second try.
    await client.query('vacuum');
    await client.query('checkpoint');
    await client.query('begin');
    await client.query(
      `do $$ declare r regclass; begin
         for r in select oid from pg_class where relkind in ('r', 'p') and relnamespace::regnamespace::text in ('public', 'access', 'guard', 'vault', 'migrations') loop
           execute format('lock table only %s in row exclusive mode', r);
         end loop; end $$`,
    );
    for (let attempt = 1; ; attempt++) {
      const before = await position(client);
      const { report, statements } = await withClient(applier(), async (login) => {
        const watched = watch(login, {});
        const done = await apply(watched.client, platformRegistry, {
          patience: { lockTimeoutMs: 1, patienceMs: 1 },
        });
        return { report: done, statements: watched.seen };
      });
      expect(report.applied).toEqual([]);
      expect(report.remaining).toEqual([]);
      expect(
        statements.filter((sql) => /^\s*(CREATE|ALTER|GRANT|REVOKE|INSERT|UPDATE|LOCK)/.test(sql)),
      ).toEqual([]);
      const after = await position(client);
      if (after.written === before.written && after.next === before.next) break;
      if (attempt === 3) expect(after).toEqual(before);
    }
    await client.query('rollback');
  });
});

test('is looked at on a scratch schema when the memory is not to be believed, and that is rolled back', async () => {
  await withClient(applier(), async (login) => {
    const watched = watch(login, {});
    const report = await apply(watched.client, platformRegistry, { useMemory: false });
    expect(report.applied).toEqual([]);
    expect(watched.seen.some((sql) => sql.startsWith('CREATE SCHEMA'))).toBe(true);
  });
  const { rowCount } = await withClient(administrator(), (client) =>
    client.query(`select from pg_namespace where nspname = 'guard_scratch'`),
  );
  expect(rowCount).toBe(0);
});

test('is refused on a standby, with what to do', async () => {
  await withClient(applier(), async (client) => {
    // As a standby answers; nothing else is asked of it.
    const standby = new Proxy(client, {
      get: (target, property) =>
        property === 'query' ? async () => ({ rows: [{ standby: true }] }) : Reflect.get(target, property),
    });
    await expect(apply(standby, platformRegistry)).rejects.toMatchObject({
      code: 'read-only',
      message: expect.stringContaining('standby'),
      next: 'connect to the primary',
    });
  });
});
