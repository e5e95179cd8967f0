import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * Views, definer functions and cascades run as the owner: what it sees, they show.
 */
export const rule: Rule = {
  id: 'TZ111',
  name: 'policy-for-owner',
  severity: 'error',
  title: 'A policy shows rows to the owner of a table, past tenant_zero_owner.',
  sql: `${GIVEN}
select p.text || ' ' || p.name as key,
  format('policy %s on %s applies to its owner %s: views and functions of that owner show what it shows', p.name,
    p.text, quote_ident(pg_get_userbyid(p.relowner))) as message,
  format('DROP POLICY %s ON %s', p.name, p.text) as fix
from policy p join (select oid from guarded union select oid from unregistered) g on g.oid = p.polrelid
where p.polpermissive and p.polname <> 'tenant_zero_owner'
  and exists (
    select from unnest(p.polroles) x(role)
    where x.role = p.relowner or (p.relowner, x.role) in (select member, roleid from reach))`,
};
