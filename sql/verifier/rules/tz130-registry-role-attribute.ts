import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ130',
  name: 'registry-role-attribute',
  severity: 'error',
  title:
    'A registry role, or a login that can become one, has an attribute that row security does not bound.',
  sql: `${GIVEN}
select a.name || ' ' || x.attribute as key,
  format('%s%s is %s', a.name, case when a.registry then '' else ', which can become a registry role,' end,
    x.attribute) as message,
  format('ALTER ROLE %s NO%s', a.name, x.attribute) as fix,
  case x.attribute when 'CREATEDB' then 'warning' else 'error' end as severity
from account a
cross join lateral (values ('SUPERUSER', a.rolsuper), ('BYPASSRLS', a.rolbypassrls), ('CREATEROLE', a.rolcreaterole),
  ('REPLICATION', a.rolreplication), ('CREATEDB', a.rolcreatedb)) x(attribute, held)
where x.held
  and (a.registry or not a.trusted and exists (
    select from reach m join account r on r.oid = m.roleid where m.member = a.oid and r.registry))`,
};
