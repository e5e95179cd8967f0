import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { DEFAULT_PATIENCE } from '../../sql/applier/lock';
import { type BenchContext, type Benchmark, milliseconds } from '../benchmark';
import { median } from '../measure';
import { applyRegistry } from '../world/engine';
import { ManyTables } from '../world/many-tables';

/** How long the reader holds the table, in milliseconds. */
const READER = 5_000;
/** How much longer than the lock timeout traffic may stand: the server checks the timer, the client its clock. */
const GRACE = 50;

/** No such row: what is measured is the queue for the lock, not the read. */
const ROW = '00000000-0000-0000-0000-000000000000';

export const trafficStall: Benchmark = {
  name: 'traffic-stall',
  title: `A policy changes behind a reader of ${READER / 1000} s: how long other queries stand`,
  async run(context) {
    const { server } = context;
    const world = await ManyTables.create(server, 'stall');
    await world.growTo(1);
    await applyRegistry(server, world.database, world.registry());
    await server.admit(world.database, 'support_shell');
    const admin = await server.connect(world.database, 'postgres');
    const plain: number[] = [];
    const engine: number[] = [];
    const rounds = context.sizes.budget > 5_000 ? 3 : 1;
    for (let round = 0; round < rounds; round++) {
      plain.push(
        await longestWait(context, world, async () => {
          await admin.query('CREATE POLICY bench ON app.t0 TO app_backend USING (true)');
        }),
      );
      await admin.query('DROP POLICY bench ON app.t0');
      // Drift that the applier mends: it replaces the policy.
      await admin.query('ALTER POLICY tenant_zero_restrict_support_shell ON app.t0 USING (true)');
      engine.push(
        await longestWait(context, world, async () => {
          await applyRegistry(server, world.database, world.registry());
        }),
      );
    }
    return [
      {
        name: 'longest wait of a short query while the applier changes a policy',
        baseline: 'CREATE POLICY without lock_timeout',
        median: median(engine),
        baselineMedian: median(plain),
        rounds,
        limit: milliseconds(DEFAULT_PATIENCE.lockTimeoutMs + GRACE),
      },
    ];
  },
};

/** Microseconds of the slowest of many short queries, from the reader's begin to the change's end. */
async function longestWait(
  { server }: BenchContext,
  world: ManyTables,
  change: () => Promise<void>,
): Promise<number> {
  const reader = await server.connect(world.database, 'postgres');
  const traffic = await server.connect(world.database, 'support_shell');
  await reader.query('BEGIN; LOCK TABLE app.t0 IN ACCESS SHARE MODE');
  const reading = reader.query(`SELECT pg_sleep(${READER / 1000}); COMMIT`);
  const changing = sleep(200).then(change);
  const asking = new AbortController();
  const [longest] = await Promise.all([
    ask(traffic, asking.signal),
    changing.finally(() => asking.abort()),
    reading,
  ]);
  for (const client of [reader, traffic]) await server.disconnect(client);
  return longest * 1000;
}

/** One short query after the other until told to stop; the slowest, in milliseconds. */
async function ask(client: Client, signal: AbortSignal): Promise<number> {
  let longest = 0;
  while (!signal.aborted) {
    const from = performance.now();
    await client.query('SELECT id FROM app.t0 WHERE id = $1', [ROW]);
    longest = Math.max(longest, performance.now() - from);
    await sleep(1);
  }
  return longest;
}
