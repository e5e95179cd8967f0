/** Looks into `pg_locks` again and again while something else works. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';

export interface LockWatch {
  /** Ends the watch. How many ACCESS EXCLUSIVE locks were seen, held or waited for, on tables of the product. */
  stop(): Promise<number>;
}

/** Samples every few milliseconds; `pid` is the process that is watched. */
export function watchLocks(client: Client, pid: number): LockWatch {
  let live = true;
  let seen = 0;
  const watching = (async () => {
    while (live) {
      const { rows } = await client.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
         WHERE l.pid = $1 AND l.mode = 'AccessExclusiveLock' AND c.relnamespace = 'app'::regnamespace`,
        [pid],
      );
      seen += rows[0]?.n ?? 0;
      await sleep(2);
    }
  })();
  return {
    async stop() {
      live = false;
      await watching;
      return seen;
    },
  };
}
