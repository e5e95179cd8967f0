/** What would let a login pass by the policies: asked of the catalog, by that very login. */
import type { ClientBase, Pool } from 'pg';
import type { RelationName } from './names';

/**
 * Whatever lets a login pass by the policies: itself, or as a role that it is a member of, however that was granted. A
 * superuser is a member of all; one line says it. Only the first reason is given for each role.
 */
const ROLE = `
select r.rolname = s.rolname as itself, r.rolname as name,
  case
    when r.rolsuper then 'is a superuser'
    when r.rolbypassrls then 'has BYPASSRLS'
    when r.rolreplication then 'reads every change by replication'
    when r.rolcreaterole then 'has CREATEROLE'
    when r.rolname = 'rds_superuser' then 'administers the server'
    when r.rolname in ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')
      then 'reaches the files of the server'
    when exists (select from pg_catalog.pg_class c
                 where c.relkind in ('r', 'p') and c.relrowsecurity and c.relowner = r.oid)
      then 'owns protected tables'
    when exists (select from pg_catalog.pg_namespace n
                 where n.nspname in ('guard', 'vault') and n.nspowner = r.oid)
      then 'owns the guard'
  end as problem
from pg_catalog.pg_roles s
join pg_catalog.pg_roles r on r.oid = s.oid or (not s.rolsuper and pg_catalog.pg_has_role(s.oid, r.oid, 'MEMBER'))
where s.rolname in (current_user, session_user)
order by itself desc, name`;

/** Ordinary tables without forced row security, outside of what belongs to PostgreSQL and to the guard. */
const TABLES = `
select pg_catalog.format('%I.%I', n.nspname, c.relname) as name
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
  and n.nspname not in ('pg_catalog', 'information_schema', 'guard', 'vault') and n.nspname !~ '^pg_(toast|temp)'
  and not exists (select from pg_catalog.pg_depend d
                  where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  and not exists (select from unnest($1::text[], $2::text[]) as excluded (schema, name)
                  where excluded.schema = n.nspname and excluded.name = c.relname)
order by 1`;

/** One line each; empty: the role is harmless, and every table but the excluded ones protected. */
export async function dangersOf(
  database: ClientBase | Pool,
  excluded: readonly RelationName[],
): Promise<string[]> {
  const dangers: string[] = [];
  const roles = await database.query<{ itself: boolean; name: string; problem: string | null }>(ROLE);
  if (!roles.rows.some(({ itself }) => itself)) dangers.push('the database role is not known');
  for (const { itself, name, problem } of roles.rows) {
    if (problem !== null)
      dangers.push(`the database role ${itself ? '' : `may become ${name}, which `}${problem}`);
  }
  const tables = await database.query<{ name: string }>(TABLES, [
    excluded.map(({ schema }) => schema),
    excluded.map(({ name }) => name),
  ]);
  for (const { name } of tables.rows) dangers.push(`${name} is not protected`);
  return dangers;
}
