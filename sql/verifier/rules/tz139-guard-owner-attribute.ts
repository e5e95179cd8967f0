import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ139',
  name: 'guard-owner-attribute',
  severity: 'error',
  title: 'The owner of the guard has more than it needs.',
  sql: `${GIVEN}
select a.name || ' ' || x.attribute as key,
  format('%s, as whom the guard functions run, is %s', a.name, x.attribute) as message,
  format('ALTER ROLE %s NO%s', a.name, x.attribute) as fix,
  case x.attribute when 'LOGIN' then 'error' else 'warning' end as severity
from account a
cross join lateral (values ('LOGIN', a.rolcanlogin), ('SUPERUSER', a.rolsuper), ('BYPASSRLS', a.rolbypassrls),
  ('CREATEROLE', a.rolcreaterole), ('REPLICATION', a.rolreplication)) x(attribute, held)
where x.held and a.guard`,
};
