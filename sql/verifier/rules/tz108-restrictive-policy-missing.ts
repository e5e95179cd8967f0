import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * The permissive policy alone is no bound: any other permissive policy adds rows to it.
 */
export const rule: Rule = {
  id: 'TZ108',
  name: 'restrictive-policy-missing',
  severity: 'error',
  title: 'A registry role may use a registered table without the restrictive policy that bounds it.',
  sql: `${GIVEN}
select distinct g.text || ' to ' || g.name as key,
  format('%s has privileges on %s, but no restrictive policy of ours bounds what it sees', g.name, g.text) as message,
  'run: rls apply' as fix
from relation_grant g join registered t on t.oid = g.oid join account a on a.oid = g.grantee
where g.registry and a.sees <> 'everything' and g.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
  and (g.oid, g.grantee) not in (
    select p.polrelid, x.role from policy p cross join unnest(p.polroles) x(role)
    where not p.polpermissive and p.polcmd = '*' and starts_with(p.polname::text, 'tenant_zero_restrict_'))`,
};
