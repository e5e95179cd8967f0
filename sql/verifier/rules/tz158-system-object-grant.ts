import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * pg_init_privs remembers what initdb and extensions granted. Statistics, passwords and files lie behind these grants.
 */
export const rule: Rule = {
  id: 'TZ158',
  name: 'system-object-grant',
  severity: 'error',
  title: "A role was given privileges on the system's own tables or functions.",
  sql: `${GIVEN}, held as (
  select 'pg_proc'::regclass as catalog, p.oid, 0 as part, format('function %s', p.oid::regprocedure) as text,
    format('FUNCTION %s', p.oid::regprocedure) as object, p.proowner as owner, a.*, acldefault('f', p.proowner) as given
  from pg_proc p cross join lateral aclexplode(p.proacl) a
  where p.pronamespace = 'pg_catalog'::regnamespace
  union all
  select 'pg_class'::regclass, c.oid, 0, format('table %I.%I', c.relnamespace::regnamespace, c.relname),
    format('TABLE %I.%I', c.relnamespace::regnamespace, c.relname), c.relowner, a.*, acldefault('r', c.relowner)
  from pg_class c cross join lateral aclexplode(c.relacl) a
  where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind in ('r', 'v')
  union all
  select 'pg_class'::regclass, c.oid, t.attnum, format('column %I.%I.%I', c.relnamespace::regnamespace, c.relname, t.attname),
    format('TABLE %I.%I', c.relnamespace::regnamespace, c.relname), c.relowner, a.*, acldefault('c', c.relowner)
  from pg_class c join pg_attribute t on t.attrelid = c.oid cross join lateral aclexplode(t.attacl) a
  where c.relnamespace = 'pg_catalog'::regnamespace and not t.attisdropped
)
select h.text || ' to ' || coalesce(g.name, 'PUBLIC') as key,
  format('%s was given %s on %s, which it has not by default', coalesce(g.name, 'PUBLIC'),
    string_agg(distinct h.privilege_type, ', '), h.text) as message,
  format('REVOKE ALL ON %s FROM %s', h.object, coalesce(g.name, 'PUBLIC')) as fix,
  case when bool_or(h.grantee = 0 or g.registry) then 'error' else 'warning' end as severity
from held h left join account g on g.oid = h.grantee
where h.grantee <> h.owner and g.trusted is not true and g.predefined is not true
  and not exists (
    select from aclexplode(coalesce(
      (select i.initprivs from pg_init_privs i
       where i.classoid = h.catalog and i.objoid = h.oid and i.objsubid = h.part), h.given)) d
    where d.grantee = h.grantee and d.privilege_type = h.privilege_type)
group by h.text, h.object, g.name`,
};
