/** What every command has: options that say where and as whom, help with examples, and a session to work with. */
import { Command, Option } from 'commander';
import { progressLine } from '../../sql/cli/progress';
import { type Approvals, approvals } from '../approvals/client';
import { EXIT_CODES, type ExitCode } from '../approvals/exit-codes';
import type { Io } from '../approvals/io';
import { plainJson } from '../approvals/plain';
import type { Outcome } from '../approvals/run-program';
import { type Target, type TargetOptions, targetOf } from '../approvals/target';

export interface CommonOptions extends TargetOptions {
  readonly format: 'table' | 'json';
}

/** Where a command is added to, and what it works with. */
export interface Shell {
  readonly io: Io;
  readonly outcome: Outcome;
}

export interface Session {
  readonly io: Io;
  readonly target: Target;
  readonly approvals: Approvals;
  readonly progress: ReturnType<typeof progressLine>;
  readonly format: 'table' | 'json';
  /** A result: what the function answered, exactly, or the same in words. */
  print(result: object, words: () => string): void;
  /** What leads up to a question. */
  tell(words: string): void;
}

export interface Spec {
  readonly name: string;
  readonly summary: string;
  /** What stands behind `sensitive-access `. */
  readonly examples: readonly string[];
  readonly more?: string;
}

export function command({ name, summary, examples, more }: Spec): Command {
  return new Command(name)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
    .addOption(new Option('--format <format>', 'of the result').choices(['table', 'json']).default('table'))
    .option('--local', 'the endpoints that npm start runs, instead of AWS')
    .option('--profile <name>', 'whose credentials: a profile of AWS; with --local, somebody of the demo')
    .option('--stage <name>', 'which stage (default: TZ_STAGE)')
    .option('--region <name>', 'where it is (default: AWS_REGION, or the region of the profile)')
    .addHelpText(
      'after',
      [
        ...(more === undefined ? [] : ['', more]),
        '',
        'Examples:',
        ...examples.map((each) => `  npm run -s sensitive-access -- ${each}`),
        '',
        EXIT_CODES,
      ].join('\n'),
    );
}

type Run<O> = (session: Session, options: O & CommonOptions, argument: string) => Promise<ExitCode>;

/** The action of a command: its first argument, if it has one, and its options. */
export function running<O extends object>({ io, outcome }: Shell, run: Run<O>) {
  return async (...given: unknown[]): Promise<void> => {
    const self = given.at(-1) as Command;
    const options = self.opts<O & CommonOptions>();
    const session = await openSession(io, options);
    try {
      outcome.exitCode = await run(session, options, String(self.args[0] ?? ''));
    } finally {
      session.progress.clear();
      session.approvals.close();
    }
  };
}

async function openSession(io: Io, options: CommonOptions): Promise<Session> {
  const { format } = options;
  const target = await targetOf(options, io.env);
  const progress = progressLine(io.stderr);
  return {
    io,
    target,
    progress,
    format,
    approvals: approvals(target, io, progress),
    print: (result, words) => io.stdout(`${format === 'json' ? plainJson(result, 2) : words()}\n`),
    tell: (words) => void io.stderr.write(`${words}\n`),
  };
}
