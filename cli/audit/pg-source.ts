/** The ledger over a connection of one's own, as the login `auditor`. */
import { Client } from 'pg';
import { secretsOf, targetOf } from '../../sql/cli/connection';
import { failure } from '../../sql/cli/failure';
import { CommandError, SQLSTATE, sqlstate } from '../../sql/db/errors';
import { type Connection, READ_ONLY } from './connection';
import { positional, type Row } from './statements';

const LOGIN = 'auditor';
const STATEMENT_TIMEOUT_MS = 60_000;

/** @throws CommandError: `not-auditor`, `no-ledger`, and what keeps a connection from being made */
export async function pgConnection(url: string): Promise<Connection> {
  const client = new Client({
    connectionString: url,
    application_name: 'tenant-zero audit',
    connectionTimeoutMillis: 10_000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
  });
  // Said again by the statement that runs next.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    const { code, message, next } = failure(error, targetOf(url), secretsOf(url));
    throw new CommandError(code, message, next, 'user', error);
  }
  return {
    async snapshot(use) {
      await client.query('begin');
      try {
        await client.query(READ_ONLY);
        const result = await use({
          rows: async (statement, values) => {
            const given = statement.names.map((name) => values[name]);
            return (await client.query<Row>(positional(statement), given)).rows;
          },
        });
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch(() => undefined);
        throw fromDatabase(error, client.user ?? 'this login');
      }
    },
    close: () => client.end(),
  };
}

/** What the database says. Errors that are not the database's stay as they are. */
export function fromDatabase(error: unknown, login: string): unknown {
  if (error instanceof CommandError) return error;
  const code = (error as { code?: string }).code;
  if (code === '42501') {
    return new CommandError(
      'not-auditor',
      `${login} may not read the ledger`,
      `connect as the login ${LOGIN}: it may read the ledger, and nothing else`,
      'user',
      error,
    );
  }
  if (code === '3F000' || code === '42883') {
    return new CommandError(
      'no-ledger',
      'this database has no ledger',
      'its registry needs the section approvals: (sql/registry.yaml); then apply it',
      'user',
      error,
    );
  }
  if (code === SQLSTATE.organizationUnknown) {
    return new CommandError(
      'organization-unknown',
      'there is no such organization',
      'give its key, or own for the own tenant',
      'user',
      error,
    );
  }
  if (sqlstate(error) === undefined) return error;
  return new CommandError(
    'database-failed',
    `the database says ${code}: ${(error as Error).message}`,
    'run the command again; TENANT_ZERO_DEBUG=1 shows where it failed',
    'system',
    error,
  );
}
