/** Sees to it that there are keys, and that the database knows them: on the first deploy, and after a restore. */
import { randomUUID } from 'node:crypto';
import { formatSigningKeys, parseSigningKeys } from '../../sql/db/key-ring';
import type { SigningKeys } from '../../sql/db/token';
import { type Connector, withConnection } from '../connection/connect';
import { NOT_YET } from './contract';
import { giveKeys, newKey } from './key-ring';
import type { Settings } from './settings';
import type { Store } from './store';

export async function ensureKeys(connector: Connector<Settings>, store: Store): Promise<void> {
  const { tokenKeys, sessionKeys } = connector.settings.secrets;
  await ensure(store, tokenKeys, (ring) =>
    withConnection(connector, connector.settings.applier, (client) => giveKeys(client, ring)),
  );
  await ensure(store, sessionKeys, async () => undefined);
}

/** Whoever verifies learns of the keys before anybody signs with them. */
async function ensure(
  store: Store,
  secret: string,
  give: (ring: SigningKeys) => Promise<void>,
): Promise<void> {
  const known = ringOf(await store.read(secret, { stage: 'AWSCURRENT' }));
  if (known) {
    const pending = ringOf(await store.read(secret, { stage: 'AWSPENDING' }));
    // A rotation is under way: its ring holds the current key as well, and ours would push its new key out.
    return give(pending?.previous?.id === known.current.id ? pending : known);
  }
  const first = { current: newKey() };
  await give(first);
  await store.write(secret, randomUUID(), formatSigningKeys(first), 'AWSCURRENT');
}

/**
 * Undefined: nothing yet, or what the stack made, which says so.
 *
 * @throws {TypeError} for anything else: a ring that is damaged is somebody's to look at, not to be replaced in silence
 */
function ringOf(text: string | undefined): SigningKeys | undefined {
  return text === undefined || isPlaceholder(text) ? undefined : parseSigningKeys(text);
}

function isPlaceholder(text: string): boolean {
  try {
    return (JSON.parse(text) as { state?: unknown } | null)?.state === NOT_YET;
  } catch {
    return false;
  }
}
