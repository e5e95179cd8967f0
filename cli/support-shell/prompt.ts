/** A small prompt for where there is no psql, and for pipes: statements up to their `;`, rows, errors. No history. */
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Client } from 'pg';
import type { Io } from '../approvals/io';
import { type Answer, answerText, errorText } from './answer';
import { split } from './statements';

export interface Prompting {
  readonly client: Client;
  readonly io: Pick<Io, 'stdout' | 'stdin' | 'stderr'>;
  /** `support-shell uma@example.com read-only` */
  readonly name: string;
  /** Ends the statement that runs. */
  cancel(): Promise<void>;
}

/** Values as the server wrote them: no number is rounded, no time moved. */
const AS_TEXT = { getTypeParser: () => (value: string) => value };

/** One statement. @throws what the server says */
export async function runStatement(client: Client, text: string): Promise<string> {
  const answer = await client.query({ text, rowMode: 'array', types: AS_TEXT } as never);
  return answerText(answer as unknown as Answer);
}

/** Until `\q` or the end of the input. Resolves to whether every statement succeeded: for pipes. */
export async function prompt(prompting: Prompting): Promise<boolean> {
  const { client, io, name } = prompting;
  const interactive = io.stdin.isTTY === true;
  const lines = createInterface({
    input: io.stdin,
    ...(interactive ? { output: echo(io.stderr) } : {}),
    terminal: interactive,
    historySize: 0,
  });
  let text = '';
  let succeeded = true;
  let running = false;
  const ready = () => {
    lines.setPrompt(`${name}${text === '' ? '=' : '-'}> `);
    if (interactive) lines.prompt();
  };
  lines.on('SIGINT', () => {
    // As psql: cancels the statement that runs; else what was typed is forgotten.
    if (running) return void prompting.cancel().catch(() => undefined);
    text = '';
    io.stderr.write('\n');
    ready();
  });
  const lost = endOf(client, lines);
  ready();
  for await (const line of lines) {
    if (line.trim() === '\\q') break;
    if (/^\s*\\/.test(line) && text === '') {
      io.stderr.write('this small prompt knows \\q and nothing else that begins with a backslash\n');
    } else {
      const { statements, rest } = split(`${text}${line}\n`);
      text = rest;
      for (const statement of statements) {
        running = true;
        const done = await attempt(prompting, statement);
        running = false;
        succeeded &&= done;
      }
    }
    if (lost.happened) break;
    ready();
  }
  lines.close();
  // A pipe may end without the last `;`.
  if (text.trim() !== '' && !interactive && !lost.happened)
    succeeded = (await attempt(prompting, text)) && succeeded;
  if (lost.happened) io.stderr.write(`the server ended this session${lost.why ? `: ${lost.why}` : ''}\n`);
  return succeeded && !lost.happened;
}

async function attempt({ client, io }: Prompting, statement: string): Promise<boolean> {
  try {
    io.stdout(`${await runStatement(client, statement)}\n`);
    return true;
  } catch (error) {
    io.stderr.write(`${errorText(error)}\n`);
    return false;
  }
}

/** Prompts and what is typed are for the terminal: stdout is for rows. */
function echo(stderr: Io['stderr']): NodeJS.WritableStream {
  const stream = new Writable({
    write(chunk, _encoding, done) {
      stderr.write(String(chunk));
      done();
    },
  });
  return Object.assign(stream, { columns: stderr.columns ?? 80 });
}

/** A revocation ends the session from the other side: then there is nobody to type for. */
function endOf(client: Client, lines: Interface): { happened: boolean; why: string } {
  const lost = { happened: false, why: '' };
  client.on('error', (error) => {
    lost.why = error.message;
  });
  client.on('end', () => {
    lost.happened = true;
    lines.close();
  });
  return lost;
}
