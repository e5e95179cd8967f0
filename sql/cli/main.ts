/** The edge of the command line: arguments in, exit code out. The one place that catches and prints errors. */
import { CommanderError } from 'commander';
import { RegistryInvalid } from '../registry';
import { secretsOf, targetOf } from './connection';
import { databaseUrl } from './database-url';
import { EXIT } from './exit-codes';
import { failure } from './failure';
import { type Interrupts, processInterrupts } from './interrupts';
import { quietPipes } from './pipes';
import { buildProgram } from './program';
import { type ProgressLine, progressLine } from './progress';
import { problemAnnotations } from './render/github';
import { fromCommander, Stopped, type UsageError } from './usage';

export async function main(argv: readonly string[]): Promise<number> {
  quietPipes();
  const progress = progressLine(process.stderr);
  return run(
    argv,
    progress,
    processInterrupts(() => progress.clear()),
  );
}

async function run(argv: readonly string[], progress: ProgressLine, interrupts: Interrupts): Promise<number> {
  const print = (text: string) => process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  const shared = { env: process.env, print, progress, interrupts };
  const { program, outcome } = buildProgram(shared);
  try {
    await program.parseAsync(argv, { from: 'user' });
    progress.clear();
    return outcome.exitCode;
  } catch (error) {
    progress.clear();
    if (error instanceof CommanderError) return usage(fromCommander(error));
    if (error instanceof Stopped) {
      process.stderr.write(`${error.message}\n`);
      return EXIT.interrupted;
    }
    if (error instanceof RegistryInvalid && outcome.context?.format === 'github')
      print(problemAnnotations(error.problems));
    return report(error, outcome.context);
  }
}

/** `--help` and `--version` have printed what was asked for; everything else is a mistake in the arguments. */
function usage(error: UsageError | undefined): number {
  if (!error) return EXIT.ok;
  process.stderr.write(`error: ${error.message}\nnext: ${error.next}\n`);
  return EXIT.couldNotRun;
}

async function report(
  error: unknown,
  context: { databaseUrl: string | undefined; env: NodeJS.ProcessEnv } | undefined,
): Promise<number> {
  const url = context && (await databaseUrl(context).catch(() => context.databaseUrl));
  const { message, details, next } = failure(
    error,
    url === undefined ? undefined : targetOf(url),
    url === undefined ? [] : secretsOf(url),
  );
  const lines = [`error: ${message}`, ...details.map((line) => `  ${line}`), `next: ${next}`];
  process.stderr.write(`${lines.join('\n')}\n`);
  if (process.env.TENANT_ZERO_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return EXIT.couldNotRun;
}
