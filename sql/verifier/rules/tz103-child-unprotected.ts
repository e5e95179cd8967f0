import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * A statement that names the child is checked against the child's policies only, not against its parent's.
 */
export const rule: Rule = {
  id: 'TZ103',
  name: 'child-unprotected',
  severity: 'error',
  title: 'A partition or inheriting table of a registered table has no forced row security of its own.',
  sql: `${GIVEN}
select r.text as key,
  format('row security is %s on %s, a child of a registered table; its parent''s policies do not protect it',
    case when r.relrowsecurity then 'not forced' else 'off' end, r.text) as message,
  format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', r.text) as fix
from child g join relation r on r.oid = g.oid
where not (r.relrowsecurity and r.relforcerowsecurity)`,
};
