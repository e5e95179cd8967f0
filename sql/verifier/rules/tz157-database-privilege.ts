import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ157',
  name: 'database-privilege',
  severity: 'warning',
  title: 'PUBLIC or a registry role may do more in the database than connect, or everybody may connect.',
  sql: `${GIVEN}
select coalesce(g.name, 'PUBLIC') || ' ' || a.privilege_type as key,
  format('%s holds %s on the database%s', coalesce(g.name, 'PUBLIC'), a.privilege_type,
    case when a.is_grantable then ' and may pass it on' else '' end) as message,
  format('REVOKE %s%s ON DATABASE %I FROM %s', case when a.is_grantable and a.privilege_type = 'CONNECT'
    then 'GRANT OPTION FOR ' else '' end, a.privilege_type, d.datname, coalesce(g.name, 'PUBLIC')) as fix,
  case when a.privilege_type = 'CREATE' then 'error' else 'warning' end as severity
from pg_database d cross join lateral aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
left join account g on g.oid = a.grantee
where d.datname = current_database() and a.grantee <> d.datdba
  and (a.grantee = 0 or g.registry and (a.privilege_type <> 'CONNECT' or a.is_grantable))`,
};
