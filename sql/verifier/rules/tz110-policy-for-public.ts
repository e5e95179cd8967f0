import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ110',
  name: 'policy-for-public',
  severity: 'error',
  title: 'A permissive policy for PUBLIC shows rows to every role, present and future.',
  sql: `${GIVEN}
select p.text || ' ' || p.name as key,
  format('policy %s on %s is for PUBLIC: it shows rows to every role that is granted the table, and to its owner',
    p.name, p.text) as message,
  format('DROP POLICY %s ON %s', p.name, p.text) as fix
from policy p join (select oid from guarded union select oid from unregistered) g on g.oid = p.polrelid
where p.polpermissive and 0 = any (p.polroles)`,
};
