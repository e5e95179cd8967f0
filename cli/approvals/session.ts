/** What every command works with: options that say where and as whom, and a session. */
import type { Command } from 'commander';
import { progressLine } from '../../sql/cli/progress';
import { type Approvals, approvals } from './client';
import type { ExitCode } from './exit-codes';
import type { Io } from './io';
import { plainJson } from './plain';
import type { Outcome } from './run-program';
import { type Target, type TargetOptions, targetOf } from './target';

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
