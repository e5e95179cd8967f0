/** Statements that a promise excepts, with the reason. One that excepts nothing any more is a failure of its own. */
import type { Policy, Statement } from '../policy/document';
import type { Failure } from './check';
import { isLike } from './glob';
import type { Promises } from './promises';

export interface Found {
  readonly policy: Policy;
  readonly statement: Statement;
}

export type Exceptions = Promises['outside'];

/** @param word - for the ids of failures: `for anybody` */
export function unexcepted(
  found: readonly Found[],
  exceptions: Exceptions,
  word: string,
  message: (each: Found) => string,
): Failure[] {
  const covers = (exception: Exceptions[number], { policy, statement }: Found) =>
    isLike(exception.policy, policy.id) && isLike(exception.statement, statement.name);
  const stale = exceptions.filter((exception) => !found.some((each) => covers(exception, each)));
  return [
    ...found
      .filter((each) => !exceptions.some((exception) => covers(exception, each)))
      .map((each) => ({ id: `${each.policy.id} ${each.statement.name} ${word}`, message: message(each) })),
    ...stale.map(({ policy, statement }) => ({
      id: `no ${policy} ${statement}`,
      message: `statement ${statement} of ${policy} is excepted, and there is nothing to except`,
    })),
  ];
}
