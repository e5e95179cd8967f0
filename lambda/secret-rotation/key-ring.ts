/** Rings of signing keys: the current one signs, the one before still verifies. */
import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { CommandError, sqlstate } from '../../sql/db/errors';
import { formatSigningKeys, parseSigningKeys } from '../../sql/db/key-ring';
import type { SigningKey, SigningKeys } from '../../sql/db/token';
import { withTransaction } from '../../sql/db/transaction';

/** A new id for each: a function that crashed after giving a key to the database leaves one that nobody signs with. */
export function newKey(): SigningKey {
  return { id: `k-${randomBytes(6).toString('hex')}`, secret: randomBytes(32) };
}

/** @throws {TypeError} when the text is no ring: then there is nothing to continue */
export function nextRing(text: string): string {
  return formatSigningKeys({ current: newKey(), previous: parseSigningKeys(text).current });
}

/**
 * Afterwards the database holds exactly these keys, where there are two: it keeps the two newest, and setting a key that it
 * has changes nothing. A rotation that was given up has left a newer one, which makes `current` push `previous` out instead:
 * so `previous`, which may be what is signed with, goes in again. In one transaction: nobody sees one of them missing.
 */
export async function giveKeys(client: Client, { current, previous }: SigningKeys): Promise<void> {
  try {
    await withTransaction(client, async () => {
      for (const key of previous ? [previous, current, previous] : [current]) {
        await client.query('select vault.set_signing_key($1, $2)', [key.id, key.secret]);
      }
    });
  } catch (error) {
    // No such schema, or no such function.
    if (!['3F000', '42883'].includes(sqlstate(error) ?? '')) throw error;
    throw new CommandError(
      'registry-not-applied',
      'the database has no place for signing keys yet',
      'Apply the registry first: cdk deploy Registry, then this stack again.',
    );
  }
}
