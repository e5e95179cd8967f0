/** Somebody at a terminal who answers questions; or a pipe. */
import { PassThrough } from 'node:stream';
import type { Io } from '../../../../cli/approvals/io';

export interface FakeIo extends Io {
  /** Results. */
  out(): string;
  /** What the terminal shows: questions and whatever is echoed. */
  shown(): string;
  /** The same, with progress that was taken away again. */
  ever(): string;
  /** True while keys are read raw, oldest first. */
  readonly raw: boolean[];
  /** Of the terminal, at the moment when the answer to a question was typed. */
  readonly rawWhenTyped: boolean[];
  readonly sleeps: number[];
}

export interface Sitting {
  /** What is typed when a question that contains the key appears. `\x03` is Ctrl-C, `\x04` the end. */
  readonly types?: Readonly<Record<string, string>>;
  /** What comes through a pipe; there is no terminal then. */
  readonly pipes?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: string;
}

const ESCAPE = String.fromCharCode(27);
const ERASED = new RegExp(`[^\\n]*\\r${ESCAPE}\\[2K`);
/** Of readline's questions. */
const CURSOR = new RegExp(`${ESCAPE}\\[[0-9;]*[A-Z]`);

export const NOW = '2026-11-21T11:00:00.000Z';

export function fakeIo({ types, pipes, env = {}, now = NOW }: Sitting = {}): FakeIo {
  const isTTY = types !== undefined;
  let out = '';
  let shown = '';
  const raw: boolean[] = [];
  const rawWhenTyped: boolean[] = [];
  const sleeps: number[] = [];
  const open = new Map(Object.entries(types ?? {}));
  const stdin = Object.assign(new PassThrough(), {
    isTTY,
    setRawMode: (on: boolean) => void raw.push(on),
  });
  if (pipes !== undefined) stdin.end(pipes);
  const type = () => {
    for (const [question, answer] of open) {
      if (!shown.includes(question)) continue;
      open.delete(question);
      // Later, as people do: the question is asked before anybody answers.
      setTimeout(() => {
        rawWhenTyped.push(raw.at(-1) === true);
        stdin.write(answer === '\x03' || answer === '\x04' ? answer : `${answer}\r`);
      }, 5);
    }
  };
  return {
    stdout: (text) => {
      out += text;
    },
    stderr: {
      isTTY,
      columns: 200,
      write: (text: string) => {
        shown += text;
        type();
        return true;
      },
    },
    stdin,
    env,
    now: () => new Date(now),
    sleep: async (milliseconds) => void sleeps.push(milliseconds),
    out: () => out,
    // A line that is taken away is gone, as on a terminal.
    shown: () => shown.split(ERASED).join('').split(CURSOR).join(''),
    ever: () => shown,
    raw,
    rawWhenTyped,
    sleeps,
  };
}
