/** The app on one machine, beside the database of `npm start`: the same code, another login. */
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { formatSigningKeys } from '../sql/db/key-ring';
import type { SigningKeys } from '../sql/db/token';
import { parseConfiguration } from './configuration';
import { ENVIRONMENT, PATHS } from './contract';
import { startService } from './service';
import { signSession } from './session';

export interface LocalOptions {
  /** Of the login `app_backend`. */
  readonly database: { readonly port: number; readonly name: string; readonly password: string };
  /** Where keys and the log go; readable by this user only. */
  readonly directory: string;
  readonly tokenKeys: SigningKeys;
  /** Somebody who belongs to an organization: the example is theirs. */
  readonly demo: { readonly user: string; readonly organization: string; readonly name: string };
}

const REGISTRY = path.join(__dirname, '../sql/registry.yaml');

/** Starts the app, asks it once whether it is ready and once as a user, and says how to do the same. */
export async function startLocally({ database, directory, tokenKeys, demo }: LocalOptions) {
  const sessionKeys: SigningKeys = { current: { id: 'local', secret: randomBytes(32) } };
  const keep = async (name: string, keys: SigningKeys) => {
    const file = path.join(directory, name);
    await writeFile(file, formatSigningKeys(keys), { mode: 0o600 });
    return file;
  };
  const configuration = parseConfiguration({
    [ENVIRONMENT.stage]: 'local',
    [ENVIRONMENT.service]: 'backend',
    [ENVIRONMENT.host]: '127.0.0.1',
    [ENVIRONMENT.port]: String(database.port),
    [ENVIRONMENT.database]: database.name,
    [ENVIRONMENT.user]: 'app_backend',
    [ENVIRONMENT.login]: 'password',
    [ENVIRONMENT.password]: database.password,
    [ENVIRONMENT.tokenKeysFile]: await keep('token-keys.json', tokenKeys),
    [ENVIRONMENT.sessionKeysFile]: await keep('session-keys.json', sessionKeys),
  });
  const log = createWriteStream(path.join(directory, 'app.log'), { flags: 'a', mode: 0o600 });
  // Any free port, on this machine only.
  const service = await startService({
    configuration,
    registryFile: REGISTRY,
    host: '127.0.0.1',
    port: 0,
    log,
    drainMs: 0,
  });
  const session = signSession(sessionKeys, {
    user: demo.user,
    organization: demo.organization,
    expiresAt: new Date(Date.now() + 12 * 3600_000),
  });
  const request = `${service.url}/v1/employees?limit=3`;
  try {
    await expectOk(`${service.url}${PATHS.ready}`);
    await expectOk(request, session);
  } catch (error) {
    await service.stop();
    throw error;
  }
  return {
    url: service.url,
    lines: [
      `App: ${service.url} (${PATHS.ready} is 200; its log is app.log beside the data)`,
      `As a user of ${demo.name}: curl -H 'Authorization: Bearer ${session}' '${request}'`,
    ],
    stop: async () => {
      await service.stop();
      log.end();
    },
  };
}

async function expectOk(address: string, session?: string): Promise<void> {
  const response = await fetch(address, session ? { headers: { authorization: `Bearer ${session}` } } : {});
  if (!response.ok) throw new Error(`${address} answered ${response.status}: ${await response.text()}`);
}
