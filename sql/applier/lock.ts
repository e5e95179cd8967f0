/** One applier at a time, per database; and table locks that are asked for briefly, again and again. */
import type { ClientBase } from 'pg';
import { CommandError, sqlstate } from '../db/errors';

/** `pg_advisory_lock` keys are numbers: "tenant-0" in ASCII. */
const APPLY_LOCK = '8387226000912395056';

/** Holds the lock while `work` runs. `waiting` is called once if somebody else holds it. */
export async function withApplyLock<T>(
  client: ClientBase,
  waiting: () => void,
  work: () => Promise<T>,
): Promise<T> {
  const { rows } = await client.query<{ got: boolean }>(
    `SELECT pg_catalog.pg_try_advisory_lock(${APPLY_LOCK}) AS got`,
  );
  if (!rows[0]?.got) {
    waiting();
    await client.query(`SELECT pg_catalog.pg_advisory_lock(${APPLY_LOCK})`);
  }
  try {
    return await work();
  } finally {
    // A connection that broke has lost the lock anyway; the error that broke it is the one to report.
    await client.query(`SELECT pg_catalog.pg_advisory_unlock(${APPLY_LOCK})`).catch(() => undefined);
  }
}

export interface LockPatience {
  /** How long one attempt may queue for a table's lock, in milliseconds: all traffic on the table stalls that long. */
  readonly lockTimeoutMs: number;
  /** How long to go on trying, in milliseconds, per table. */
  readonly patienceMs: number;
}

export const DEFAULT_PATIENCE: LockPatience = { lockTimeoutMs: 50, patienceMs: 120_000 };

/** lock_not_available, deadlock_detected, and "tuple concurrently updated" of shared catalogs (internal_error). */
const AGAIN = new Set(['55P03', '40P01', 'XX000', '40001']);

/**
 * Runs `work` in a transaction of its own until it gets its locks. Between attempts nothing of ours stands in the lock
 * queue, so readers and writers pass. Backoff doubles from 20 ms to 1 s, with jitter.
 */
export async function withRetries(
  client: ClientBase,
  patience: LockPatience,
  what: string,
  retrying: (attempt: number) => void,
  work: () => Promise<void>,
): Promise<void> {
  const deadline = Date.now() + patience.patienceMs;
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query('BEGIN');
      await client.query(
        `SET LOCAL lock_timeout = ${Math.max(1, Math.round(patience.lockTimeoutMs))}; SET LOCAL search_path = ''`,
      );
      await work();
      await client.query('COMMIT');
      return;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      if (!AGAIN.has(sqlstate(error) ?? '')) throw error;
      if (Date.now() > deadline) {
        throw new CommandError(
          'lock-timeout',
          `${what} stayed locked for ${Math.round(patience.patienceMs / 1000)} s`,
          'find the long query in pg_stat_activity, or raise --patience; what was applied so far stays, run apply again',
          'user',
          error,
        );
      }
      retrying(attempt);
      const pause = Math.min(1000, 20 * 2 ** Math.min(attempt, 6));
      await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random() / 2)));
    }
  }
}
