import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ135',
  name: 'powerful-role-member',
  severity: 'error',
  title: 'Somebody is a member of a role that sees everything, or of the gate.',
  sql: `${GIVEN}
select a.name || ' in ' || t.name as key,
  format('%s is a member of %s, which %s', a.name, t.name,
    case when t.gate then 'may change the sensitive flag' else 'sees every organization' end) as message,
  format('REVOKE %s FROM %s', t.name, a.name) as fix
from account a join reach m on m.member = a.oid join account t on t.oid = m.roleid
where (t.gate or t.sees = 'everything') and not a.trusted and not a.registry and not a.predefined`,
};
