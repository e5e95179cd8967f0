/** Signing keys as they are now: read again every few minutes, so that a rotation needs no restart. */
import { readFile } from 'node:fs/promises';
import { parseSigningKeys } from '../sql/db/key-ring';
import type { SigningKeys } from '../sql/db/token';
import type { KeySource } from './configuration';

/** The database goes on believing the key before for one rotation: reading every five minutes is often enough. */
const FRESH_MS = 5 * 60_000;

/** So long a source may be out of reach. Then nobody is signed for: a key that was revoked must end some time. */
const STALE_MS = 60 * 60_000;

/** Between two attempts, whatever happens: whoever sends made-up keys does not decide how often a secret is read. */
const PAUSE_MS = 10_000;

export type ReadText = (source: KeySource) => Promise<string>;

export interface KeysOptions {
  /** @default - Secrets Manager, or a file */
  readonly read?: ReadText;
  readonly now?: () => number;
  /** Told of a reading that failed, also when the keys before go on being used. */
  readonly failed?: (error: Error) => void;
}

export class Keys {
  private known: { readonly keys: SigningKeys; readonly at: number } | undefined;
  private attempt: { readonly at: number; error?: Error } | undefined;
  private reading: Promise<void> | undefined;
  private readonly read: ReadText;
  private readonly now: () => number;

  constructor(
    readonly source: KeySource,
    private readonly options: KeysOptions = {},
  ) {
    this.read = options.read ?? readText;
    this.now = options.now ?? Date.now;
  }

  /** @throws {Error} when there are none, or the last ones are too old */
  async get(): Promise<SigningKeys> {
    const age = this.known ? this.now() - this.known.at : Number.POSITIVE_INFINITY;
    // Nobody waits for a source that hangs while there are keys that may still be used.
    if (age >= STALE_MS) await this.refresh();
    else if (age >= FRESH_MS) this.refresh().catch(() => undefined);
    if (this.known === undefined) throw new Error('there are no signing keys');
    return this.known.keys;
  }

  /** For somebody who shows a key that is not known here: it may be newer than what was read. */
  async again(): Promise<SigningKeys> {
    // A failure is told already; `get` decides whether the keys before will do.
    await this.refresh().catch(() => undefined);
    return this.get();
  }

  /** Reads, unless that was tried a moment ago: then it ends as it did. One reading at a time. */
  private async refresh(): Promise<void> {
    if (!this.reading && this.attempt && this.now() - this.attempt.at < PAUSE_MS) {
      if (this.attempt.error) throw this.attempt.error;
      return;
    }
    this.reading ??= this.readNow().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async readNow(): Promise<void> {
    const attempt: { at: number; error?: Error } = { at: this.now() };
    this.attempt = attempt;
    try {
      this.known = { keys: parseSigningKeys(await this.read(this.source)), at: attempt.at };
    } catch (error) {
      attempt.error = error as Error;
      this.options.failed?.(attempt.error);
      throw error;
    }
  }
}

/** From Secrets Manager, or from a file. */
export async function readText({ kind, name }: KeySource): Promise<string> {
  if (kind === 'file') return readFile(name, 'utf8');
  const { SecretsManagerClient, GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient({
    maxAttempts: 2,
    // A network without a way there drops packets.
    requestHandler: { connectionTimeout: 2000, requestTimeout: 3000, throwOnRequestTimeout: true },
  });
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }));
    if (SecretString === undefined) throw new Error(`the secret ${name} is binary`);
    return SecretString;
  } finally {
    client.destroy();
  }
}
