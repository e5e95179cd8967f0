/**
 * What only an administrator can do, once per database: the roles that own and change things, and a database in which
 * PUBLIC may do nothing. Idempotent. Needs a superuser, or an owner of the database with CREATEROLE (the master user
 * of RDS). CONNECT for the roles of the registry is granted by the registry engine.
 */
import type { ClientBase } from 'pg';
import { grantSet, hasMembershipOptions, settingRole } from './membership';
import { ident, literal } from './names';
import { bearingRaces } from './races';
import { scramVerifier } from './scram';
import { withTransaction } from './transaction';

export const OWNER_ROLE = 'platform_owner';
export const MIGRATION_LOGIN = 'migrator';
export const APPLYING_LOGIN = 'registry_applier';

/** Roles that bootstrap creates. `app_backend` is the registry's, but migrations name it in GRANT EXECUTE. */
const ROLES = {
  [OWNER_ROLE]: 'nologin noinherit',
  [MIGRATION_LOGIN]: 'login noinherit',
  [APPLYING_LOGIN]: 'login noinherit createrole',
  app_backend: 'login noinherit',
} as const;

export type BootstrapRole = keyof typeof ROLES;

export interface BootstrapOptions {
  /** The database that `client` is connected to. */
  readonly database: string;
  /** Passwords to set, as text. They reach the server, and its log, only as SCRAM verifiers. */
  readonly passwords?: Readonly<Partial<Record<Exclude<BootstrapRole, typeof OWNER_ROLE>, string>>>;
  /**
   * More logins of the registry to make now, for whoever gives them passwords or rights that only an administrator has. The
   * engine finds them, and administers them as its own.
   */
  readonly logins?: readonly string[];
}

/** Extensions of the schema, all of them trusted: on RDS no superuser is needed. */
const EXTENSIONS = ['pg_trgm', 'btree_gist'];

/** Prepares the database. Several bootstraps in databases of one cluster may run at the same time. */
export async function bootstrap(client: ClientBase, options: BootstrapOptions): Promise<void> {
  await bearingRaces(() => withTransaction(client, () => prepare(client, options)));
}

async function prepare(client: ClientBase, options: BootstrapOptions): Promise<void> {
  const version = await serverVersion(client);
  for (const [role, attributes] of Object.entries(ROLES)) await ensureRole(client, role, attributes);
  const logins = options.logins ?? [];
  for (const login of logins) await ensureRole(client, login, ROLES.app_backend);
  for (const [role, password] of Object.entries(options.passwords ?? {})) {
    await client.query(`alter role ${ident(role)} password ${literal(scramVerifier(password))}`);
  }
  // Neither inherits: what belongs to the owner is done after a visible SET ROLE.
  await ensureMember(client, version, OWNER_ROLE, MIGRATION_LOGIN, { set: true, admin: false });
  await ensureMember(client, version, OWNER_ROLE, APPLYING_LOGIN, { set: true, admin: false });
  // As if the applying login had created it: PostgreSQL lets it alter only roles of which it is an administrator.
  for (const login of ['app_backend', ...logins]) {
    await ensureMember(client, version, login, APPLYING_LOGIN, { set: false, admin: true });
  }

  const database = ident(options.database);
  await client.query(`
    revoke all on database ${database} from public;
    grant connect, create on database ${database} to ${OWNER_ROLE};
    grant connect on database ${database} to ${MIGRATION_LOGIN};
    grant create on database ${database} to ${APPLYING_LOGIN};
    -- The registry engine passes CONNECT on to the roles of the registry.
    grant connect on database ${database} to ${APPLYING_LOGIN} with grant option;
  `);
  await asOwner(client, version, async () => {
    await takeOverPublicSchema(client);
    await client.query(`
      set local role ${OWNER_ROLE};
      revoke all on schema public from public;
      -- Without "in schema": only the global form can take away what PUBLIC has by default.
      alter default privileges revoke execute on functions from public;
      reset role;
    `);
  });
  // Operator classes and functions of extensions hold no data: everybody who may connect may look them up.
  await client.query('create schema if not exists extensions; grant usage on schema extensions to public');
  for (const name of EXTENSIONS) {
    await client.query(`create extension if not exists ${ident(name)} with schema extensions`);
  }
}

async function serverVersion(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    `select pg_catalog.current_setting('server_version_num')::int as version`,
  );
  return rows[0]?.version ?? 0;
}

async function ensureRole(client: ClientBase, role: string, attributes: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_catalog.pg_roles where rolname = $1', [role]);
  if (rowCount === 0) await client.query(`create role ${ident(role)} ${attributes}`);
}

/** Grants the membership unless it stands exactly so already: GRANT writes to the shared catalog even when nothing changes. */
async function ensureMember(
  client: ClientBase,
  version: number,
  role: string,
  member: string,
  want: { set: boolean; admin: boolean },
): Promise<void> {
  if (!hasMembershipOptions(version)) {
    // CREATEROLE is ADMIN enough there, and a membership for its sake would be the right to become the role.
    const { rows } = await client.query<{ member: boolean }>(
      `select pg_catalog.pg_has_role($1, $2, 'MEMBER') as member`,
      [member, role],
    );
    if (want.set && !rows[0]?.member) await client.query(`grant ${ident(role)} to ${ident(member)}`);
    return;
  }
  const { rows } = await client.query<{ set: boolean; admin: boolean; inherit: boolean }>(
    `select set_option as set, admin_option as admin, inherit_option as inherit
     from pg_catalog.pg_auth_members
     where roleid = $1::text::regrole and member = $2::text::regrole`,
    [ident(role), ident(member)],
  );
  if (rows.some((row) => row.set === want.set && row.admin === want.admin && !row.inherit)) return;
  await client.query(
    `grant ${ident(role)} to ${ident(member)} with inherit false, set ${want.set}, admin ${want.admin}`,
  );
}

/**
 * Runs the callback with the right to become the owner role. A superuser has it. A master user with CREATEROLE has
 * only ADMIN on the roles it created; it gives itself SET and takes it back, in the same transaction.
 */
async function asOwner(client: ClientBase, version: number, act: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<{ may: boolean }>(
    'select pg_catalog.pg_has_role(current_user, $1, $2) as may',
    [OWNER_ROLE, settingRole(version)],
  );
  if (rows[0]?.may) return act();
  await client.query(grantSet(OWNER_ROLE, 'CURRENT_USER', version));
  await act();
  const mine = hasMembershipOptions(version) ? ' granted by current_user' : '';
  await client.query(`revoke ${OWNER_ROLE} from current_user${mine}`);
}

/** The schema belongs to `pg_database_owner` in a new database. */
async function takeOverPublicSchema(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ owner: string }>(
    `select nspowner::regrole::text as owner from pg_catalog.pg_namespace where nspname = 'public'`,
  );
  if (rows[0]?.owner !== OWNER_ROLE) await client.query(`alter schema public owner to ${OWNER_ROLE}`);
}
