/** The key that signs probe tokens. It exists only inside the probing transaction. */
import { randomBytes } from 'node:crypto';
import type { SigningKey } from '../../db/token';

/** The id is random as well: it must not meet one that is in use. */
export function probeKey(): SigningKey {
  return { id: `probe-${randomBytes(6).toString('hex')}`, secret: randomBytes(32) };
}

/** Covers the longest batch; the transaction ends long before. */
export const TOKEN_SECONDS = 3600;
