/** One `npm start` per folder. A lock whose owner is dead is taken over. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { CommandError } from '../db/errors';
import { type Home, isAlive, readJson } from './home';

interface LockFile {
  readonly pid: number;
  /** Tells two owners with the same process id apart: in containers ids come again. */
  readonly token: string;
}

/** Returns the way to give it back. @throws CommandError `already-running` */
export async function takeLock(home: Home): Promise<() => Promise<void>> {
  await mkdir(home.directory, { recursive: true });
  const mine: LockFile = { pid: process.pid, token: randomBytes(8).toString('hex') };
  const draft = `${home.lock}.${mine.token}`;
  await writeFile(draft, JSON.stringify(mine));
  try {
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      if (await linked(draft, home.lock)) return () => release(home, mine);
      const other = await readJson<LockFile>(home.lock);
      if (other && other.pid !== process.pid && (await isStart(other.pid))) throw await running(home, other);
      await rm(home.lock, { force: true });
    }
    throw new CommandError(
      'already-running',
      'another npm start is starting here',
      'wait for it, or stop it',
    );
  } finally {
    await rm(draft, { force: true });
  }
}

/** A link appears whole or not at all, and for one of two that try. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function release(home: Home, mine: LockFile): Promise<void> {
  const now = await readJson<LockFile>(home.lock);
  if (now?.token === mine.token) await rm(home.lock, { force: true });
}

/** The process lives, and is one of ours: after a crash its id may belong to anything. */
async function isStart(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const command = await commandOf(pid);
  return command === undefined || /start\.ts/.test(command);
}

/** The command line of a process; undefined where the system does not tell. */
export async function commandOf(pid: number): Promise<string | undefined> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
  } catch {
    // No /proc: macOS.
  }
  try {
    return (await promisify(execFile)('ps', ['-o', 'args=', '-p', String(pid)])).stdout.trim();
  } catch {
    return undefined;
  }
}

async function running(home: Home, other: LockFile): Promise<CommandError> {
  const server = await readJson<{ port: number }>(home.server);
  return new CommandError(
    'already-running',
    server
      ? `npm start is running already (process ${other.pid}), its server listens on 127.0.0.1:${server.port}`
      : `npm start is just starting (process ${other.pid})`,
    `use it, or stop it with Ctrl-C or: kill ${other.pid}`,
  );
}
