/** Whether it is safe to serve: asked of the database itself, and every doubt is a no. */
import type { Pool } from 'pg';

export interface Expected {
  /** SHA-256 of the registry that the image was built for. */
  readonly registryHash: string;
  /** Tables that the registry excludes, `schema.table`: they belong to everybody, and have no row security. */
  readonly excluded: readonly string[];
}

export interface Readiness {
  /** The role is harmless and every table protected. */
  readonly safe: boolean;
  /** What was applied is what the image was built for. */
  readonly current: boolean;
  /** One line each; empty: ready. */
  readonly problems: readonly string[];
}

/** Whatever lets a login pass by the policies, on one line each. */
const ROLE = `
select case
    when r.rolsuper then 'is a superuser'
    when r.rolbypassrls then 'has BYPASSRLS'
    when r.rolcreaterole then 'has CREATEROLE'
    when exists (select from pg_catalog.pg_class c
                 where c.relkind in ('r', 'p') and c.relrowsecurity
                   and pg_catalog.pg_has_role(r.oid, c.relowner, 'MEMBER')) then 'owns protected tables, or may become who does'
  end as problem
from pg_catalog.pg_roles r where r.rolname in (current_user, session_user)`;

/** Ordinary tables without forced row security, outside of what belongs to PostgreSQL and to the guard. */
const TABLES = `
select pg_catalog.format('%I.%I', n.nspname, c.relname) as name
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
  and n.nspname not in ('pg_catalog', 'information_schema', 'guard', 'vault') and n.nspname !~ '^pg_(toast|temp)'
  and not exists (select from pg_catalog.pg_depend d
                  where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  and pg_catalog.format('%I.%I', n.nspname, c.relname) <> all ($1::text[])
order by 1`;

export async function checkReadiness(pool: Pool, expected: Expected): Promise<Readiness> {
  const dangers: string[] = [];
  const roles = await pool.query<{ problem: string | null }>(ROLE);
  if (roles.rows.length === 0) dangers.push('the database role is not known');
  for (const { problem } of roles.rows) if (problem !== null) dangers.push(`the database role ${problem}`);
  const tables = await pool.query<{ name: string }>(TABLES, [expected.excluded]);
  for (const { name } of tables.rows) dangers.push(`${name} is not protected`);
  const applied = await pool.query<{ hash: string | null }>('select guard.applied_registry() as hash');
  const hash = applied.rows[0]?.hash;
  const current = hash === expected.registryHash;
  const superseded = hash
    ? 'another registry is applied than this image was built for'
    : 'no registry is applied';
  return { safe: dangers.length === 0, current, problems: [...dangers, ...(current ? [] : [superseded])] };
}
