/** Reads the actual state from the catalog. Reads only; runs inside the caller's transaction with an empty search path. */
import type { ClientBase } from 'pg';
import type { Desired } from '../compiler/desired';
import { GUARD_OWNER } from '../compiler/our-names';
import { ident } from '../db/names';
import { aclJson } from './acl';
import { observePolicies } from './observe-policies';
import { observeSequences } from './observe-sequences';
import { observeTriggers } from './observe-triggers';
import type {
  Damage,
  Observed,
  ObservedFunction,
  ObservedGrant,
  ObservedOwnTable,
  ObservedPolicy,
  ObservedRelation,
  ObservedRole,
  ObservedSchema,
  ObservedSequence,
  ObservedTrigger,
  State,
} from './observed';

export async function observe(client: ClientBase, desired: Desired): Promise<Observed> {
  const oids = desired.relations.map((each) => each.relation.oid);
  const roles = [...desired.roles.map((role) => role.name), GUARD_OWNER];
  return {
    relations: await observeRelations(client, oids),
    roles: await observeRoles(client, roles),
    functions: await observeFunctions(client),
    tables: await observeOwnTables(client),
    schemas: await observeSchemas(client),
    canConnect: await observeConnect(client, desired.connect),
    state: await observeState(client),
    guardMembers: await observeMembers(client),
  };
}

async function observeRelations(
  client: ClientBase,
  oids: readonly number[],
): Promise<Map<number, ObservedRelation>> {
  const relations = new Map<
    number,
    {
      policies: ObservedPolicy[];
      triggers: ObservedTrigger[];
      grants: ObservedGrant[];
      columnGrants: ObservedGrant[];
      sequences: ObservedSequence[];
    }
  >();
  for (const oid of oids)
    relations.set(oid, { policies: [], triggers: [], grants: [], columnGrants: [], sequences: [] });

  const acls = await client.query<{ oid: number; grants: ObservedGrant[] | null }>(
    `SELECT c.oid::int8::float8 AS oid, ${aclJson('c.relacl', 'c.relowner')} AS grants
     FROM pg_catalog.pg_class c WHERE c.relacl IS NOT NULL AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`,
  );
  for (const row of acls.rows) relations.get(row.oid)?.grants.push(...(row.grants ?? []));

  const columns = await client.query<{ oid: number; column: string; grants: ObservedGrant[] | null }>(
    `SELECT a.attrelid::int8::float8 AS oid, a.attname AS column, ${aclJson('a.attacl', 'c.relowner')} AS grants
     FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
     WHERE a.attacl IS NOT NULL AND NOT a.attisdropped`,
  );
  for (const row of columns.rows) {
    for (const grant of row.grants ?? []) {
      const privileges = grant.privileges.map((privilege) => `${privilege} (${ident(row.column)})`);
      relations.get(row.oid)?.columnGrants.push({ role: grant.role, privileges });
    }
  }

  for (const { relation, policy } of await observePolicies(client)) {
    relations.get(relation)?.policies.push(policy);
  }

  for (const { relation, trigger } of await observeTriggers(client)) {
    relations.get(relation)?.triggers.push(trigger);
  }

  for (const { relation, sequence } of await observeSequences(client)) {
    relations.get(relation)?.sequences.push(sequence);
  }
  return relations;
}

/**
 * Roles of RDS that hold nothing: membership says how a login proves who it is (`sql/db/managed-logins.ts`). Their names
 * count only where RDS keeps its superuser: elsewhere anybody could have made a role that is called so.
 */
const MARKER_ROLES = `SELECT p.oid FROM pg_catalog.pg_roles p WHERE p.rolname IN ('rds_iam', 'rds_password')
  AND EXISTS (SELECT FROM pg_catalog.pg_roles a WHERE a.rolname = 'rdsadmin' AND a.rolsuper)`;

