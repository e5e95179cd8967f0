import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * Rows on the other end are read as the mapped user; no policy here reaches them.
 */
export const rule: Rule = {
  id: 'TZ167',
  name: 'foreign-table',
  severity: 'warning',
  title: 'A foreign table or server can be used by others than its owner.',
  sql: `${GIVEN}
select g.text || ' to ' || g.name as key,
  format('%s holds %s on foreign table %s', g.name, string_agg(g.privilege_type, ', '), g.text) as message,
  format('REVOKE ALL ON %s FROM %s', g.text, g.name) as fix,
  case when bool_or(g.registry or g.public) then 'error' else 'warning' end as severity
from relation_grant g where g.relkind = 'f' group by g.text, g.name
union all
select format('server %I to %s', s.srvname, coalesce(g.name, 'PUBLIC')),
  format('%s may use foreign server %I', coalesce(g.name, 'PUBLIC'), s.srvname),
  format('REVOKE USAGE ON FOREIGN SERVER %I FROM %s', s.srvname, coalesce(g.name, 'PUBLIC')), 'warning'
from pg_foreign_server s cross join lateral aclexplode(s.srvacl) a left join account g on g.oid = a.grantee
where a.grantee = 0 or g.registry`,
};
