import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ113',
  name: 'foreign-restrictive-policy',
  severity: 'warning',
  title: 'A restrictive policy of somebody else hides rows from a registry role.',
  sql: `${GIVEN}
select p.text || ' ' || p.name as key,
  format('policy %s on %s hides rows that the registry promises, without an error', p.name, p.text) as message,
  format('DROP POLICY %s ON %s', p.name, p.text) as fix
from policy p join guarded g on g.oid = p.polrelid
where not p.polpermissive and not p.ours
  and (0 = any (p.polroles) or exists (select from account a where a.registry and a.oid = any (p.polroles)))`,
};
