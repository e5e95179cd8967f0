/** Questions to whoever sits at the terminal. They go to stderr: stdout is for results. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { CommandError } from '../../sql/db/errors';
import { Interrupted } from './errors';
import type { Io } from './io';

/** Takes what readline would echo. */
const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });

/**
 * One line, seen as it is typed.
 *
 * @throws {Interrupted} on Ctrl-C
 * @throws {CommandError} when the input ends without one
 */
export function ask(io: Io, question: string): Promise<string> {
  const echo = new Writable({
    write(chunk, _encoding, done) {
      io.stderr.write(String(chunk));
      done();
    },
  });
  return read(io, question, echo);
}

/** One line that nobody sees: neither terminal nor history have it. Throws as `ask` does. */
export async function askHidden(io: Io, question: string): Promise<string> {
  io.stderr.write(question);
  try {
    // `terminal` puts it into raw mode, so that the terminal itself echoes nothing either.
    return await read(io, '', nowhere());
  } finally {
    io.stderr.write('\n');
  }
}

function read({ stdin }: Io, question: string, output: Writable): Promise<string> {
  const lines = createInterface({ input: stdin, output, terminal: true, historySize: 0 });
  return new Promise<string>((resolve, reject) => {
    lines.once('SIGINT', () => reject(new Interrupted('interrupted: nothing was sent')));
    lines.once('close', () => reject(noAnswer()));
    lines.question(question, resolve);
  }).finally(() => lines.close());
}

/** The first line of a pipe. */
export async function firstLine(io: Io): Promise<string> {
  const lines = createInterface({ input: io.stdin, terminal: false });
  try {
    for await (const line of lines) return line;
    throw noAnswer();
  } finally {
    lines.close();
  }
}

export function noAnswer(): CommandError {
  return new CommandError(
    'no-answer',
    'the input ended without an answer',
    'run the command again, and answer',
  );
}
