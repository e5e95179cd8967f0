/** Tokens that the databases of the run accept. */
import { randomBytes } from 'node:crypto';
import { TOKEN_SETTING } from '../../sql/db/tenant';
import { type SigningKeys, signToken, type TokenSubject } from '../../sql/db/token';
import type { BenchServer } from './server';

const KEYS: SigningKeys = { current: { id: 'bench', secret: randomBytes(32) } };

/** Sets the run's key where the engine expects it. */
export async function setSigningKey(server: BenchServer, database: string): Promise<void> {
  const client = await server.connect(database, 'registry_applier');
  await client.query('SELECT vault.set_signing_key($1, $2)', [KEYS.current.id, KEYS.current.secret]);
  await server.disconnect(client);
}

/** Long enough for the longest run. */
export function tokenFor(subject: TokenSubject): string {
  return signToken(KEYS, { ...subject, expiresInSeconds: 24 * 3600 });
}

export const SET_TOKEN = `SELECT pg_catalog.set_config('${TOKEN_SETTING}', $1, true)`;
/** For the whole session: only to measure a statement without its transaction. */
export const SET_SESSION_TOKEN = `SELECT pg_catalog.set_config('${TOKEN_SETTING}', $1, false)`;
