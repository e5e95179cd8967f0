/** One way through a plan, stage by stage. */
import type { Change } from '../planner/change';
import { GUARD_UNIT, ROLES_UNIT } from '../planner/change';
import type { Plan } from '../planner/plan';
import type { Progress } from './apply';
import { exposes } from './exposes';
import type { Failure } from './failures';
import { runStage } from './run-stage';
import type { Session } from './run-step';
import { type Stages, type Step, stagesOf, step } from './steps';
import { readViewBases } from './view-bases';

export interface PassOutcome {
  readonly applied: readonly Change[];
  readonly failures: readonly Failure[];
  /** Units that are not what the plan took them for. */
  readonly moved: readonly string[];
  /** Would let somebody at tables that are not done. */
  readonly withheld: readonly Change[];
  /** Without it no table may be opened. */
  readonly foundation: 'done' | 'failed';
}

/** The same change, in whatever plan. */
export const identityOf = ({ unit, kind, action, name }: Change): string =>
  JSON.stringify([unit, kind, action, name]);

/** `whole`: nothing was left out by `only`. */
export async function runPass(
  session: Session,
  plan: Plan,
  todo: readonly Change[],
  progress: (event: Progress) => void,
  { whole }: { whole: boolean },
): Promise<PassOutcome> {
  const views = await readViewBases(session.client, plan, todo);
  const withheld = todo.filter((change) => views.blocked.has(change.unit));
  const stages = stagesOf(
    plan,
    todo.filter((change) => !views.blocked.has(change.unit)),
    views.needs,
  );
  const applied: Change[] = [];
  const failures: Failure[] = [];
  const moved: string[] = [];
  const run = async (steps: readonly Step[]): Promise<boolean> => {
    const outcome = await runStage(session, steps, progress);
    applied.push(...outcome.done.flatMap((each) => [...each.prelude, ...each.changes]));
    failures.push(...outcome.failures);
    moved.push(...outcome.moved.flatMap(unitsOf));
    return outcome.failures.length + outcome.moved.length === 0;
  };
  const answer = (foundation: PassOutcome['foundation']): PassOutcome => ({
    applied,
    failures,
    moved,
    withheld,
    foundation,
  });
  // Each stage makes the next one safe: a failure here ends the pass, and nothing has been opened.
  if (!(await run(stages.closing)) || !(await run(stages.foundation))) {
    if (failures.length === 0) return answer('done');
    failures.push(...notBegun(stages, failures));
    return answer('failed');
  }
  const clean = await run(stages.relations);
  const unfinished = unfinishedUnits(plan, applied);
  const opening = stages.opening.filter((change) => exposes(plan, change, unfinished).length === 0);
  withheld.push(...stages.opening.filter((change) => !opening.includes(change)));
  for (const unit of [ROLES_UNIT, GUARD_UNIT]) {
    const changes = opening.filter((change) => change.unit === unit);
    if (changes.length > 0) await run([step(unit, undefined, changes)]);
  }
  if (clean && whole) await run(stages.after);
  return answer('done');
}

/** A step that does two units' work. */
function unitsOf({ prelude, changes }: Step): string[] {
  return [...new Set([...prelude, ...changes].map(({ unit }) => unit))];
}

/** Of what comes after the closing. */
function notBegun(stages: Stages, failures: readonly Failure[]): Failure[] {
  const known = new Set(failures.map(({ unit }) => unit));
  return [...stages.foundation, ...stages.relations]
    .filter(({ name }) => !known.has(name))
    .map(({ name }) => ({ unit: name, kind: 'blocked', why: 'rests on what failed' }));
}

/** Relations with changes that could be made and were not. */
function unfinishedUnits(plan: Plan, applied: readonly Change[]): ReadonlySet<string> {
  const done = new Set(applied.map(identityOf));
  return new Set(
    plan.changes
      .filter((change) => change.sql.length > 0 && change.phase !== 'open' && !done.has(identityOf(change)))
      .map(({ unit }) => unit),
  );
}
