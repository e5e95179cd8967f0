/** Who is connected, and as whom the statements of a plan can run. */
import type { ClientBase } from 'pg';
import { ident } from '../db/names';

export interface Identity {
  readonly login: string;
  readonly superuser: boolean;
  readonly createRole: boolean;
  /** CREATE on the database: schemas `guard` and `vault`, and the scratch schema of a plan. */
  readonly createSchema: boolean;
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
    can_set: string[];
    inherits: string[];
    can_admin: string[];
    version: number;
  }>(
    // Before PostgreSQL 16 every membership included SET ROLE.
    `SELECT session_user::text AS login, r.rolsuper AS superuser, r.rolcreaterole AS create_role,
            pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') AS create_schema,
            pg_catalog.current_setting('server_version_num')::int AS version,
            ARRAY(SELECT o.rolname::text FROM pg_catalog.pg_roles o WHERE pg_catalog.pg_has_role(session_user, o.oid,
              CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)) AS can_set,
            ARRAY(SELECT o.rolname::text FROM pg_catalog.pg_roles o WHERE pg_catalog.pg_has_role(session_user, o.oid, 'USAGE')) AS inherits,
            ARRAY(SELECT o.rolname::text FROM pg_catalog.pg_roles o WHERE r.rolsuper
              OR (pg_catalog.current_setting('server_version_num')::int < 160000 AND r.rolcreaterole AND NOT o.rolsuper)
              OR pg_catalog.pg_has_role(session_user, o.oid, 'MEMBER WITH ADMIN OPTION')) AS can_admin
     FROM pg_catalog.pg_roles r WHERE r.rolname = session_user`,
  );
  const row = rows[0];
  if (!row) throw new TypeError('the session user is not in pg_roles');
  return {
    login: row.login,
    superuser: row.superuser,
    createRole: row.create_role,
    createSchema: row.create_schema,
    canSet: new Set(row.can_set),
    inherits: new Set(row.inherits),
    canAdmin: new Set(row.can_admin),
    serverVersion: row.version,
  };
}

/** Becomes `role` for the transaction; a login that only inherits from it works as itself. */
export function setRoleStatement(identity: Identity, role: string): string {
  if (role === identity.login) return 'RESET ROLE';
  if (!identity.canSet.has(role) && identity.inherits.has(role)) return 'RESET ROLE';
  return `SET LOCAL ROLE ${ident(role)}`;
}
