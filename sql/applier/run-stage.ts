/** Many transactions: what is locked by somebody else waits aside while the others go on. */
import { sqlstate } from '../db/errors';
import type { Progress } from './apply';
import { ApplyFailed, type Failure, lockHolders } from './failures';
import { pauseMs, verdict } from './lock';
import { runStep, type Session } from './run-step';
import type { Step } from './steps';

export interface Outcome {
  readonly done: readonly Step[];
  readonly failures: readonly Failure[];
  /** Not what was planned for: a new plan will say. */
  readonly moved: readonly Step[];
}

interface Waiting {
  readonly step: Step;
  attempts: number;
  /** Clock of the first attempt that found it locked. */
  since: number | undefined;
  notBefore: number;
}

/**
 * Runs every step that can be run. A step that is locked is tried again until its own patience ends; one that fails
 * leaves its table as it was, and so do those that need it.
 * @throws ApplyFailed when the connection is lost, and whatever `progress` throws
 */
export async function runStage(
  session: Session,
  steps: readonly Step[],
  progress: (event: Progress) => void,
): Promise<Outcome> {
  const done: Step[] = [];
  const failures: Failure[] = [];
  const moved: Step[] = [];
  /** Of this stage: not done yet, or never to be. */
  const open = new Set(steps.map(({ name }) => name));
  let queue = steps.map((step): Waiting => ({ step, attempts: 0, since: undefined, notBefore: 0 }));
  while (queue.length > 0) {
    const waiting = new Set(queue.map(({ step }) => step.name));
    const lost = queue.filter(({ step }) => step.needs.some((need) => open.has(need) && !waiting.has(need)));
    if (lost.length > 0) {
      for (const { step } of lost) {
        if (step.needs.some((need) => moved.some(({ name }) => name === need))) moved.push(step);
        else failures.push({ unit: step.name, kind: 'blocked', why: `waits for ${step.needs.join(', ')}` });
      }
      queue = queue.filter((each) => !lost.includes(each));
      continue;
    }
    const next = queue.find(
      ({ step, notBefore }) => notBefore <= Date.now() && !step.needs.some((need) => open.has(need)),
    );
    if (!next) {
      await sleepUntil(Math.min(...queue.map(({ notBefore }) => (notBefore > 0 ? notBefore : Infinity))));
      continue;
    }
    const { step } = next;
    progress({ kind: 'unit', unit: step.name, index: done.length + failures.length + 1, of: steps.length });
    const leave = () => {
      queue = queue.filter((each) => each !== next);
    };
    try {
      await runStep(session, step);
      open.delete(step.name);
      done.push(step);
      leave();
    } catch (error) {
      next.attempts += 1;
      switch (verdict(error)) {
        case 'busy': {
          next.since ??= Date.now();
          const waited = Date.now() - next.since;
          if (waited >= session.patience.patienceMs) {
            const holders = await lockHolders(session.client, step.relation);
            failures.push({ unit: step.name, kind: 'locked', why: holders, error });
            leave();
            break;
          }
          progress({ kind: 'retry', unit: step.name, attempt: next.attempts });
          next.notBefore = Date.now() + pauseMs(next.attempts);
          break;
        }
        case 'moved':
          moved.push(step);
          leave();
          progress({ kind: 'failed', unit: step.name });
          break;
        case 'lost':
          throw new ApplyFailed([...failures, { unit: step.name, kind: 'lost', why: text(error), error }]);
        case 'failed':
          // Ours, or a defect: no reason to go on with other tables.
          if (sqlstate(error) === undefined) throw error;
          failures.push({ unit: step.name, kind: 'failed', why: text(error), error });
          leave();
          progress({ kind: 'failed', unit: step.name });
          break;
      }
    }
  }
  return { done, failures, moved };
}

function text(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  return `${message}${code ? ` (${code})` : ''}`;
}

function sleepUntil(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(1, time - Date.now())));
}
