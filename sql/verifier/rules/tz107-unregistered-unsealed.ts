import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ107',
  name: 'unregistered-unsealed',
  severity: 'error',
  title: 'A table that nobody registered is not sealed by forced row security.',
  sql: `${GIVEN}
select r.text as key,
  format('row security is %s on %s, which nobody registered: the next grant opens it to every organization',
    case when r.relrowsecurity then 'not forced' else 'off' end, r.text) as message,
  format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', r.text) as fix
from unregistered u join relation r on r.oid = u.oid
where r.relkind in ('r', 'p') and not (r.relrowsecurity and r.relforcerowsecurity)`,
};
