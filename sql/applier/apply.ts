/** Runs a plan: a transaction per table, closing before opening, resumable at every point. */
import type { ClientBase } from 'pg';
import type { Change } from '../planner/change';
import { type Plan, plan } from '../planner/plan';
import type { Registry } from '../registry/types';
import { ApplyFailed } from './failures';
import { requireWritable } from './ground';
import { DEFAULT_PATIENCE, type Holder, type LockPatience, withApplyLock } from './lock';
import { readMarks } from './marks';
import { preflight } from './preflight';
import { forget, remember } from './remember';
import { applyRoles } from './roles';
import { identityOf, type PassOutcome, runPass } from './run-pass';
import { select } from './select';

export type Progress =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'planned'; readonly units: number; readonly changes: number }
  /** It is begun; again after each `retry`. */
  | { readonly kind: 'unit'; readonly unit: string; readonly index: number; readonly of: number }
  /** It is locked, was rolled back, and comes up again later. */
  | { readonly kind: 'retry'; readonly unit: string; readonly attempt: number }
  /** It was rolled back, and the others go on. */
  | { readonly kind: 'failed'; readonly unit: string };

export interface ApplyOptions {
  /** Relations as `schema.name`: these only, with what they depend on. */
  readonly only?: readonly string[];
  readonly patience?: LockPatience;
  readonly progress?: (event: Progress) => void;
  /**
   * Believe what the last complete apply of this very registry wrote down about expressions. Default: true. Without it
   * expressions are printed on a scratch schema that is rolled back, also when nothing differs.
   */
  readonly useMemory?: boolean;
}

export interface ApplyReport {
  /** What was changed. */
  readonly applied: readonly Change[];
  /** What is still to do: manual changes, and tables left out by `only`. */
  readonly remaining: readonly Change[];
  /** The plan after applying. */
  readonly plan: Plan;
  readonly registryHash: string;
}

/** Tables that are created or changed while an apply runs are looked at again so often. */
const PASSES = 4;

/**
 * Brings the database to what the registry says. When something fails, everything that does not rest on it is applied
 * all the same, and the error names all that is left.
 *
 * @throws CommandError `missing-privilege`, `read-only` (nothing was changed), `pooled-connection`
 * @throws ApplyFailed `lock-timeout`, `connection-lost`, `apply-failed`
 */
export async function apply(
  client: ClientBase,
  registry: Registry,
  options: ApplyOptions = {},
): Promise<ApplyReport> {
  const progress = options.progress ?? (() => undefined);
  await requireWritable(client);
  return withApplyLock(
    client,
    () => progress({ kind: 'waiting' }),
    (holder) => run(client, registry, holder, progress, options),
  );
}

async function run(
  client: ClientBase,
  registry: Registry,
  holder: Holder,
  progress: (event: Progress) => void,
  options: ApplyOptions,
): Promise<ApplyReport> {
  const { only, patience = DEFAULT_PATIENCE, useMemory = true } = options;
  const first = await plan(client, registry, { joining: true, useMemory });
  if (first.changes.length > 0) preflight(first, select(first, only));
  const doable = (each: Plan) => select(each, only).filter((change) => change.sql.length > 0);
  if (doable(first).length === 0) {
    progress({ kind: 'planned', units: 0, changes: 0 });
    if (first.changes.length === 0) await remember(client, first, registry);
    return report(first, [], registry);
  }
  const roles = await applyRoles({ client, holder, patience }, registry, first, progress);
  const applied = [...roles.applied];
  let current = roles.plan;
  let outcome: PassOutcome | undefined;
  let after: Plan | undefined;
  for (let pass = 1; pass <= PASSES; pass++) {
    // Marks first: what changes after this is either in the plan or noticed under the lock.
    const marks = await readMarks(client);
    current = await plan(client, registry, { useMemory: false });
    const settled = new Set(applied.map(identityOf));
    const withheld = new Set(outcome?.withheld.map(identityOf));
    const failed = new Set(outcome?.failures.map(({ unit }) => unit));
    const moved = new Set(outcome?.moved);
    const todo = doable(current).filter(
      (change) => !failed.has(change.unit) && (moved.has(change.unit) || !settled.has(identityOf(change))),
    );
    // Who could not be let in for what is not done is asked about again when something else is.
    if (todo.every((change) => withheld.has(identityOf(change)))) {
      after = current;
      break;
    }
    if (pass === 1) await forget(client, current);
    progress({ kind: 'planned', units: new Set(todo.map(({ unit }) => unit)).size, changes: todo.length });
    const session = { client, holder, identity: current.identity, marks, patience };
    const before = outcome;
    outcome = await runPass(session, current, todo, progress, { whole: only === undefined });
    applied.push(...outcome.applied);
    outcome = { ...outcome, failures: [...(before?.failures ?? []), ...outcome.failures] };
    if (outcome.foundation === 'failed') break;
  }
  // Read back without believing anything: what the catalog says now is the result.
  after ??= await plan(client, registry, { useMemory: false });
  const unfinished = new Set(doable(after).map(({ unit }) => unit));
  const failures = [
    ...(outcome?.failures ?? []),
    ...(outcome?.moved ?? [])
      .filter((unit) => unfinished.has(unit))
      .map((unit) => ({ unit, kind: 'moved' as const, why: 'it changes while it is being applied' })),
  ];
  await remember(client, after, registry);
  if (failures.length > 0) throw new ApplyFailed(failures, patience.patienceMs);
  return report(after, applied, registry);
}

function report(after: Plan, applied: readonly Change[], registry: Registry): ApplyReport {
  return { applied, remaining: after.changes, plan: after, registryHash: registry.hash };
}
