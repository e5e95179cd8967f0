/** Connections, transactions and locks as callbacks: whoever borrows one cannot forget to give it back. */
import { Client, type ClientBase, type ClientConfig } from 'pg';

/** Connects, calls back, disconnects, whatever happens. */
export async function withClient<T>(
  config: string | ClientConfig,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client(typeof config === 'string' ? { connectionString: config } : config);
  // A connection that is lost while no query runs is reported as an event, which would end the process if nobody
  // listened. The next query fails with the same reason.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A transaction that could not be rolled back: the connection is in an unknown state and must not be used again. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
}

export interface TransactionOptions {
  readonly readOnly?: boolean;
}

/**
 * BEGIN, call back, COMMIT. Any failure rolls back and is thrown. Not for use inside another transaction.
 * Throws `ConnectionLostError`, with the first failure as its cause, when not even the rollback succeeds.
 */
export async function withTransaction<C extends ClientBase, T>(
  client: C,
  use: (client: C) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  try {
    await client.query(options.readOnly ? 'begin read only' : 'begin');
    const result = await use(client);
    await commit(client);
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {
      throw new ConnectionLostError('the transaction could not be rolled back', { cause: error });
    });
    throw error;
  }
}

/**
 * COMMIT that means it. In a transaction which an earlier statement has aborted (and whose error somebody swallowed)
 * PostgreSQL answers COMMIT with a friendly ROLLBACK: everything would be lost without a word.
 */
async function commit(client: ClientBase): Promise<void> {
  const { command } = await client.query('commit');
  if (command !== 'COMMIT')
    throw new Error('nothing was committed: an earlier statement of the transaction failed');
}

/**
 * Holds a session-level advisory lock during the callback; a second caller of the same name in the same database
 * waits. Not for use inside a transaction: in an aborted one the lock could not be released.
 */
export async function withAdvisoryLock<T>(
  client: ClientBase,
  name: string,
  use: () => Promise<T>,
): Promise<T> {
  await client.query('select pg_catalog.pg_advisory_lock(pg_catalog.hashtextextended($1, 0))', [name]);
  try {
    return await use();
  } finally {
    // A connection that is lost has released its locks.
    await client
      .query('select pg_catalog.pg_advisory_unlock(pg_catalog.hashtextextended($1, 0))', [name])
      .catch(() => undefined);
  }
}
