/** How a command ends when it does not do what was asked. `runProgram` prints them, once. */
import { CommandError } from '../../sql/db/errors';

/** It ran, and the answer is no: exit code 1. Anything else that is thrown is 2. */
export class Refused extends CommandError {}

/** Ctrl-C while a question was open: exit code 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
