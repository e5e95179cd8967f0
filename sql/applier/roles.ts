/** Roles come first: everything else is granted to them, or made as one of them. */
import type { ClientBase } from 'pg';
import { sqlstate } from '../db/errors';
import { type Change, ROLES_UNIT } from '../planner/change';
import { type Plan, plan } from '../planner/plan';
import type { Registry } from '../registry/types';
import type { Progress } from './apply';
import { ApplyFailed } from './failures';
import type { Holder, LockPatience } from './lock';
import { runStage } from './run-stage';
import { step } from './steps';

interface Given {
  readonly client: ClientBase;
  readonly holder: Holder;
  readonly patience: LockPatience;
}

const ATTEMPTS = 10;

/**
 * Roles belong to the whole cluster: an applier of another database may make the same one at the same moment. That one
 * is as good as ours; the next look says what is left.
 */
export async function applyRoles(
  given: Given,
  registry: Registry,
  first: Plan,
  progress: (event: Progress) => void,
): Promise<{ plan: Plan; applied: readonly Change[] }> {
  const applied: Change[] = [];
  let current = first;
  for (let attempt = 1; ; attempt++) {
    const todo = current.changes.filter(
      (change) => change.unit === ROLES_UNIT && change.sql.length > 0 && change.phase === undefined,
    );
    if (todo.length === 0) return { plan: current, applied };
    const session = { ...given, identity: current.identity, marks: new Map() };
    const { failures, moved } = await runStage(session, [step(ROLES_UNIT, undefined, todo)], progress);
    const raced = moved.length > 0 || failures.some(({ error }) => sqlstate(error) === '23505');
    if (failures.length + moved.length === 0) applied.push(...todo);
    else if (!raced || attempt >= ATTEMPTS) {
      const last = {
        unit: ROLES_UNIT,
        kind: 'moved',
        why: 'others change the same roles again and again',
      } as const;
      throw new ApplyFailed(failures.length > 0 ? failures : [last], given.patience.patienceMs);
    }
    current = await plan(given.client, registry, { joining: true, useMemory: false });
    if (attempt >= ATTEMPTS) return { plan: current, applied };
  }
}
