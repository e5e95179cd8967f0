import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * The planner's estimates, which EXPLAIN shows to everybody, come from them.
 */
export const rule: Rule = {
  id: 'TZ176',
  name: 'extended-statistics',
  severity: 'info',
  title: 'Extended statistics keep frequent values of a registered table across organizations.',
  sql: `${GIVEN}
select format('%I.%I', n.nspname, s.stxname) as key,
  format('statistics %I keep values of %s of all organizations together; EXPLAIN shows what follows from them', s.stxname, r.text) as message,
  format('DROP STATISTICS %I.%I', n.nspname, s.stxname) as fix
from pg_statistic_ext s join guarded g on g.oid = s.stxrelid join relation r on r.oid = g.oid
join pg_namespace n on n.oid = s.stxnamespace`,
};
