/** The variables by which psql, and every client that is built on libpq, finds the database. */
import { sessionOptions } from '../sql/support-session';
import { ENVIRONMENT } from './contract';

/** A support shell reads, unless somebody asked to write; the policies hold for writes too. */
const READ_ONLY = '-c default_transaction_read_only=on';

type Environment = Readonly<Record<string, string | undefined>>;

/** All but the password. @throws {Error} that names the variables which are missing */
export function libpqVariables(environment: Environment): Record<string, string> {
  const named = {
    PGHOST: ENVIRONMENT.host,
    PGPORT: ENVIRONMENT.port,
    PGDATABASE: ENVIRONMENT.database,
    PGUSER: ENVIRONMENT.user,
    PGSSLROOTCERT: ENVIRONMENT.caFile,
  };
  const missing = [...Object.values(named), 'AWS_REGION'].filter((variable) => !environment[variable]);
  if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}`);
  const support = environment[ENVIRONMENT.service] === 'support-shell';
  return {
    ...Object.fromEntries(Object.entries(named).map(([pg, variable]) => [pg, environment[variable] ?? ''])),
    PGSSLMODE: 'verify-full',
    PGCONNECT_TIMEOUT: '10',
    ...(support ? { PGOPTIONS: READ_ONLY, PGAPPNAME: 'support-shell', PSQL_HISTORY: '/dev/null' } : {}),
  };
}

/** For the psql of a person: their settings, and our file of commands instead of any of the container's. */
export function psqlVariables(
  environment: Environment,
  { write, psqlrc }: { readonly write: boolean; readonly psqlrc: string },
): Record<string, string> {
  return {
    ...libpqVariables(environment),
    PGOPTIONS: sessionOptions(write),
    PGAPPNAME: 'support-shell',
    PSQLRC: psqlrc,
    PSQL_HISTORY: '/dev/null',
  };
}
