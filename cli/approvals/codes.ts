/** One-time codes: typed without echo or read from a pipe; never an argument. */
import { CommandError } from '../../sql/db/errors';
import { type Io, isTerminal } from './io';
import { askHidden, firstLine } from './prompt';

export interface CodeOptions {
  /** Read it from standard input. */
  readonly codeStdin?: boolean;
}

/**
 * Six digits.
 *
 * @throws {CommandError} when there is nobody to ask, or it is no code: the text does not say what was typed
 */
export async function readCode(
  io: Io,
  question: string,
  { codeStdin = false }: CodeOptions,
): Promise<string> {
  requireSomebody(io, { codeStdin });
  // Standard input of a terminal would echo what is typed.
  const typed = await (codeStdin && !io.stdin.isTTY ? firstLine(io) : askHidden(io, question));
  const code = typed.replace(/\s/g, '');
  if (/^\d{6}$/.test(code)) return code;
  throw new CommandError(
    'code-malformed',
    'that is not a code: six digits, spaces do not matter',
    'run the command again; nothing was sent, and it counts as no failure',
  );
}

/** Before anything else is done. @throws {CommandError} when a code could not be asked for */
export function requireSomebody(io: Io, { codeStdin = false }: CodeOptions): void {
  if (codeStdin || isTerminal(io)) return;
  throw new CommandError(
    'no-terminal',
    'there is no terminal to ask for the code on',
    'run it on a terminal, or with --code-stdin and the code on standard input',
  );
}

/** Of the arguments: a code that somebody gives as one. @throws {CommandError} */
export function refuseCodeAsArgument(argv: readonly string[]): void {
  const isGiven = argv.some(
    (each, i) =>
      /^--?code(=|$)/i.test(each) ||
      /^--code-stdin=/i.test(each) ||
      // A number of six digits is nothing else, unless it is the value of an option.
      (/^\d{3}[ -]?\d{3}$/.test(each) && !takesValue(argv[i - 1])),
  );
  if (!isGiven) return;
  throw new CommandError(
    'code-as-argument',
    'a code is not given as an argument: it would stay in the history of the shell, and every process could read it',
    'leave it out: the command asks for it, or reads it from standard input with --code-stdin',
  );
}

/** Undefined: nothing stands before it. */
function takesValue(before: string | undefined): boolean {
  return /^--?[a-z]/i.test(before ?? '') && !/^--(local|code-stdin|yes|wait|write|all)$/.test(before ?? '');
}
