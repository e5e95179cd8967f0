/**
 * The only place that sets the tenant context. Repositories accept nothing but a `TenantClient`, and only `withTenant`
 * makes one: a query without a context does not compile.
 */
import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';
import { type SigningKeys, signToken, type TokenSubject } from './token';

export { type SigningKey, type SigningKeys, signToken, type TokenClaims, type TokenKind } from './token';

/** The setting that carries the token. */
export const TOKEN_SETTING = 'tenant_zero.token';

declare const brand: unique symbol;

/** A connection inside a transaction with a tenant context. Dies with the callback it was made for. */
export interface TenantClient {
  readonly [brand]: TokenSubject;
  query<R extends QueryResultRow = QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<QueryResult<R>>;
}

export type TenantContext = TokenSubject & {
  /** How long the transaction's statements may go on starting. Default: 300. */
  readonly expiresInSeconds?: number;
  readonly readOnly?: boolean;
};

/**
 * BEGIN; sets a fresh token for this transaction only; calls back; COMMIT. Any failure, of the callback or of ours,
 * rolls back and is thrown. Each call has a connection and a transaction of its own, nested ones too.
 */
export async function withTenant<T>(
  pool: Pool,
  signer: SigningKeys,
  context: TenantContext,
  use: (client: TenantClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  // A checked-out connection that is terminated between two queries says so in an event; nobody listening, the process
  // would end. The next query on it fails.
  let broken = false;
  const lost = () => {
    broken = true;
  };
  client.on('error', lost);
  try {
    return await inContext(client, signer, context, use);
  } catch (error) {
    // Also when the transaction never began. After this the connection is clean, or it is gone.
    await client.query(leave('rollback')).catch(lost);
    throw error;
  } finally {
    client.off('error', lost);
    // Whatever state a connection is in that is not idle, nobody shall inherit it.
    client.release(broken || client.getTransactionStatus() !== 'I');
  }
}

async function inContext<T>(
  client: PoolClient,
  signer: SigningKeys,
  context: TenantContext,
  use: (client: TenantClient) => Promise<T>,
): Promise<T> {
  // Made here, not by the caller: it then cannot outlive its transaction by much.
  const token = signToken(signer, { ...context, expiresInSeconds: context.expiresInSeconds ?? 300 });
  if (client.getTransactionStatus() === 'T' || client.getTransactionStatus() === 'E') {
    throw new Error('the pool gave out a connection inside a transaction');
  }
  await client.query(context.readOnly ? 'begin read only' : 'begin');
  await client.query(`select pg_catalog.set_config('${TOKEN_SETTING}', $1, true)`, [token]);
  const tenant = tenantClient(client);
  let result: T;
  try {
    result = await use(tenant.client);
  } finally {
    tenant.revoke();
  }
  if (client.getTransactionStatus() === 'I') throw new Error('the callback ended the transaction itself');
  const [ended] = (await client.query(leave('commit'))) as unknown as QueryResult[];
  // What PostgreSQL answers when an earlier statement failed and the callback swallowed its error.
  if (ended?.command !== 'COMMIT') {
    throw new Error('nothing was committed: an earlier statement of the transaction failed');
  }
  return result;
}

/**
 * Ends the transaction, and takes away what would stay with the connection for its next user: settings without LOCAL
 * (a token among them) and cursors WITH HOLD, which still hold rows. One message, hence no further round trip.
 */
function leave(how: 'commit' | 'rollback'): string {
  return `${how}; reset all; close all`;
}

/** A handle that stops working when the callback is over, so that a leaked one cannot act for the next tenant. */
function tenantClient(client: PoolClient): { client: TenantClient; revoke(): void } {
  let live = true;
  const query = (text: string, values?: readonly unknown[]) => {
    if (!live) return Promise.reject(new Error('the tenant context of this client is over'));
    return client.query(text, values as unknown[] | undefined);
  };
  return {
    client: { query } as unknown as TenantClient,
    revoke: () => {
      live = false;
    },
  };
}
