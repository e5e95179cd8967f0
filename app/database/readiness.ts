/** Whether it is safe to serve: asked of the database itself, and every doubt is a no. */
import type { Pool } from 'pg';
import { dangersOf } from '../../sql/db/dangers';

export interface Expected {
  /** SHA-256 of the registry that the image was built for. */
  readonly registryHash: string;
  /** Tables that the registry excludes: they belong to everybody, and have no row security. */
  readonly excluded: readonly { readonly schema: string; readonly name: string }[];
}

export interface Readiness {
  /** The role is harmless and every table protected. */
  readonly safe: boolean;
  /** What was applied is what the image was built for. */
  readonly current: boolean;
  /** One line each; empty: ready. */
  readonly problems: readonly string[];
}

/** @throws whatever the connection throws: that, too, is a no */
export async function checkReadiness(pool: Pool, { registryHash, excluded }: Expected): Promise<Readiness> {
  const dangers = await dangersOf(pool, excluded);
  const applied = await pool.query<{ hash: string | null }>('select guard.applied_registry() as hash');
  const hash = applied.rows[0]?.hash;
  const current = hash === registryHash;
  const superseded = hash
    ? 'another registry is applied than this image was built for'
    : 'no registry is applied';
  return { safe: dangers.length === 0, current, problems: [...dangers, ...(current ? [] : [superseded])] };
}
