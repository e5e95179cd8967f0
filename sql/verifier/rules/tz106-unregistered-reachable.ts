import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * Sealed row security shows a role without a policy nothing; TRUNCATE and the like do not ask row security.
 */
export const rule: Rule = {
  id: 'TZ106',
  name: 'unregistered-reachable',
  severity: 'error',
  title: 'Somebody but its owner can reach a relation that nobody registered.',
  sql: `${GIVEN}
select g.text || ' to ' || g.name as key,
  format('%s holds %s on %s, of which the registry does not speak', g.name,
    string_agg(distinct g.privilege_type, ', '), g.text) as message,
  format('REVOKE ALL ON %s FROM %s', g.text, g.name) as fix,
  case when bool_or(g.registry or g.public or not g.relrowsecurity
    or g.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')) then 'error' else 'warning' end as severity
from (
  select oid, text, name, registry, public, relrowsecurity, privilege_type from relation_grant
  union all
  select oid, text, name, registry, public, relrowsecurity, privilege_type from column_grant
) g join unregistered u on u.oid = g.oid
group by g.text, g.name`,
};
