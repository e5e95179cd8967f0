/** Starts processes, and ends them when somebody presses Ctrl-C: the only file of the access model that does. */
import { spawn } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A signal ends what runs, lets `action` clean up, and then does what it would have done. */
export async function interruptible<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    received = signal;
    controller.abort();
  };
  for (const each of SIGNALS) process.on(each, onSignal);
  try {
    return await action(controller.signal);
  } finally {
    for (const each of SIGNALS) process.off(each, onSignal);
    if (received) process.kill(process.pid, received);
  }
}

export interface Outcome {
  readonly code: number;
  /** Both streams, as they came. */
  readonly output: string;
}

/** Of a hook of git these say where the repository is, and would say so of every worktree. */
const PLACES_OF_GIT = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX'];

export function run(
  command: string,
  args: readonly string[],
  { cwd, signal }: { readonly cwd: string; readonly signal?: AbortSignal },
): Promise<Outcome> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !PLACES_OF_GIT.includes(name)),
  );
  return new Promise((resolve) => {
    // A group of its own: what npm starts is ended with it.
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let output = '';
    const add = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    const end = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      } catch {
        // It has ended by itself in the meantime.
      }
    };
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted) end();
    const finish = (code: number, more = '') => {
      signal?.removeEventListener('abort', end);
      resolve({ code, output: `${output}${more}` });
    };
    child.on('error', (error) => finish(127, error.message));
    child.on('close', (code) => finish(code ?? 1));
  });
}
