/** Whether anything can be written here at all: said before the lock is asked for. */
import type { ClientBase } from 'pg';
import { CommandError } from '../db/errors';

/** @throws CommandError `read-only` */
export async function requireWritable(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ standby: boolean; read_only: string }>(
    `SELECT pg_catalog.pg_is_in_recovery() AS standby, pg_catalog.current_setting('transaction_read_only') AS read_only`,
  );
  if (rows[0]?.standby)
    throw new CommandError('read-only', 'the server is a standby: it is read-only', 'connect to the primary');
  // The engine could switch it off for its own transactions. Somebody meant something by it.
  if (rows[0]?.read_only === 'on')
    throw new CommandError(
      'read-only',
      'this session is read-only (default_transaction_read_only)',
      'connect as the applying login, without default_transaction_read_only',
    );
}
