/** The approval function as command lines see it: one method. */
import { randomUUID } from 'node:crypto';
import type { Input, Operation, Results } from '../../lambda/approvals/protocol';
import type { ProgressLine } from '../../sql/cli/progress';
import { checkedInput } from './input';
import { Invoker, type Tries } from './invoke';
import type { Io } from './io';
import { signCall } from './sign';
import type { Target } from './target';

export interface Approvals {
  /**
   * Signs and sends one call. Nothing happens twice, however often it is tried.
   *
   * @throws {Refused} when the function says no
   * @throws {CommandError} when it could not be asked, or failed
   */
  call<O extends Operation>(operation: O, input: Input<O>): Promise<Results[O]>;
  close(): void;
}

export function approvals(
  target: Target,
  io: Pick<Io, 'now' | 'sleep'>,
  progress: ProgressLine,
  tries: Partial<Tries> = {},
): Approvals {
  const invoker = new Invoker({
    target,
    sleep: io.sleep,
    again: (count) => progress.show(`no answer yet: the same call once more (${count})`),
    tries,
  });
  const signing = { ...target, now: io.now };
  return {
    async call<O extends Operation>(operation: O, given: Input<O>) {
      const call = {
        version: 1 as const,
        id: randomUUID(),
        operation,
        input: checkedInput(operation, given),
      };
      progress.show('asking the function ...');
      try {
        return await invoker.invoke<O>(call, () => signCall(signing, call));
      } finally {
        progress.clear();
      }
    },
    close: () => invoker.close(),
  };
}
