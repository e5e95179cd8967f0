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
from routine f where f.proleakproof
union all
select format('pg_catalog.%s', f.oid::regprocedure),
  format('%s of the system is LEAKPROOF, which it is not by default: its errors and its timing tell of hidden rows', f.oid::regprocedure),
  format('ALTER FUNCTION %s NOT LEAKPROOF', f.oid::regprocedure)
from pg_proc f
where f.proleakproof and f.pronamespace = 'pg_catalog'::regnamespace and exists (
  select from pg_operator o where o.oprcode = f.oid
    and o.oprname not in ('=', '<>', '<', '<=', '>', '>=', '^@', '~<~', '~<=~', '~>~', '~>=~', '*=', '*<>', '*<', '*<=', '*>', '*>='))`,
};
