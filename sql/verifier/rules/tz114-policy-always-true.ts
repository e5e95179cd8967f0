import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * Only constants are printed: printing every expression would take longer than all other rules together.
 */
export const rule: Rule = {
  id: 'TZ114',
  name: 'policy-always-true',
  severity: 'error',
  title: 'A policy with our name lets a role through without a condition.',
  sql: `${GIVEN}
select p.text || ' ' || p.name as key,
  format('policy %s on %s is the constant true: it is not what the registry compiles to', p.name, p.text) as message,
  format('DROP POLICY %s ON %s; then run: rls apply', p.name, p.text) as fix
from policy p join guarded g on g.oid = p.polrelid
where p.ours
  and ((p.polqual::text like '{CONST %' and pg_get_expr(p.polqual, p.polrelid) = 'true')
    or (p.polwithcheck::text like '{CONST %' and pg_get_expr(p.polwithcheck, p.polrelid) = 'true'))
  and exists (
    select from unnest(p.polroles) x(role) left join account a on a.oid = x.role
    where a.sees is distinct from 'everything' and a.guard is not true)`,
};
