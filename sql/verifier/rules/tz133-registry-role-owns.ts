import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * An owner can switch row security off, grant the table on, or replace the function.
 */
export const rule: Rule = {
  id: 'TZ133',
  name: 'registry-role-owns',
  severity: 'error',
  title: 'A registry role, or a login that can become one, owns part of the database.',
  sql: `${GIVEN}, runner as (
  select a.oid, a.name from account a
  where a.registry or not a.trusted and exists (
    select from reach m join account r on r.oid = m.roleid where m.member = a.oid and r.registry)
)
select o.text || ' by ' || r.name as key, format('%s owns %s', r.name, o.text) as message,
  o.fix || coalesce((
    select min(a.name) from account a join table_owner t on t.oid = a.oid where a.oid not in (select oid from runner)
  ), 'a NOLOGIN role') as fix, o.severity
from runner r join (
  select relowner as owner, case relkind when 'S' then 'sequence ' else '' end || text as text,
    format('ALTER TABLE %s OWNER TO ', text) as fix,
    case when oid in (select oid from guarded union all select oid from unregistered) then 'error' else 'warning' end as severity
  from relation where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
  union all
  select nspowner, format('schema %I', nspname), format('ALTER SCHEMA %I OWNER TO ', nspname), 'error'
  from pg_namespace where nspname !~ '^pg_'
  union all
  select datdba, 'database', format('ALTER DATABASE %I OWNER TO ', datname), 'error'
  from pg_database where datname = current_database()
  union all
  select proowner, 'function ' || text, format('ALTER ROUTINE %s OWNER TO ', text), 'warning'
  from routine
) o on o.owner = r.oid`,
};
