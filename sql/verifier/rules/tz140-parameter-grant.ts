import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ140',
  name: 'parameter-grant',
  severity: 'error',
  title: 'A role may set a server parameter that is reserved to superusers.',
  sql: `${GIVEN}
select p.parname || ' to ' || coalesce(g.name, 'PUBLIC') as key,
  format('%s holds %s on parameter %s', coalesce(g.name, 'PUBLIC'), string_agg(a.privilege_type, ', '), p.parname) as message,
  format('REVOKE ALL ON PARAMETER %s FROM %s', p.parname, coalesce(g.name, 'PUBLIC')) as fix,
  case when p.parname in ('session_replication_role', 'lo_compat_privileges', 'allow_system_table_mods',
    'dynamic_library_path', 'session_preload_libraries') or bool_or(a.privilege_type = 'ALTER SYSTEM')
    then 'error' else 'warning' end as severity
from pg_parameter_acl p cross join lateral aclexplode(p.paracl) a left join account g on g.oid = a.grantee
where g.trusted is not true
group by p.parname, g.name`,
};
