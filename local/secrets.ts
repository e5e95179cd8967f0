/** What lies in Secrets Manager on one machine: seeds of approvers, and what the cluster decides. */
import { formatSigningKeys } from '../sql/db/key-ring';
import type { SigningKeys } from '../sql/db/token';
import { APPROVERS, provision, replace, type SecretStore } from './aws';
import { NAMES } from './names';

export interface LocalDatabase {
  readonly port: number;
  readonly name: string;
  /** By login. */
  readonly passwords: Readonly<Record<string, string>>;
}

export const AUDITOR = 'auditor';

/** Seeds stay as they are; the rest is written anew, for the port differs at every start. */
export async function provisionSecrets(
  store: SecretStore,
  tokenKeys: SigningKeys,
  { port, name, passwords }: LocalDatabase,
): Promise<void> {
  const seedless = APPROVERS.map((approver) => [
    `${NAMES.approverSecrets}${approver}`,
    JSON.stringify({ approver, seed: null }),
  ]);
  await provision(store, Object.fromEntries(seedless));
  const login = { username: AUDITOR, password: passwords[AUDITOR], host: '127.0.0.1', port, dbname: name };
  await replace(store, {
    [NAMES.tokenKeys]: formatSigningKeys(tokenKeys),
    [NAMES.auditorSecret]: JSON.stringify(login),
  });
}
