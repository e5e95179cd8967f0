/**
 * How each login proves who it is on a server that AWS manages: services by tokens of IAM, people by passwords that are kept
 * in a secret, and every statement of a person recorded. Needs the master user, or a superuser.
 */
import type { ClientBase } from 'pg';
import { CommandError } from './errors';
import { ident, literal } from './names';
import { bearingRaces } from './races';
import { scramVerifier } from './scram';
import { withTransaction } from './transaction';

/** Members log in by token, and by token only: RDS then refuses a password. */
const TOKEN_ROLE = 'rds_iam';

/** Members may change their own password, where the server keeps that from everybody else: rotation does. */
const PASSWORD_ROLE = 'rds_password';

export interface ManagedLogins {
  readonly byToken: readonly string[];
  /** Password by login. */
  readonly byPassword: Readonly<Record<string, string>>;
  /** Every statement is written to the log, by pgaudit. */
  readonly audited: readonly string[];
  /** `none`: for servers without pgaudit. Otherwise its absence is an error. */
  readonly audit: 'pgaudit' | 'none';
  /** Not bound by the time limit of the server: migrations take as long as they take. */
  readonly unlimited: readonly string[];
}

/** Idempotent, all or nothing. Several may run at the same time, in any database of the server. */
export async function manageLogins(client: ClientBase, logins: ManagedLogins): Promise<void> {
  if (logins.audit === 'pgaudit') await bearingRaces(() => requireAudit(client));
  await bearingRaces(() => withTransaction(client, () => assign(client, logins)));
}

async function assign(client: ClientBase, logins: ManagedLogins): Promise<void> {
  // Without it the server is not managed by AWS, and there are no tokens.
  if (await exists(client, TOKEN_ROLE)) await assignTokens(client, logins);
  if (await exists(client, PASSWORD_ROLE)) {
    for (const login of Object.keys(logins.byPassword)) await join(client, PASSWORD_ROLE, login);
  }
  for (const [login, password] of Object.entries(logins.byPassword)) {
    await client.query(`alter role ${ident(login)} password ${literal(scramVerifier(password))}`);
  }
  for (const login of logins.audit === 'pgaudit' ? logins.audited : []) {
    await client.query(`alter role ${ident(login)} set pgaudit.log = 'all'`);
  }
  for (const login of logins.unlimited) {
    await client.query(`alter role ${ident(login)} set statement_timeout = 0`);
  }
}

async function requireAudit(client: ClientBase): Promise<void> {
  const { rowCount } = await client.query(
    `select from pg_catalog.pg_settings where name = 'pgaudit.log' and source is not null`,
  );
  if (rowCount === 0) {
    throw new CommandError(
      'audit-not-loaded',
      'pgaudit is not loaded: what people do would not be recorded',
      'Name pgaudit in shared_preload_libraries of the parameter group, and restart the database.',
    );
  }
  await client.query('create extension if not exists pgaudit with schema extensions');
}

async function assignTokens(client: ClientBase, { byToken, byPassword }: ManagedLogins): Promise<void> {
  for (const login of byToken) await join(client, TOKEN_ROLE, login);
  for (const login of Object.keys(byPassword)) {
    if (await isMember(client, TOKEN_ROLE, login)) {
      await client.query(`revoke ${TOKEN_ROLE} from ${ident(login)}`);
      // PostgreSQL takes back what this user granted, and warns of the rest.
      if (await isMember(client, TOKEN_ROLE, login)) {
        throw new CommandError(
          'login-by-token',
          `${login} is a member of ${TOKEN_ROLE} by somebody else's grant: its password would be refused`,
          `As whoever granted it: REVOKE ${TOKEN_ROLE} FROM ${ident(login)}.`,
        );
      }
    }
  }
}

/** GRANT writes to the shared catalog even when nothing changes. */
async function join(client: ClientBase, role: string, login: string): Promise<void> {
  if (!(await isMember(client, role, login))) await client.query(`grant ${ident(role)} to ${ident(login)}`);
}

async function isMember(client: ClientBase, role: string, login: string): Promise<boolean> {
  const { rows } = await client.query<{ member: boolean }>(
    `select exists (select from pg_catalog.pg_auth_members
                    where roleid = $1::text::regrole and member = $2::text::regrole) as member`,
    [ident(role), ident(login)],
  );
  return rows[0]?.member ?? false;
}

async function exists(client: ClientBase, role: string): Promise<boolean> {
  const { rowCount } = await client.query('select from pg_catalog.pg_roles where rolname = $1', [role]);
  return (rowCount ?? 0) > 0;
}
