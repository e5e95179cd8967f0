import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * USAGE on guard is what policies need; PUBLIC needs nothing.
 */
export const rule: Rule = {
  id: 'TZ160',
  name: 'guard-privilege',
  severity: 'error',
  title: "Somebody but the guard owner holds privileges on the guard's schemas or tables.",
  sql: `${GIVEN}, held as (
  select format('%I', n.nspname) as text, coalesce(g.name, 'PUBLIC') as name, a.privilege_type,
    format('REVOKE %s ON SCHEMA %I FROM %s', a.privilege_type, n.nspname, coalesce(g.name, 'PUBLIC')) as fix
  from pg_namespace n cross join lateral aclexplode(n.nspacl) a left join account g on g.oid = a.grantee
  where n.nspname in ('guard', 'vault') and a.grantee <> n.nspowner and g.trusted is not true
    and (a.privilege_type = 'CREATE' or a.grantee = 0)
  union all
  select text, name, privilege_type, format('REVOKE %s ON %s FROM %s', privilege_type, text, name)
  from relation_grant where nspname in ('guard', 'vault')
  union all
  select text, name, privilege_type, format('REVOKE %s (%I) ON %s FROM %s', privilege_type, attname, text, name)
  from column_grant where nspname in ('guard', 'vault')
)
select text || ' to ' || name as key, format('%s holds %s on %s', name, string_agg(privilege_type, ', '), text) as message,
  string_agg(fix, '; ') as fix
from held group by text, name`,
};
