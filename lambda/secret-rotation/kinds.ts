/** The secrets that are rotated, and what a new value of each means. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { CommandError } from '../../sql/db/errors';
import { parseSigningKeys } from '../../sql/db/key-ring';
import { ident, literal } from '../../sql/db/names';
import { scramVerifier } from '../../sql/db/scram';
import { type Connector, withConnection } from '../connection/connect';
import { giveKeys, nextRing } from './key-ring';
import type { Settings } from './settings';

export interface Kind {
  /** The value after this one. */
  next(current: string): string;
  /** Makes the pending value work beside the current one, or instead of it. Again and again, if need be. */
  apply(connector: Connector<Settings>, current: string, pending: string): Promise<void>;
  /** Fails unless the pending value works. */
  test(connector: Connector<Settings>, pending: string): Promise<void>;
}

const give = (connector: Connector<Settings>, ring: string) =>
  withConnection(connector, connector.settings.applier, (client) => giveKeys(client, parseSigningKeys(ring)));

/** The database first: no token is ever signed with a key that it does not know. */
const tokenKeys: Kind = {
  next: nextRing,
  apply: (connector, _, pending) => give(connector, pending),
  // Idempotent: fails when the database holds another key of that id, or none.
  test: give,
};

/** Only the app signs and verifies with them. */
const sessionKeys: Kind = {
  next: nextRing,
  apply: async () => undefined,
  test: async (_, pending) => void parseSigningKeys(pending),
};

const loginShape = z.object({ username: z.string().min(1), password: z.string().min(1) });

function parseLogin(text: string): z.output<typeof loginShape> {
  try {
    return loginShape.parse(JSON.parse(text));
  } catch {
    // The parser's own message quotes the text.
    throw new CommandError('secret-unusable', 'the secret is no login', 'It holds {"username", "password"}.');
  }
}

/** Logs in with a password, and back out. */
async function works(connector: Connector<Settings>, login: z.output<typeof loginShape>): Promise<void> {
  const { username: user, password } = login;
  await withConnection(connector, { kind: 'password', user, password }, (client) => client.query('select 1'));
}

/** Each login changes its own password: nobody's power is needed but its own. */
const login: Kind = {
  next(current) {
    const { username } = parseLogin(current);
    // Letters and digits only: a password stands in connection strings.
    const password = randomBytes(64)
      .toString('base64')
      .replace(/[^A-Za-z0-9]/g, '')
      .slice(0, 48);
    return JSON.stringify({ username, password });
  },
  async apply(connector, current, pending) {
    const [from, to] = [parseLogin(current), parseLogin(pending)];
    if (from.username !== to.username) throw new Error('the pending version names another login');
    try {
      return await works(connector, to);
    } catch (error) {
      if (!(error instanceof CommandError) || error.code !== 'database-refused') throw error;
      // As expected: not set yet.
    }
    const { username: user, password } = from;
    await withConnection(connector, { kind: 'password', user, password }, (client) =>
      client.query(`alter role ${ident(user)} password ${literal(scramVerifier(to.password))}`),
    );
  },
  test: (connector, pending) => works(connector, parseLogin(pending)),
};

/** By the name of the secret. Whatever is not here is not ours to rotate. */
export function kindOf({ secrets }: Settings, name: string): Kind {
  switch (name) {
    case secrets.tokenKeys:
      return tokenKeys;
    case secrets.sessionKeys:
      return sessionKeys;
    case secrets.breakGlass:
    case secrets.auditor:
      return login;
    default:
      throw new CommandError(
        'secret-unknown',
        `${name} is no secret that this function rotates`,
        'Only the secrets named in its environment are; lambda/secret-rotation/contract.ts.',
      );
  }
}
