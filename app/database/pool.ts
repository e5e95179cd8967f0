/** Connections of the app: verified TLS and a token of IAM for each, or a password to this machine. */
import { readFileSync } from 'node:fs';
import { checkServerIdentity } from 'node:tls';
import { Pool, type PoolConfig } from 'pg';
import type { Configuration } from '../configuration';

export function createPool({ database, login, requestTimeoutMs, stage, service }: Configuration): Pool {
  const { host, port, name, user } = database;
  return new Pool({
    host,
    port,
    database: name,
    user,
    ...credentialsOf(host, port, user, login),
    max: 10,
    application_name: `tenant-zero ${service} ${stage}`,
    connectionTimeoutMillis: 5000,
    // A failover leaves connections to the old writer, and a rotation to old keys: none lives for ever.
    idleTimeoutMillis: 60_000,
    maxLifetimeSeconds: 900,
    statement_timeout: requestTimeoutMs,
    idle_in_transaction_session_timeout: requestTimeoutMs * 2,
    keepAlive: true,
  });
}

function credentialsOf(
  host: string,
  port: number,
  user: string,
  login: Configuration['login'],
): Pick<PoolConfig, 'password' | 'ssl'> {
  if (login.kind === 'password') return { password: login.password };
  const ca = readFileSync(login.caFile, 'utf8');
  return {
    // Asked for at each connection: a token lives for fifteen minutes.
    password: async () => {
      const { Signer } = await import('@aws-sdk/rds-signer');
      return new Signer({ hostname: host, port, username: user, region: login.region }).getAuthToken();
    },
    ssl: {
      ca,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
    },
  };
}
