/** Which database a command works on: the option, the environment, or the server that `npm start` runs. */
import { CommandError } from '../db/errors';
import { readServer } from '../local/home';
import type { Context } from './context';

export const URL_VARIABLE = 'TENANT_ZERO_DATABASE_URL';

/** @throws CommandError `no-database`, `database-url` */
export async function databaseUrl(context: Pick<Context, 'databaseUrl' | 'env'>): Promise<string> {
  const given = context.databaseUrl ?? (context.env[URL_VARIABLE] || undefined);
  if (given !== undefined) return checked(given);
  const server = await readServer(context.env);
  if (server) return server.applier;
  throw new CommandError(
    'no-database',
    'no --database-url, and npm start is not running',
    `give --database-url postgres://user:password@host/database, set ${URL_VARIABLE}, or run npm start`,
  );
}

function checked(url: string): string {
  const next = 'write it as postgres://user:password@host:5432/database, special characters percent-encoded';
  // The text is not repeated: it may hold a password.
  const wrong = new CommandError('database-url', 'the database URL is not one', next);
  if (!/^(postgres(ql)?:\/\/|socket:|\/)/.test(url)) throw wrong;
  try {
    decodeURIComponent(new URL(url, 'postgres://base').password);
  } catch {
    // A URL with an empty host is one for node-pg, and none for the standard.
    if (!/^postgres(ql)?:\/\/[^/]*@\//.test(url)) throw wrong;
  }
  return url;
}
