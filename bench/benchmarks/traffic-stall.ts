import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_PATIENCE } from '../../sql/applier/lock';
import { type BenchContext, type Benchmark, milliseconds } from '../benchmark';
import { median } from '../measure';
import { applyRegistry } from '../world/engine';
import { createItems, ITEMS_REGISTRY, type ItemsWorld } from '../world/items';

/** How long the reader holds the table, in milliseconds. */
const READER = 5_000;
/** How much longer than the lock timeout traffic may stand: the server checks the timer, the client its clock. */
const GRACE = 50;

/** Changes every policy of the support role. */
const CHANGED = ITEMS_REGISTRY.replace('sees: non-sensitive', 'sees: everything');

export const trafficStall: Benchmark = {
  name: 'traffic-stall',
  title: `A policy changes behind a reader of ${READER / 1000} s: how long other queries stand`,
  async run(context) {
    const { server } = context;
    const world = await createItems(server, 'stall', { rows: 10_000, organizations: 100, hidden: 3 });
    const admin = await server.connect(world.database, 'postgres');
    const plain: number[] = [];
    const engine: number[] = [];
    const rounds = context.sizes.budget > 5_000 ? 3 : 1;
    for (let round = 0; round < rounds; round++) {
      plain.push(
        await longestWait(context, world, async () => {
          await admin.query('CREATE POLICY bench ON app.items TO plain_owner USING (true)');
        }),
      );
      await admin.query('DROP POLICY bench ON app.items');
      engine.push(
        await longestWait(context, world, async () => {
          await applyRegistry(server, world.database, CHANGED);
        }),
      );
      await applyRegistry(server, world.database, ITEMS_REGISTRY);
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
  world: ItemsWorld,
  change: () => Promise<void>,
): Promise<number> {
  const reader = await server.connect(world.database, 'postgres');
  const traffic = await server.connect(world.database, 'support_shell');
  await reader.query('BEGIN; LOCK TABLE app.items IN ACCESS SHARE MODE');
  const reading = reader.query(`SELECT pg_sleep(${READER / 1000}); COMMIT`);
  const changing = sleep(200).then(change);
  let done = false;
  const ended = changing.finally(() => {
    done = true;
  });
  let longest = 0;
  while (!done) {
    const from = performance.now();
    await traffic.query('SELECT id FROM app.items WHERE id = $1', [world.pick(0).item]);
    longest = Math.max(longest, performance.now() - from);
    await sleep(1);
  }
  await ended;
  await reading;
  for (const client of [reader, traffic]) await server.disconnect(client);
  return longest * 1000;
}
