/** Wherever an apply ends, nothing is more open than before or after, and the next apply completes. */
import type { Client } from 'pg';
import { apply } from '../../../sql/applier/apply';
import { plan } from '../../../sql/planner/plan';
import type { Registry } from '../../../sql/registry';
import { withClient } from '../../support/database';
import { breakAt, type Fault, watch } from './faults';
import { excess, measure, type Openness, PROBE, SIGNING } from './openness';
import { SCENARIOS, type Scenario } from './scenarios';
import { applySmall, createSmall, makeRoles, type Parts, type Small, small } from './world';

jest.setTimeout(600_000);

/** How many breaks per scenario, always the same ones; `TZ_CRASH=all`: at every statement, in every way. */
const SAMPLE = process.env.TZ_CRASH === 'all' ? Number.POSITIVE_INFINITY : Number(process.env.TZ_CRASH ?? 1);

let empty: Small;
beforeAll(async () => {
  await makeRoles();
  empty = await createSmall({ fill: (client) => client.query(PROBE) });
});

const starts = new Map<string, Promise<Small>>();

/** A database in which `from` is applied, to copy. */
function startOf({ from }: Scenario): Promise<Small> {
  if (from === undefined) return Promise.resolve(empty);
  const key = JSON.stringify(from);
  const start = starts.get(key) ?? appliedTo(from);
  starts.set(key, start);
  return start;
}

async function appliedTo(from: Parts): Promise<Small> {
  const start = await createSmall({ template: empty.name });
  await applySmall(start, small(from));
  await withClient(start.applier, (client) =>
    client.query('select vault.set_signing_key($1, $2)', [SIGNING.current.id, SIGNING.current.secret]),
  );
  return start;
}

/** Every committed state on the way: nobody else ever sees another one. */
async function walk(start: Small, registry: Registry) {
  const database = await createSmall({ template: start.name });
  const before = await measure(database);
  const between: { statement: number; open: Openness }[] = [];
  const seen = await withClient(database.applier, async (client) => {
    const watched = watch(client, {
      async after(index, sql) {
        if (sql === 'COMMIT' || sql === 'commit')
          between.push({ statement: index, open: await measure(database) });
      },
    });
    const report = await apply(watched.client, registry);
    expect(report.remaining.map(({ unit, name, note }) => `${unit} ${name} ${note}`)).toEqual([]);
    return watched.seen;
  });
  return { before, between, final: await measure(database), statements: seen.length };
}

async function crash(start: Small, registry: Registry, at: number, fault: Fault): Promise<Small> {
  const database = await createSmall({ template: start.name });
  const run = withClient(database.applier, (client: Client) => {
    client.on('error', () => undefined);
    return apply(breakAt(database, client, at, fault).client, registry);
  });
  // The last statements only give the lock back.
  await run.catch(() => undefined);
  return database;
}

function points(statements: number): [at: number, fault: Fault][] {
  const faults: Fault[] = ['throw', 'before', 'after'];
  const every = Array.from({ length: statements }, (_, at) =>
    faults.map((fault) => [at, fault] as [number, Fault]),
  ).flat();
  if (SAMPLE >= every.length) return every;
  // Numbers that share no factor with the length wander over the whole run.
  return Array.from({ length: SAMPLE }, (_, i) => every[((i + 1) * 7919) % every.length] as [number, Fault]);
}

test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s', async (_, scenario) => {
  const start = await startOf(scenario);
  const registry = small(scenario.to);
  const { before, between, final, statements } = await walk(start, registry);
  expect(between.length).toBeGreaterThan(1);
  for (const { statement, open } of between)
    expect({ statement, excess: excess(open, before, final) }).toEqual({ statement, excess: [] });
  for (const [at, fault] of points(statements)) {
    const database = await crash(start, registry, at, fault);
    expect({ at, fault, excess: excess(await measure(database), before, final) }).toEqual({
      at,
      fault,
      excess: [],
    });
    const report = await applySmall(database, registry);
    expect(report.remaining).toEqual([]);
    const again = await withClient(database.applier, (client) =>
      plan(client, registry, { useMemory: false }),
    );
    expect(again.changes).toEqual([]);
  }
});
