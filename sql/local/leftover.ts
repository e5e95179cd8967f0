/** A server of our own folder that outlived its `npm start`, which somebody killed. It is ended, cleanly. */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../db/errors';
import { type Home, isAlive } from './home';
import { commandOf } from './lock';

/** Returns whether there was one. */
export async function stopLeftover(home: Home): Promise<boolean> {
  const file = path.join(home.cluster, 'postmaster.pid');
  const pid = await postmasterOf(home);
  if (pid === undefined) return false;
  if (!isAlive(pid) || !(await isOurs(pid, home))) {
    // PostgreSQL itself would take any living process of that id for the old server, and refuse to start.
    await rm(file, { force: true });
    return false;
  }
  // "Fast": ends sessions, writes everything down. Then what needs recovery at the next start.
  for (const [signal, patience] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5000],
  ] as const) {
    process.kill(pid, signal);
    if (await ended(pid, patience)) return true;
  }
  throw new CommandError(
    'leftover-server',
    `a server from an earlier start (process ${pid}) does not end`,
    `end it: kill -9 ${pid}, then run npm start again`,
    'system',
  );
}

/** The first line of `postmaster.pid`. */
export async function postmasterOf(home: Home): Promise<number | undefined> {
  try {
    const [pid] = (await readFile(path.join(home.cluster, 'postmaster.pid'), 'utf8')).split('\n');
    return Number(pid) || undefined;
  } catch {
    return undefined;
  }
}

export async function ended(pid: number, patienceMs: number): Promise<boolean> {
  for (const until = Date.now() + patienceMs; Date.now() < until; await sleep(50)) {
    if (!isAlive(pid) || (await isZombie(pid))) return true;
  }
  return false;
}

/** Dead, and waiting for a parent to notice: in containers without an init nobody ever does. */
async function isZombie(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return /\) Z /.test(stat);
}

async function isOurs(pid: number, home: Home): Promise<boolean> {
  const command = await commandOf(pid);
  return command?.includes(home.cluster) ?? false;
}
