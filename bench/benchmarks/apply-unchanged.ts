import type { Client } from 'pg';
import { apply } from '../../sql/applier/apply';
import type { Registry } from '../../sql/registry';
import { type BenchContext, type Benchmark, type Figure, milliseconds } from '../benchmark';
import { measure } from '../measure';
import { applyRegistry } from '../world/engine';
import { ManyTables } from '../world/many-tables';
import { watchLocks } from '../world/watch-locks';

export const applyUnchanged: Benchmark = {
  name: 'apply-unchanged',
  title: 'Applying a registry that is already applied: time, locks, writes',
  async run(context) {
    const world = await ManyTables.create(context.server, 'many_tables');
    const figures: Figure[] = [];
    for (const count of context.sizes.tables) {
      await world.growTo(count);
      const registry = world.registry();
      context.say(`  ${count} tables: first apply`);
      await applyRegistry(context.server, world.database, registry);
      figures.push(...(await unchanged(context, world, registry, `apply without changes, ${count} tables`)));
    }
    return figures;
  },
};

async function unchanged(
  { server, sizes }: BenchContext,
  world: ManyTables,
  registry: Registry,
  name: string,
): Promise<Figure[]> {
  const admin = await server.connect(world.database, 'postgres');
  await admin.query('VACUUM (ANALYZE)');
  await admin.query('CHECKPOINT');
  const baseline = 'every policy dropped and created';
  const { medians, rounds } = await measure(
    [
      {
        name: baseline,
        run: () => replaceAll(admin),
        after: () => admin.query('VACUUM pg_policy, pg_depend, pg_shdepend'),
      },
      { name, run: () => applyRegistry(server, world.database, registry) },
    ],
    { budget: sizes.budget, least: 3 },
  );
  const [baselineMedian = 0, median = 0] = medians;
  const proof = await prove(server, world, registry, admin);
  const count = (what: string, times: number): Figure => ({
    name: `${name}: ${what}`,
    baseline: 'none',
    median: times,
    baselineMedian: 0,
    rounds: 1,
    limit: { kind: 'count', most: 0 },
  });
  return [
    { name, baseline, median, baselineMedian, rounds, limit: milliseconds(1_000) },
    count('ACCESS EXCLUSIVE locks seen on tables', proof.exclusive),
    count('waits for a reader of all tables', proof.retries),
    count('bytes of WAL', proof.bytes),
    count('transaction ids', proof.transactions),
  ];
}

/** What a tool without a plan does. Rolled back, so the tables stay as the engine left them. */
async function replaceAll(admin: Client): Promise<void> {
  await admin.query('BEGIN');
  await admin.query(`DO $$ DECLARE p record; BEGIN
    FOR p IN SELECT polname, polrelid::regclass AS relation, polroles[1]::regrole AS role, polpermissive,
                    pg_get_expr(polqual, polrelid) AS row FROM pg_policy WHERE polcmd = '*' AND polroles[1] <> 0 LOOP
      EXECUTE format('DROP POLICY %I ON %s', p.polname, p.relation);
      EXECUTE format('CREATE POLICY %I ON %s AS %s TO %s USING (%s) WITH CHECK (%s)', p.polname, p.relation,
        CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END, p.role, p.row, p.row);
    END LOOP; END $$`);
  await admin.query('ROLLBACK');
}

/** One apply while somebody reads every table: an ACCESS EXCLUSIVE lock would have to wait, and be seen waiting. */
async function prove(
  server: BenchContext['server'],
  world: ManyTables,
  registry: Registry,
  admin: Client,
): Promise<{ exclusive: number; retries: number; bytes: number; transactions: number }> {
  const reader = await server.connect(world.database, 'postgres');
  await reader.query('BEGIN');
  await reader.query(`LOCK TABLE app.organizations, ${world.names.join(', ')} IN ACCESS SHARE MODE`);
  const client = await server.connect(world.database, 'registry_applier');
  const watch = watchLocks(admin, await processId(client));
  let retries = 0;
  const before = await written(reader);
  await apply(client, registry, { progress: (event) => (retries += Number(event.kind === 'retry')) });
  const after = await written(reader);
  const exclusive = await watch.stop();
  await reader.query('ROLLBACK');
  for (const each of [reader, client]) await server.disconnect(each);
  return {
    exclusive,
    retries,
    bytes: after.bytes - before.bytes,
    transactions: after.transactions - before.transactions,
  };
}

async function processId(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

/** Where the log of writes ends, and which transaction id comes next. Asking moves neither. */
async function written(client: Client): Promise<{ bytes: number; transactions: number }> {
  const { rows } = await client.query<{ bytes: number; transactions: number }>(
    `SELECT (pg_current_wal_insert_lsn() - '0/0')::float8 AS bytes, pg_snapshot_xmax(pg_current_snapshot())::text::float8 AS transactions`,
  );
  return rows[0] ?? { bytes: Number.NaN, transactions: Number.NaN };
}
