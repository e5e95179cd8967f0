/** Input is checked here first, by the function's own rules: a slip costs no call, and a slip in a code no try. */
import type { z } from 'zod';
import { INPUTS, type Input, type Operation } from '../../lambda/approvals/protocol';
import { CommandError } from '../../sql/db/errors';

/** How people give each property. */
const GIVEN_AS: Readonly<Record<string, string>> = {
  request: 'ID',
  shell: 'ID',
  name: 'NAME',
  code: 'the code',
  access: '--write',
};

/** What is no option is told with what was given: there is no name to find it by. */
const SHOWN: ReadonlySet<string> = new Set(['request', 'shell', 'name']);

/** Where the words of zod are for programs. */
const WORDS: Readonly<Record<string, string>> = {
  request: 'is not the id of a request, such as list prints it',
  shell: 'is not the id of a shell, such as list prints it',
  minutes: 'is not a number of minutes from 1 to 1440',
  organization: 'is not the key of an organization; own is the own tenant',
};

/** @returns what is sent: JSON, with nothing undefined in it
 *  @throws {CommandError} that names every property which is wrong */
export function checkedInput<O extends Operation>(operation: O, given: Input<O>): unknown {
  const { error } = (INPUTS[operation] as z.ZodType).safeParse(given);
  if (error === undefined) return JSON.parse(JSON.stringify(given));
  const problems = error.issues.map(({ path, message }) => {
    const name = String(path[0] ?? '');
    const value = SHOWN.has(name) ? ` ${String(Object(given)[name]).slice(0, 60)}` : '';
    return `${GIVEN_AS[name] ?? `--${name}`}${value} ${WORDS[name] ?? message}`;
  });
  throw new CommandError(
    'input-invalid',
    [...new Set(problems)].join('; '),
    'correct it and run the command again; nothing was sent',
  );
}
