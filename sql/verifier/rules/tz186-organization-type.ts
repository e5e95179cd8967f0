import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * The policy then needs a cast, which no index on the column serves. text and varchar compare without one.
 */
export const rule: Rule = {
  id: 'TZ186',
  name: 'organization-type',
  severity: 'warning',
  title: 'An organization column has another type than the key of the organizations.',
  sql: `${GIVEN}
select format('%s.%I', r.text, a.attname) as key,
  format('%I of %s is %s, the key of the organizations is %s', a.attname, r.text, format_type(a.atttypid, null), o.key_type) as message,
  format('ALTER TABLE %s ALTER COLUMN %I TYPE %s USING %2$I::%3$s', r.text, a.attname, o.key_type) as fix
from registered g join relation r on r.oid = g.oid cross join organization o
join pg_attribute a on a.attrelid = g.oid and a.attname::text = any (g.columns)
where g.kind = 'direct'
  and replace(format_type(a.atttypid, null), 'character varying', 'text')
    <> replace(regexp_replace(o.key_type, '\\(.*\\)$', ''), 'character varying', 'text')`,
};
