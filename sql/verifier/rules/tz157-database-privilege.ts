import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ157',
  name: 'database-privilege',
  severity: 'warning',
  title: 'PUBLIC may enter the database or make temporary tables, or a registry role may create schemas.',
  sql: `${GIVEN}
select coalesce(g.name, 'PUBLIC') || ' ' || a.privilege_type as key,
  format('%s holds %s on the database', coalesce(g.name, 'PUBLIC'), a.privilege_type) as message,
  format('REVOKE %s ON DATABASE %I FROM %s', a.privilege_type, d.datname, coalesce(g.name, 'PUBLIC')) as fix,
  case when a.privilege_type = 'CREATE' then 'error' else 'warning' end as severity
from pg_database d cross join lateral aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
left join account g on g.oid = a.grantee
where d.datname = current_database() and a.grantee <> d.datdba
  and (a.grantee = 0 or g.registry and a.privilege_type = 'CREATE')`,
};
