/** Signing keys as they are now: read again every few minutes, so that a rotation needs no restart. */
import { readFile } from 'node:fs/promises';
import { parseSigningKeys } from '../sql/db/key-ring';
import type { SigningKeys } from '../sql/db/token';
import type { KeySource } from './configuration';

/** The database goes on believing the key before for one rotation: reading every five minutes is often enough. */
const FRESH_MS = 5 * 60_000;

/** So long a source may be out of reach. Then nobody is signed for: a key that was revoked must end some time. */
const STALE_MS = 60 * 60_000;

export type ReadText = (source: KeySource) => Promise<string>;

export class Keys {
  private known: { readonly keys: SigningKeys; readonly at: number } | undefined;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly source: KeySource,
    private readonly read: ReadText = readText,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws {Error} when there are none, or the last ones are too old */
  async get(): Promise<SigningKeys> {
    if (this.known === undefined || this.now() - this.known.at >= FRESH_MS) {
      this.reading ??= this.refresh().finally(() => {
        this.reading = undefined;
      });
      try {
        await this.reading;
      } catch (error) {
        if (this.known === undefined || this.now() - this.known.at >= STALE_MS) throw error;
      }
    }
    if (this.known === undefined) throw new Error('there are no signing keys');
    return this.known.keys;
  }

  private async refresh(): Promise<void> {
    this.known = { keys: parseSigningKeys(await this.read(this.source)), at: this.now() };
  }
}

/** From Secrets Manager, or from a file. */
export async function readText({ kind, name }: KeySource): Promise<string> {
  if (kind === 'file') return readFile(name, 'utf8');
  const { SecretsManagerClient, GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient({
    maxAttempts: 3,
    // A network without a way there drops packets.
    requestHandler: { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true },
  });
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }));
    if (SecretString === undefined) throw new Error(`the secret ${name} is binary`);
    return SecretString;
  } finally {
    client.destroy();
  }
}
