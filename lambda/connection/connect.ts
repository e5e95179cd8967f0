/** Connections to the database: verified TLS or none, patient with a database that starts, over when time is up. */
import { setTimeout as sleep } from 'node:timers/promises';
import { checkServerIdentity } from 'node:tls';
import { Client, type ClientConfig } from 'pg';
import { CommandError, sqlstate } from '../../sql/db/errors';
import type { Deadline } from './deadline';
import { type ConnectionSettings, type Credentials, type Login, resolveLogin, type Target } from './login';

export interface Connector<Settings extends ConnectionSettings = ConnectionSettings> {
  readonly settings: Settings;
  /** As the server shows it. */
  readonly applicationName: string;
  /** PEM. Undefined: a database on this very machine, by password, which has no TLS. */
  readonly certificates: string | undefined;
  readonly credentials: Credentials;
  readonly deadline: Deadline;
  /** Told every password, before it is used. */
  readonly keepSecret: (value: string) => void;
  readonly retrying?: (why: string, attempt: number) => void;
}

/** A database that starts, stops, is full, or is not there yet. A refused password or certificate is none of these. */
const AGAIN = new Set([
  ...[
    'ECONNREFUSED',
    'ECONNRESET',
    'ETIMEDOUT',
    'EPIPE',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'EAI_AGAIN',
  ],
  // cannot_connect_now, admin_shutdown, crash_shutdown, too_many_connections
  ...['57P03', '57P01', '57P02', '53300'],
]);

/** Reasons that say more than that time is up. */
const SAYS_WHY = new Set(['database-unreachable', 'lock-timeout', 'applier-busy', 'out-of-time']);

/** Connects as `login`, calls back, disconnects. When time is up the connection is cut, and the callback fails with it. */
export async function withConnection<T>(
  connector: Connector,
  login: Login,
  use: (client: Client, target: Target) => Promise<T>,
): Promise<T> {
  const { deadline } = connector;
  deadline.doing = 'connecting to the database';
  const { client, target } = await connect(connector, login);
  // `end` during a query closes the socket; the query fails, and the next one finds no connection.
  const alarm = setTimeout(() => void client.end().catch(() => undefined), deadline.remaining());
  try {
    return await use(client, target);
  } catch (error) {
    // 57014: the server's own clock, set to the same time, was a little faster.
    if (error instanceof CommandError && SAYS_WHY.has(error.code)) throw error;
    if (!deadline.passed() && !(sqlstate(error) === '57014' && deadline.remaining() < 1000)) throw error;
    throw outOfTime(deadline, error);
  } finally {
    clearTimeout(alarm);
    await client.end().catch(() => undefined);
  }
}

function outOfTime(deadline: Deadline, cause: unknown): CommandError {
  return new CommandError(
    'out-of-time',
    `the function ran out of time while ${deadline.doing}`,
    'What was applied so far stays; deploy again, or give the function more time.',
    'system',
    cause,
  );
}

async function connect(connector: Connector, login: Login): Promise<{ client: Client; target: Target }> {
  const { settings, credentials, deadline } = connector;
  const until = Date.now() + Math.min(settings.connectSeconds * 1000, deadline.remaining());
  const started = Date.now();
  for (let attempt = 1; ; attempt += 1) {
    const target = await resolveLogin(settings, login, credentials, connector.keepSecret);
    if (connector.certificates === undefined) onlyThisMachine(login, target);
    const client = new Client(clientConfig(connector, target, until - Date.now()));
    client.on('error', () => undefined);
    try {
      await client.connect();
      return { client, target };
    } catch (error) {
      await client.end().catch(() => undefined);
      const where = `${target.host}:${target.port}/${target.database} as ${target.user}`;
      if (!isPassing(error)) throw refused(where, error);
      const pause = Math.min(5000, 250 * 2 ** Math.min(attempt, 6)) * (0.5 + Math.random() / 2);
      if (Date.now() + pause >= until) throw unreachable(where, Date.now() - started, error);
      connector.retrying?.(reasonOf(error), attempt);
      await sleep(pause);
    }
  }
}

/** Without certificates nothing leaves the machine. */
function onlyThisMachine(login: Login, { host }: Target): void {
  if (login.kind === 'password' && ['127.0.0.1', 'localhost'].includes(host)) return;
  throw new CommandError(
    'database-not-trusted',
    `no connection to ${host} by ${login.kind} without the certificates of its authorities`,
    'Nothing was sent. Put the certificates into the package; only a database on this machine does without.',
  );
}

function clientConfig(connector: Connector, target: Target, leftMs: number): ClientConfig {
  const { settings, deadline } = connector;
  return {
    ...target,
    application_name: connector.applicationName,
    // One attempt may hang on a host that drops packets; the next may find the new writer.
    connectionTimeoutMillis: Math.max(1, Math.min(10_000, leftMs)),
    keepAlive: true,
    // With this object the driver asks for TLS and gives up when the server has none: there is no way to plain text.
    ssl: connector.certificates !== undefined && {
      ca: connector.certificates,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      checkServerIdentity: (_, certificate) => checkServerIdentity(target.host, certificate),
    },
    // The server, too, gives up in time: waits for the applier's advisory lock, and statements after the end.
    lock_timeout: Math.min(settings.lockSeconds * 1000, deadline.remaining()),
    statement_timeout: deadline.remaining(),
  };
}

/** The driver reports some of these as text only. */
function isPassing(error: unknown): boolean {
  const { code, message = '', errors } = error as { code?: string; message?: string; errors?: unknown[] };
  // One host with several addresses: an AggregateError.
  if (Array.isArray(errors) && errors.length > 0) return errors.every(isPassing);
  return (
    AGAIN.has(code ?? '') ||
    /^(Connection terminated|timeout expired)/.test(message) ||
    // A server that was killed in the middle of the handshake.
    /^Client network socket disconnected before secure TLS connection/.test(message)
  );
}

function reasonOf(error: unknown): string {
  const { code, message, errors } = error as { code?: string; message?: string; errors?: unknown[] };
  if (!message && Array.isArray(errors) && errors.length > 0) return reasonOf(errors[0]);
  return code && !message?.includes(code) ? `${message} (${code})` : (message ?? String(error));
}

function unreachable(where: string, afterMs: number, error: unknown): CommandError {
  return new CommandError(
    'database-unreachable',
    `no connection to ${where} within ${Math.round(afterMs / 1000)} s: ${reasonOf(error)}`,
    'See that the database is running, and that its security group lets the function in.',
    'system',
  );
}

function refused(where: string, error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  const code = (error as { code?: string }).code ?? '';
  const tls = /CERT|SIGNATURE|ISSUER|^ERR_TLS|^ERR_SSL/.test(code) || /SSL/.test((error as Error).message);
  return new CommandError(
    tls ? 'database-not-trusted' : 'database-refused',
    `no connection to ${where}: ${reasonOf(error)}`,
    tls
      ? 'Nothing was sent. See that the certificates in the package are those of the database, and the host is its name.'
      : 'See that the login exists, may connect, and logs in the way the function does.',
  );
}
