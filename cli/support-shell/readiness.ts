/** Whether a shell may be opened: a list of conditions over facts. All of them hold, or nothing is opened. Pure. */
import { Refused } from '../approvals/errors';
import type { Condition } from './conditions/condition';
import { DEFINITION } from './conditions/definition';
import { CLUSTER, MACHINE, SERVICE } from './conditions/service';
import { TASKS } from './conditions/task';
import type { Facts } from './facts';

/** In the order in which people mend them. */
export const CONDITIONS: readonly Condition[] = [...MACHINE, ...CLUSTER, ...SERVICE, ...DEFINITION, ...TASKS];

export interface Failing {
  readonly condition: Condition;
  readonly found: string;
  readonly passing: boolean;
}

/** Those that do not hold; a condition that cannot be weighed does not hold. */
export function failing(facts: Facts, conditions: readonly Condition[] = CONDITIONS): Failing[] {
  return conditions.flatMap((condition) => {
    try {
      const doubt = condition.holds(facts);
      return doubt === null ? [] : [{ condition, ...doubt }];
    } catch (error) {
      return [{ condition, found: `it cannot be weighed: ${(error as Error).message}`, passing: false }];
    }
  });
}

/** Two lines for each: what is wrong, and who can mend it. */
export function conditionLines(list: readonly Failing[]): string[] {
  return list.flatMap(({ condition: { id, what, whoMends }, found }) => [
    `not so: ${what} [${id}]: ${found}`,
    `        who can mend it: ${whoMends}`,
  ]);
}

/** There is no other shell to fall back to. */
export function notReady(name: string, list: readonly Failing[], waitedSeconds = 0): Refused {
  const ids = list.map(({ condition }) => condition.id).join(', ');
  const onlyWaits = list.every(({ passing }) => passing);
  return new Refused(
    list[0]?.condition.id ?? 'not-ready',
    `${name} is not ready${waitedSeconds > 0 ? ` after ${waitedSeconds} s` : ''}: ${ids}`,
    onlyWaits
      ? 'this passes by itself: run the command again, with a longer --wait'
      : 'it is written above who can mend it; there is no other way in',
  );
}
