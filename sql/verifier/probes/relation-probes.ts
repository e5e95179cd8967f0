/** Probes of everything that is not a registered table: unregistered and excluded relations, views. */
import type { ClientBase } from 'pg';
import type { Relation } from '../../compiler/bound';
import type { SigningKey } from '../../db/token';
import type { RoleEntry, Verb } from '../../registry/types';
import { CannotBuildError } from './cannot-build';
import { type Case, judge, runCases } from './cases';
import { closedCases, VIEW_SQL, viewCases, viewShapes } from './other-relations';
import { makeProbeRows } from './probe-rows';
import type { Recorder } from './recorder';
import type { ProbeMode } from './report';
import type { RowPlans } from './row-plan';
import type { ProbeSession } from './session';
import { RowMaker } from './synthesize';
import type { World } from './world';
import { makeWorld } from './world-setup';

export interface RelationProbes {
  readonly client: ClientBase;
  readonly session: ProbeSession;
  readonly key: SigningKey;
  readonly plans: RowPlans;
  readonly recorder: Recorder;
  readonly mode: ProbeMode;
}

/** Relations per round trip: one statement timeout covers them all. */
const CHUNK = 50;

export async function probeRelations(probes: RelationProbes): Promise<void> {
  const { registry, unregistered, excluded, views } = probes.plans.registry;
  const may = (grants: Readonly<Record<string, readonly Verb[]>>, role: RoleEntry) =>
    grants[role.name]?.includes('select') === true;
  const closed = (relation: Relation, but: (role: RoleEntry) => boolean) =>
    registry.roles
      .filter((role) => !but(role))
      .flatMap((role) => closedCases(relation, role).map((each) => [relation.text, each] as const));
  const cases = [
    ...unregistered.flatMap(({ relation }) => closed(relation, () => false)),
    ...excluded.flatMap(({ relation, entry }) => closed(relation, (role) => may(entry.grants, role))),
  ];
  for (let from = 0; from < cases.length; from += CHUNK)
    await measure(probes, cases.slice(from, from + CHUNK));
  if (views.length === 0) return;

  const { rows } = await probes.client.query<{ view: number; columns: string[]; bases: number[] }>(VIEW_SQL, [
    views.map(({ relation }) => relation.oid),
  ]);
  const shapes = viewShapes(
    probes.plans.registry,
    views.map(({ relation }) => relation),
    rows,
  );
  const world = await worldWithRows(
    probes,
    new Set(shapes.flatMap((view) => view.bases.map((table) => table.relation.oid))),
  );
  for (const view of shapes) {
    const entry = views.find(({ relation }) => relation.oid === view.relation.oid)?.entry;
    const all = registry.roles.flatMap((role) =>
      viewCases(view, role, world, entry !== undefined && may(entry.grants, role)),
    );
    await measure(
      probes,
      all.map((each) => [view.relation.text, each] as const),
    );
  }
}

/** Organizations with rows in the tables below the views: a view over empty tables shows nothing of anybody. */
async function worldWithRows(
  { session, key, plans, recorder, mode }: RelationProbes,
  tables: ReadonlySet<number>,
): Promise<World> {
  const none: World = { key, organizations: new Map(), hidden: new Set(), staff: undefined };
  if (mode === 'existing') return none;
  const maker = new RowMaker(session, plans);
  try {
    const world = await makeWorld(maker, plans.registry, key);
    for (const table of plans.registry.tables.filter(({ relation }) => tables.has(relation.oid))) {
      const shape = plans.catalog.get(table.relation.oid);
      if (!shape) continue;
      await makeProbeRows(maker, { bound: plans.registry, table, shape, world });
    }
    return world;
  } catch (error) {
    if (!(error instanceof CannotBuildError)) throw error;
    recorder.unproved(error.table, error.message, error.fix);
    return none;
  }
}

async function measure(
  { session, recorder }: RelationProbes,
  cases: readonly (readonly [string, Case])[],
): Promise<void> {
  const results = await runCases(
    session,
    cases.map(([, each]) => each),
  );
  for (const [i, [table, each]] of cases.entries()) {
    recorder.add(table, [
      [each, judge(each, results[i] ?? { rows: undefined, sqlstate: undefined, message: undefined })],
    ]);
  }
}