async function observeRoles(
  client: ClientBase,
  names: readonly string[],
): Promise<Map<string, ObservedRole>> {
  const { rows } = await client.query<ObservedRole>(
    `SELECT r.rolname AS name, r.rolcanlogin AS login, r.rolsuper AS superuser, r.rolbypassrls AS "bypassRls",
            r.rolcreaterole AS "createRole", r.rolcreatedb AS "createDb", r.rolreplication AS replication,
            ARRAY(SELECT DISTINCT pg_catalog.pg_get_userbyid(m.roleid)::text FROM pg_catalog.pg_auth_members m
                  WHERE m.member = r.oid AND m.roleid NOT IN (${MARKER_ROLES}) ORDER BY 1) AS "memberOf",
            coalesce(here.setconfig, '{}') AS settings, coalesce(everywhere.setconfig, '{}') AS "globalSettings"
     FROM pg_catalog.pg_roles r
     LEFT JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database()
     LEFT JOIN pg_catalog.pg_db_role_setting here ON here.setrole = r.oid AND here.setdatabase = d.oid
     LEFT JOIN pg_catalog.pg_db_role_setting everywhere ON everywhere.setrole = r.oid AND everywhere.setdatabase = 0
     WHERE r.rolname = ANY ($1::name[])`,
    [names],
  );
  return new Map(rows.map((row) => [row.name, row]));
}

async function observeFunctions(client: ClientBase): Promise<ObservedFunction[]> {
  const { rows } = await client.query<Omit<ObservedFunction, 'sqlBody'> & { sqlBody: string | null }>(
    `SELECT n.nspname AS schema, p.proname AS name,
            ARRAY(SELECT pg_catalog.format_type(t, NULL) FROM pg_catalog.unnest(p.proargtypes) WITH ORDINALITY u (t, i) ORDER BY i) AS types,
            coalesce(p.proargnames, '{}') AS "parameterNames", pg_catalog.pg_get_function_result(p.oid) AS returns, l.lanname AS language,
            CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END AS volatility,
            CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END AS parallel,
            p.prosecdef AS definer, p.proleakproof AS leakproof, p.proisstrict AS strict, p.pronargdefaults > 0 AS defaults,
            p.prosupport <> 0 AS supported, p.prosrc AS source,
            pg_catalog.pg_get_function_sqlbody(p.oid) AS "sqlBody", coalesce(p.proconfig, '{}') AS config,
            pg_catalog.pg_get_userbyid(p.proowner) AS owner,
            ARRAY(SELECT DISTINCT CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(x.grantee)::text END
                         || CASE WHEN x.is_grantable THEN '*' ELSE '' END
                  FROM pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) x
                  WHERE x.grantee <> p.proowner ORDER BY 1) AS "executableBy"
     FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
     WHERE n.nspname IN ('guard', 'vault')`,
  );
  return rows.map((row) => ({ ...row, sqlBody: row.sqlBody ?? undefined }));
}

async function observeOwnTables(client: ClientBase): Promise<ObservedOwnTable[]> {
  const { rows } = await client.query<
    ObservedOwnTable & { grants: ObservedGrant[] | null; triggers: ObservedTrigger[] | null }
  >(
    `SELECT n.nspname AS schema, c.relname AS name, pg_catalog.pg_get_userbyid(c.relowner) AS owner, c.relrowsecurity AS "rowSecurity",
            ARRAY(SELECT a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a
                  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS columns,
            ARRAY(SELECT pg_catalog.quote_ident(a.attname) FROM pg_catalog.pg_attribute a
                  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND NOT a.attnotnull ORDER BY a.attnum) AS nullable,
            ARRAY(SELECT pg_catalog.pg_get_constraintdef(k.oid) FROM pg_catalog.pg_constraint k
                  WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u', 'c', 'f') ORDER BY 1) AS constraints,
            ARRAY(SELECT w.rulename::text FROM pg_catalog.pg_rewrite w
                  WHERE w.ev_class = c.oid AND w.rulename <> '_RETURN' ORDER BY 1) AS rules,
            c.relkind AS kind,
            (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', t.tgname, 'definition', pg_catalog.pg_get_triggerdef(t.oid), 'enabled', t.tgenabled))
             FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) AS triggers,
            ${aclJson('c.relacl', 'c.relowner')} AS grants
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('guard', 'vault') AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`,
  );
  return rows.map((row) => ({ ...row, grants: row.grants ?? [], triggers: row.triggers ?? [] }));
}

