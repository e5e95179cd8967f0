/** Where a command reads from and writes to: replaced in tests. */
import type { ErrorStream } from '../../sql/cli/progress';

/** Standard input: of a terminal it can be read without echo. */
export type Input = NodeJS.ReadableStream & {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
};

export interface Io {
  /** Results, and nothing else. */
  stdout(text: string): void;
  /** Questions, what leads up to them, progress and errors. */
  readonly stderr: ErrorStream;
  readonly stdin: Input;
  readonly env: Readonly<Record<string, string | undefined>>;
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
}

export function processIo(): Io {
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: process.stderr,
    stdin: process.stdin,
    env: process.env,
    now: () => new Date(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}

/** Somebody is there to answer a question, and sees it. */
export function isTerminal({ stdin, stderr }: Pick<Io, 'stdin' | 'stderr'>): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}
