import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ134',
  name: 'owner-member',
  severity: 'error',
  title: 'A role that neither applies nor migrates is a member of a table owner or of the guard owner.',
  sql: `${GIVEN}
select a.name || ' in ' || t.name as key,
  format('%s is a member of %s and can switch %s off', a.name, t.name,
    case when t.guard then 'the guard' else 'row security' end) as message,
  format('REVOKE %s FROM %s', t.name, a.name) as fix
from account a join reach m on m.member = a.oid join account t on t.oid = m.roleid
where not a.registry and not a.trusted and not a.predefined
  and (t.guard or t.oid in (select oid from table_owner) and not a.migration)`,
};