async function observeSchemas(client: ClientBase): Promise<Map<string, ObservedSchema>> {
  const { rows } = await client.query<ObservedSchema & { grants: ObservedGrant[] | null }>(
    // `pg_database_owner` is a role that nobody can become: the database's owner acts for it.
    `SELECT n.nspname AS name, pg_catalog.pg_get_userbyid(CASE WHEN n.nspowner = 'pg_database_owner'::pg_catalog.regrole
              THEN (SELECT d.datdba FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
              ELSE n.nspowner END) AS owner, ${aclJson('n.nspacl', 'n.nspowner')} AS grants
     FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_'`,
  );
  return new Map(rows.map((row) => [row.name, { ...row, grants: row.grants ?? [] }]));
}

async function observeConnect(client: ClientBase, roles: readonly string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT r.rolname AS name FROM pg_catalog.pg_roles r
     WHERE r.rolname = ANY ($1::name[]) AND pg_catalog.has_database_privilege(r.oid, pg_catalog.current_database(), 'CONNECT')`,
    [roles],
  );
  return new Set(rows.map((row) => row.name));
}

async function observeMembers(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT DISTINCT pg_catalog.pg_get_userbyid(m.member)::text AS name FROM pg_catalog.pg_auth_members m
     JOIN pg_catalog.pg_roles r ON r.oid = m.roleid WHERE r.rolname = $1 ORDER BY 1`,
    [GUARD_OWNER],
  );
  return rows.map((row) => row.name);
}

/** Needs SELECT on guard.state, which `guard_owner` has: the caller is a member, or there is nothing to read. */
async function observeState(client: ClientBase): Promise<State | undefined> {
  const nothing = { registryHash: undefined, appliedAt: undefined, appliedBy: undefined } as const;
  const damaged = (damage: Damage): State => ({
    ...nothing,
    keyType: '',
    damage,
    owners: {},
    printed: {},
    roles: [],
  });
  const { rows: exists } = await client.query<{ readable: boolean; theirs: boolean }>(
    `SELECT pg_catalog.pg_has_role(r.oid, 'MEMBER') AS readable,
            NOT (pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE') AND pg_catalog.has_table_privilege(r.oid, c.oid, 'SELECT')) AS theirs
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_roles r ON r.rolname = $1
     WHERE n.nspname = 'guard' AND c.relname = 'state'`,
    [GUARD_OWNER],
  );
  if (!exists[0]?.readable) return undefined;
  if (exists[0].theirs) return damaged('unreadable');
  const { rows: before } = await client.query<{ role: string }>(
    `SELECT pg_catalog.current_setting('role') AS role`,
  );
  await client.query(`SET LOCAL ROLE ${GUARD_OWNER}`);
  const { rows } = await client.query<{
    key_type: string;
    registry_hash: string | null;
    applied_at: string | null;
    applied_by: string | null;
    detail: { owners?: Record<string, string>; printed?: Record<string, string>; roles?: string[] };
  }>(`SELECT key_type, registry_hash, applied_at::text, applied_by, detail FROM guard.state`);
  await client.query(`SELECT pg_catalog.set_config('role', $1, true)`, [before[0]?.role ?? 'none']);
  const row = rows[0];
  if (!row) return damaged('empty');
  return {
    keyType: row.key_type,
    damage: undefined,
    registryHash: row.registry_hash ?? undefined,
    appliedAt: row.applied_at ?? undefined,
    appliedBy: row.applied_by ?? undefined,
    owners: row.detail.owners ?? {},
    printed: row.detail.printed ?? {},
    roles: row.detail.roles ?? [],
  };
}
