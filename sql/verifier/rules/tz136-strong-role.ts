import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * oid 10 is the superuser that every cluster has. Before 16, CREATEROLE could grant itself any role.
 */
export const rule: Rule = {
  id: 'TZ136',
  name: 'strong-role',
  severity: 'warning',
  title: 'A role outside the registry has an attribute that gets round row security.',
  sql: `${GIVEN}
select a.name || ' ' || x.attribute as key,
  format('%s is %s', a.name, x.attribute) as message,
  format('ALTER ROLE %s NO%s', a.name, x.attribute) as fix,
  case when x.attribute = 'SUPERUSER' then 'info'
    when x.attribute = 'CREATEROLE' and current_setting('server_version_num')::int < 160000 then 'error'
    else 'warning' end as severity
from account a
cross join lateral (values ('SUPERUSER', a.rolsuper), ('BYPASSRLS', a.rolbypassrls and not a.rolsuper),
  ('CREATEROLE', a.rolcreaterole and not a.rolsuper),
  ('REPLICATION', a.rolreplication and not a.rolsuper)) x(attribute, held)
where x.held and not a.registry and a.oid <> 10 and a.rolname <> $1::jsonb ->> 'self'
  and (a.rolsuper and not a.provider or not a.trusted and not exists (
    select from reach m join account r on r.oid = m.roleid where m.member = a.oid and r.registry))`,
};
