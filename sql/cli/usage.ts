/** Mistakes in the arguments, in our words and with our exit code. */
import { type CommanderError, InvalidArgumentError } from 'commander';

export interface UsageError {
  readonly message: string;
  readonly next: string;
}

/** A command that was interrupted and came to a safe point. `message` says what is done. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Undefined: not an error, help was asked for. */
export function fromCommander(error: CommanderError): UsageError | undefined {
  if (error.exitCode === 0) return undefined;
  if (error.code === 'commander.help') {
    return { message: 'no command', next: 'rls --help lists the commands' };
  }
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const meant = /\(Did you mean (.+)\?\)/.exec(rest.join(' '))?.[1];
  return {
    message: first.replace(/\.$/, ''),
    next:
      meant === undefined
        ? 'rls --help lists the commands, rls <command> --help its options'
        : `write ${meant}`,
  };
}

/** For options that are numbers: whole ones, from `least` on. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < least)
      throw new InvalidArgumentError(`It must be a whole number, ${least} or more.`);
    return number;
  };
}
