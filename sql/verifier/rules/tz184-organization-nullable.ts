import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * A row of nobody is seen by nobody but roles that see everything, and comparisons with it are neither true nor false.
 */
export const rule: Rule = {
  id: 'TZ184',
  name: 'organization-nullable',
  severity: 'warning',
  title: 'An organization column may be NULL.',
  sql: `${GIVEN}
select format('%s.%I', r.text, a.attname) as key,
  format('%I of %s may be NULL: such a row belongs to nobody', a.attname, r.text) as message,
  format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', r.text, a.attname) as fix
from registered g join relation r on r.oid = g.oid
join pg_attribute a on a.attrelid = g.oid and a.attname::text = any (g.columns)
where g.kind in ('direct', 'via') and not a.attnotnull`,
};
