import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * Every statement carries the policy's condition on this column.
 */
export const rule: Rule = {
  id: 'TZ187',
  name: 'organization-index',
  severity: 'info',
  title: 'No index of a registered table begins with its organization column.',
  sql: `${GIVEN}
select r.text as key,
  format('no index of %s begins with %s: every statement of a tenant reads the whole table', r.text, g.columns[1]) as message,
  format('CREATE INDEX ON %s (%I)', r.text, g.columns[1]) as fix
from registered g join relation r on r.oid = g.oid
where g.kind in ('direct', 'via') and not exists (
  select from pg_index i join pg_attribute a on a.attrelid = g.oid and a.attnum = i.indkey[0]
  where i.indrelid = g.oid and i.indisvalid and i.indpred is null and a.attname::text = any (g.columns))`,
};
