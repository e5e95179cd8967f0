import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * Nothing is known about a view's rows either, but a view shows only what its tables and grants let out: a warning.
 */
export const rule: Rule = {
  id: 'TZ105',
  name: 'unregistered-relation',
  severity: 'error',
  title: 'A relation stands in no list of the registry.',
  sql: `${GIVEN}
select r.text as key,
  format('%s %s is in no list of the registry', case r.relkind when 'v' then 'view' when 'm' then 'materialised view'
    when 'f' then 'foreign table' else 'table' end, r.text) as message,
  'enter it under tables:, views: or excluded: in the registry' as fix,
  case when r.relkind in ('v', 'm') then 'warning' else 'error' end as severity
from unregistered u join relation r on r.oid = u.oid`,
};
