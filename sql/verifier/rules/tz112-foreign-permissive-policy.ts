import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * Registry roles stay bounded by our restrictive policy; for any other role nothing bounds it.
 */
export const rule: Rule = {
  id: 'TZ112',
  name: 'foreign-permissive-policy',
  severity: 'warning',
  title: 'A policy that the registry does not speak of shows rows to a named role.',
  sql: `${GIVEN}
select p.text || ' ' || p.name as key,
  format('policy %s on %s shows rows to %s; %s', p.name, p.text, string_agg(a.name, ', ' order by a.name),
    case when bool_and(a.registry) then 'our restrictive policy bounds it, until it is the only one left'
      else 'the registry does not say what these roles see' end) as message,
  format('DROP POLICY %s ON %s', p.name, p.text) as fix
from policy p join guarded g on g.oid = p.polrelid
join account a on a.oid = any (p.polroles)
where p.polpermissive and not p.ours and a.oid <> p.relowner and (a.registry or not a.trusted)
group by p.text, p.name`,
};
