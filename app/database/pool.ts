/** Connections of the app: verified TLS and a token of IAM for each, or a password to this machine. */
import { readFileSync } from 'node:fs';
import { checkServerIdentity } from 'node:tls';
import type { Signer } from '@aws-sdk/rds-signer';
import { Pool, type PoolConfig } from 'pg';
import type { Configuration } from '../configuration';

/** For requests. */
export function createPool(configuration: Configuration): Pool {
  const { requestTimeoutMs } = configuration;
  return new Pool({
    ...common(configuration),
    max: 10,
    connectionTimeoutMillis: 5000,
    statement_timeout: requestTimeoutMs,
    // The server gives up first. This is for a server from which nothing comes any more, not even that.
    query_timeout: requestTimeoutMs + 2000,
    idle_in_transaction_session_timeout: requestTimeoutMs * 2,
  });
}

/** For readiness: a connection of its own, so that requests which wait for one do not take the task out of service. */
export function createProbe(configuration: Configuration): Pool {
  return new Pool({
    ...common(configuration),
    max: 1,
    connectionTimeoutMillis: 3000,
    statement_timeout: 3000,
    query_timeout: 3500,
  });
}

function common({ database, login, stage, service }: Configuration): PoolConfig {
  const { host, port, name, user } = database;
  return {
    host,
    port,
    database: name,
    user,
    ...credentialsOf(host, port, user, login),
    application_name: `tenant-zero ${service} ${stage}`,
    // A failover leaves connections to the old writer: none lives for ever.
    idleTimeoutMillis: 60_000,
    maxLifetimeSeconds: 900,
    keepAlive: true,
  };
}

function credentialsOf(
  host: string,
  port: number,
  user: string,
  login: Configuration['login'],
): Pick<PoolConfig, 'password' | 'ssl'> {
  if (login.kind === 'password') return { password: login.password };
  const ca = readFileSync(login.caFile, 'utf8');
  const { region } = login;
  // One for all connections: it keeps the credentials of the task until they end.
  let signer: Promise<Signer> | undefined;
  const createSigner = async () => {
    const { Signer } = await import('@aws-sdk/rds-signer');
    return new Signer({ hostname: host, port, username: user, region });
  };
  return {
    // Asked for at each connection: a token lives for fifteen minutes.
    password: async () => {
      signer ??= createSigner();
      return (await signer).getAuthToken();
    },
    ssl: {
      ca,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
    },
  };
}
