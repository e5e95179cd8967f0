/** Runs the files of `bin/` as processes of their own, as a shell does. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

const ROOT = path.join(__dirname, '../../..');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The process, and what comes of it. */
export function start(
  script: 'rls' | 'start' | 'sensitive-access' | 'support-shell',
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = '',
): { child: ChildProcess; ran: Promise<Ran>; stderr: () => string; stdout: () => string } {
  const child = spawn(process.execPath, ['--import', 'tsx', `bin/${script}.ts`, ...args], {
    cwd: ROOT,
    // A server that somebody runs in the working directory is not the tests' business.
    env: { PATH: process.env.PATH, TENANT_ZERO_DIRECTORY: path.join(ROOT, 'no-such-directory'), ...env },
  });
  child.stdin.end(input);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const ran = new Promise<Ran>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  return { child, ran, stderr: () => stderr, stdout: () => stdout };
}

export function rls(...args: string[]): Promise<Ran> {
  return start('rls', args).ran;
}

/** Waits until `holds`, at most half a minute. */
export async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !holds(); ) {
    if (Date.now() > end) throw new Error('it did not come to that within 30 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
