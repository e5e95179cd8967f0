/** One applier at a time, per database; and table locks that are asked for briefly, again and again. */
import type { ClientBase } from 'pg';
import { CommandError, sqlstate } from '../db/errors';

/** `pg_advisory_lock` keys are numbers: "tenant-0" in ASCII. */
const APPLY_LOCK = '8387226000912395056';

/** The server process that holds the lock. */
export interface Holder {
  readonly pid: number;
}

/** Holds the lock while `work` runs. `waiting` is called once if somebody else holds it. */
export async function withApplyLock<T>(
  client: ClientBase,
  waiting: () => void,
  work: (holder: Holder) => Promise<T>,
): Promise<T> {
  const { rows } = await client.query<{ got: boolean; pid: number }>(
    `SELECT pg_catalog.pg_try_advisory_lock(${APPLY_LOCK}) AS got, pg_catalog.pg_backend_pid() AS pid`,
  );
  let pid = rows[0]?.pid ?? 0;
  if (!rows[0]?.got) {
    waiting();
    const waited = await client.query<{ pid: number }>(
      `SELECT pg_catalog.pg_backend_pid() AS pid, pg_catalog.pg_advisory_lock(${APPLY_LOCK})`,
    );
    pid = waited.rows[0]?.pid ?? 0;
  }
  try {
    return await work({ pid });
  } finally {
    // A connection that broke has lost the lock anyway; the error that broke it is the one to report.
    await client.query(`SELECT pg_catalog.pg_advisory_unlock(${APPLY_LOCK})`).catch(() => undefined);
  }
}

/** The lock belongs to a server process. A pooler that lends us another one for each transaction takes it away. */
export function stillHeld(holder: Holder, pid: number | undefined): void {
  if (pid === holder.pid) return;
  throw new CommandError(
    'pooled-connection',
    'the connection goes through a pooler that gives every transaction another server process: the lock against a second applier does not hold',
    'connect to the server itself, or to a pool in session mode; the pooled server process keeps the lock until it ends',
  );
}

export interface LockPatience {
  /** How long one attempt may queue for a table's lock, in milliseconds: all traffic on the table stalls that long. */
  readonly lockTimeoutMs: number;
  /** How long to go on trying, in milliseconds, per table. */
  readonly patienceMs: number;
}

export const DEFAULT_PATIENCE: LockPatience = { lockTimeoutMs: 50, patienceMs: 120_000 };

/** Doubles from 20 ms to 1 s, with jitter: between attempts nothing of ours stands in the queue, so traffic passes. */
export function pauseMs(attempt: number): number {
  return Math.min(1000, 20 * 2 ** Math.min(attempt, 6)) * (0.5 + Math.random() / 2);
}

/** What to make of an error in a transaction of ours. */
export type Verdict =
  /** Somebody else had it: try again. */
  | 'busy'
  /** The catalog is not what was planned for: look again. */
  | 'moved'
  /** The connection is gone. */
  | 'lost'
  | 'failed';

/** lock_not_available, deadlock_detected, serialization_failure */
const BUSY = new Set(['55P03', '40P01', '40001']);
/** undefined and duplicate tables, columns, functions, objects; dependent objects that were not there */
const MOVED = new Set(['42P01', '42P07', '42703', '42883', '42723', '42704', '42710', '3F000', '42P06']);

export function verdict(error: unknown): Verdict {
  if (error instanceof Moved) return 'moved';
  const code = sqlstate(error);
  if (code === undefined) return isLost(error) ? 'lost' : 'failed';
  if (BUSY.has(code)) return 'busy';
  if (MOVED.has(code)) return 'moved';
  if (/^(08|57P)/.test(code) || code === '25P03' || code === '25P04') return 'lost';
  // elog texts are never translated. Two sessions changed one row of the catalog, or one dropped what another looks at.
  if (code === 'XX000' && error instanceof Error) {
    if (/^tuple concurrently (updated|deleted)$/.test(error.message)) return 'busy';
    if (/^(cache lookup failed|could not open relation)/.test(error.message)) return 'moved';
  }
  return 'failed';
}

/** The driver and the socket give no SQLSTATE. */
function isLost(error: unknown): boolean {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  if (typeof code === 'string' && /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET)/.test(code)) return true;
  return /^Connection terminated|not queryable$/.test(message);
}

/** A table is not what it was when the plan was made. */
export class Moved extends Error {
  override readonly name = 'Moved';
}
