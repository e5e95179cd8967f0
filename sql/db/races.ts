/** Roles belong to the cluster, advisory locks to a database: the only way to bear a race for a role is to try again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sqlstate } from './errors';

const ATTEMPTS = 30;

/** `act` changes all or nothing, and finds what somebody else made meanwhile. */
export async function bearingRaces(act: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      if (attempt === ATTEMPTS || !isRace(error)) throw error;
      await sleep(10 + Math.random() * 20 * attempt);
    }
  }
}

/** Made by somebody else (a role, a row of a catalog), a deadlock, or a row of a catalog that somebody else changed. */
function isRace(error: unknown): boolean {
  const code = sqlstate(error);
  if (code === '42710' || code === '23505' || code === '40P01') return true;
  return code === 'XX000' && /^tuple concurrently (updated|deleted)$/.test((error as Error).message);
}
