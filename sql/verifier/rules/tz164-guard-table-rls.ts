import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * "Not in the list of hidden organizations" is true for everybody when the list is empty.
 */
export const rule: Rule = {
  id: 'TZ164',
  name: 'guard-table-rls',
  severity: 'error',
  title: 'Row security on a table of the guard can make its lists come back empty.',
  sql: `${GIVEN}
select r.text as key,
  format('row security on %s can empty what the guard functions read, and an empty list hides nobody', r.text) as message,
  format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', r.text) as fix
from relation r
where r.nspname in ('guard', 'vault') and (r.relrowsecurity or r.relforcerowsecurity)`,
};
