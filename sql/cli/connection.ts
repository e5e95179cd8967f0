/** Connections of the command line: named, bounded in time, and refused early where nothing could work. */
import { Client, type ClientConfig } from 'pg';
import { CommandError } from '../db/errors';
import { withClient } from '../db/transaction';
import type { Target } from './failure';

/** The oldest server whose catalog and row security the engine knows. */
const OLDEST = 150000;
const CONNECT_TIMEOUT_MS = 10_000;
/** Longer than any statement of ours takes on a large schema, shorter than a pipeline waits. */
const STATEMENT_TIMEOUT = '10min';

export function connectionConfig(url: string): ClientConfig {
  return {
    connectionString: url,
    application_name: 'tenant-zero rls',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  };
}

export interface Needs {
  /** Everything that plans: expressions are printed on scratch tables that are rolled back. */
  readonly writes: boolean;
}

/** Connects, checks the server, calls back, disconnects. */
export async function withDatabase<T>(
  url: string,
  needs: Needs,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  return withClient(connectionConfig(url), async (client) => {
    await requireServer(client, needs);
    // Said after connecting: a pooler refuses what it does not know among the startup parameters.
    await client.query(`SET statement_timeout = '${STATEMENT_TIMEOUT}'`);
    return use(client);
  });
}

/** @throws CommandError `server-too-old`, `read-only` */
export async function requireServer(client: Pick<Client, 'query'>, needs: Needs): Promise<void> {
  const { rows } = await client.query<{
    number: number;
    version: string;
    standby: boolean;
    read_only: boolean;
  }>(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
            pg_catalog.pg_is_in_recovery() AS standby, current_setting('transaction_read_only') = 'on' AS read_only`,
  );
  const server = rows[0];
  if (!server) return;
  if (server.number < OLDEST) {
    throw new CommandError(
      'server-too-old',
      `the server is PostgreSQL ${server.version}, older than 15`,
      'upgrade the server: before 15, policies and grants lack what the engine stands on',
    );
  }
  if (needs.writes && (server.standby || server.read_only)) {
    throw new CommandError(
      'read-only',
      server.standby
        ? 'the server is a standby: it is read-only'
        : 'this session is read-only (default_transaction_read_only)',
      server.standby
        ? 'connect to the primary'
        : 'connect as the applying login, without default_transaction_read_only',
    );
  }
}

/** What error messages may say about the connection. Undefined when the URL cannot be read. */
export function targetOf(url: string): Target | undefined {
  try {
    const { host, port, database = '', user = '' } = new Client({ connectionString: url });
    return { host, port, database, user };
  } catch {
    return undefined;
  }
}

/** Every spelling of the password in the URL, and the URL itself. */
export function secretsOf(url: string): string[] {
  const written = [/^[a-z]+:\/\/[^:@/]*:([^@]*)@/i, /[?&]password=([^&]*)/].map(
    (place) => place.exec(url)?.[1] ?? '',
  );
  return [url, ...written, ...written.map(decoded)].filter((secret) => secret !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded as it should be: then the raw text is all there is.
    return text;
  }
}
