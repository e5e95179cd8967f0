import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ101',
  name: 'rls-disabled',
  severity: 'error',
  title: 'Row security is off on a registered table.',
  sql: `${GIVEN}
select r.text as key,
  format('row security is off on %s: whoever holds SELECT reads the rows of every organization', r.text) as message,
  format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', r.text) as fix
from registered g join relation r on r.oid = g.oid
where not r.relrowsecurity`,
};
