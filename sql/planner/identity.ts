/** Who is connected, and as whom the statements of a plan can run. */
import type { ClientBase } from 'pg';
import { ident } from '../db/names';

export interface Identity {
  readonly login: string;
  readonly superuser: boolean;
  readonly createRole: boolean;
  /** CREATE on the database: schemas `guard` and `vault`, and the scratch schema of a plan. */
  readonly createSchema: boolean;
  /** It may let other roles connect. */
  readonly grantConnect: boolean;
  /** No role to become, and no role whose membership anybody should be asked for. */
  readonly superusers: ReadonlySet<string>;
  /** Roles that SET ROLE reaches. */
  readonly canSet: ReadonlySet<string>;
  /** Roles whose privileges are held without SET ROLE. */
  readonly inherits: ReadonlySet<string>;
  /** Roles that it may alter and grant. Before PostgreSQL 16, CREATEROLE was enough for every role but superusers. */
  readonly canAdmin: ReadonlySet<string>;
  readonly serverVersion: number;
}

export async function readIdentity(client: ClientBase): Promise<Identity> {
  const { rows } = await client.query<{
    login: string;
    superuser: boolean;
    create_role: boolean;
    create_schema: boolean;
    grant_connect: boolean;
    can_set: string[];
    inherits: string[];
    can_admin: string[];
    superusers: string[];
    version: number;
  }>(
    // Before PostgreSQL 16 every membership included SET ROLE.
    `SELECT session_user::text AS login, r.rolsuper AS superuser, r.rolcreaterole AS create_role,
            pg_catalog.has_database_privilege(session_user, pg_catalog.current_database(), 'CREATE') AS create_schema,
            pg_catalog.has_database_privilege(session_user, pg_catalog.current_database(), 'CONNECT WITH GRANT OPTION') AS grant_connect,
            pg_catalog.current_setting('server_version_num')::int AS version,
            ARRAY(SELECT o.rolname::text FROM pg_catalog.pg_roles o WHERE pg_catalog.pg_has_role(session_user, o.oid,
              CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)) AS can_set,
            ARRAY(SELECT o.rolname::text FROM pg_catalog.pg_roles o WHERE pg_catalog.pg_has_role(session_user, o.oid, 'USAGE')) AS inherits,
            ARRAY(SELECT o.rolname::text FROM pg_catalog.pg_roles o WHERE r.rolsuper
              OR (pg_catalog.current_setting('server_version_num')::int < 160000 AND r.rolcreaterole AND NOT o.rolsuper)
              OR pg_catalog.pg_has_role(session_user, o.oid, 'MEMBER WITH ADMIN OPTION')) AS can_admin,
            ARRAY(SELECT o.rolname::text FROM pg_catalog.pg_roles o WHERE o.rolsuper) AS superusers
     FROM pg_catalog.pg_roles r WHERE r.rolname = session_user`,
  );
  const row = rows[0];
  if (!row) throw new TypeError('the session user is not in pg_roles');
  return {
    login: row.login,
    superuser: row.superuser,
    createRole: row.create_role,
    createSchema: row.create_schema,
    grantConnect: row.grant_connect,
    canSet: new Set(row.can_set),
    inherits: new Set(row.inherits),
    canAdmin: new Set(row.can_admin),
    superusers: new Set(row.superusers),
    serverVersion: row.version,
  };
}

/** Not RESET ROLE, which goes back to what `ALTER ROLE ... SET role` says. */
export const AS_LOGIN = 'SET LOCAL ROLE NONE';

/**
 * What every transaction of the engine begins with: the login's own settings decide neither what a name means, nor how
 * expressions are printed, nor whether a query that row security filters is an error.
 */
export const OWN_SETTINGS = `${AS_LOGIN}; SET LOCAL search_path = ''; SET LOCAL row_security = on; SET LOCAL quote_all_identifiers = off`;

/** Becomes `role` for the transaction; a login that only inherits from it works as itself. */
export function setRoleStatement(identity: Identity, role: string): string {
  if (role === identity.login) return AS_LOGIN;
  if (!identity.canSet.has(role) && identity.inherits.has(role)) return AS_LOGIN;
  return `SET LOCAL ROLE ${ident(role)}`;
}
