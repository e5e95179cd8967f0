import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * A leakproof condition is evaluated before the policy: it is handed the rows that the policy hides.
 */
export const rule: Rule = {
  id: 'TZ171',
  name: 'leakproof-function',
  severity: 'error',
  title: "A function of somebody's own is marked LEAKPROOF.",
  sql: `${GIVEN}
select f.text as key,
  format('%s is LEAKPROOF: in a WHERE clause it is called with hidden rows', f.text) as message,
  format('ALTER ROUTINE %s NOT LEAKPROOF', f.text) as fix
from routine f where f.proleakproof`,
};
