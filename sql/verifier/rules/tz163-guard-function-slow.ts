import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * It then runs per row, or makes every plan over registered tables serial. Restricted is fast enough: the leader of a
 * parallel plan asks, once. owner_may is only ever asked of owners.
 */
export const rule: Rule = {
  id: 'TZ163',
  name: 'guard-function-slow',
  severity: 'warning',
  title: 'A function that policies call is volatile or parallel unsafe.',
  sql: `${GIVEN}
select f.text as key,
  format('%s, which policies call, is %s', f.text, concat_ws(' and ', case f.provolatile when 'v' then 'volatile' end,
    case when f.proparallel = 'u' then 'parallel unsafe' end)) as message,
  format('ALTER ROUTINE %s STABLE PARALLEL SAFE', f.text) as fix
from routine f
where f.nspname = 'guard' and f.proname not in ('owner_may', 'is_probing') and (f.provolatile = 'v' or f.proparallel = 'u')
  and f.oid in (
    select d.refobjid from pg_depend d
    where d.classid = 'pg_policy'::regclass and d.refclassid = 'pg_proc'::regclass)`,
};
