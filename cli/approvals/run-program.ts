/** The edge of a command line: arguments in, exit code out. The one place that catches and prints errors. */
import { type Command, CommanderError } from 'commander';
import { CommandError } from '../../sql/db/errors';
import { Interrupted, Refused } from './errors';
import { EXIT, type ExitCode } from './exit-codes';
import type { Io } from './io';
import { plain } from './plain';

/** Set by the command that runs. */
export interface Outcome {
  exitCode: ExitCode;
}

export interface Program {
  readonly program: Command;
  readonly outcome: Outcome;
}

/** @param build - may throw as the commands may */
export async function runProgram(
  argv: readonly string[],
  io: Io,
  build: () => Program | Promise<Program>,
): Promise<ExitCode> {
  try {
    const { program, outcome } = await build();
    quiet(program, io);
    await parse(program, argv);
    return outcome.exitCode;
  } catch (error) {
    return report(error, io);
  }
}

/** A slip in the name of a required option is told as that: commander itself would say that the option is missing. */
async function parse(program: Command, argv: readonly string[]): Promise<void> {
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (codeOf(error) !== 'commander.missingMandatoryOptionValue') throw error;
    requireNothing(program);
    const slip = await program.parseAsync(argv, { from: 'user' }).catch((other: unknown) => other);
    throw codeOf(slip) === 'commander.unknownOption' ? slip : error;
  }
}

const codeOf = (error: unknown) => (error instanceof CommanderError ? error.code : undefined);

/** Nor does anything. */
function requireNothing(command: Command): void {
  for (const option of command.options) option.mandatory = false;
  if (command.commands.length === 0) command.action(() => undefined);
  for (const each of command.commands) requireNothing(each);
}

/** Errors are thrown, not printed, by each command; help goes where results go. */
function quiet(command: Command, io: Io): void {
  command
    .exitOverride()
    .configureOutput({ writeOut: io.stdout, writeErr: () => undefined, outputError: () => undefined })
    .allowExcessArguments(false);
  for (const each of command.commands) quiet(each, io);
}

function report(error: unknown, io: Io): ExitCode {
  const say = (message: string, next: string) =>
    void io.stderr.write(`error: ${plain(message)}\nnext: ${plain(next)}\n`);
  if (error instanceof Interrupted) {
    io.stderr.write(`${error.message}\n`);
    return EXIT.interrupted;
  }
  if (error instanceof CommanderError) return usage(error, say);
  if (error instanceof CommandError) {
    say(error.message, error.next);
    debug(error, io);
    return error instanceof Refused ? EXIT.refused : EXIT.couldNotRun;
  }
  const [first] = (error instanceof Error ? error.message : String(error)).split('\n');
  say(`unexpected: ${first}`, 'this is not an error we know: TENANT_ZERO_DEBUG=1 shows where; report it');
  debug(error, io);
  return EXIT.couldNotRun;
}

function debug(error: unknown, io: Io): void {
  if (io.env.TENANT_ZERO_DEBUG && error instanceof Error) io.stderr.write(`${error.stack}\n`);
}

/** `--help` has printed what was asked for; everything else is a mistake in the arguments. */
function usage(error: CommanderError, say: (message: string, next: string) => void): ExitCode {
  if (error.exitCode === 0) return EXIT.ok;
  if (error.code === 'commander.help') {
    say('no command', '--help lists the commands');
    return EXIT.couldNotRun;
  }
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const meant = /\(Did you mean (.+)\?\)/.exec(rest.join(' '))?.[1];
  // What stands behind `=` of an option that does not exist may be anything, a code among it.
  const message = first.replace(/^(unknown option '[^'=]*)=.*'$/, "$1'").replace(/\.$/, '');
  say(
    message,
    meant === undefined ? '--help lists commands, <command> --help its options' : `write ${meant}`,
  );
  return EXIT.couldNotRun;
}
