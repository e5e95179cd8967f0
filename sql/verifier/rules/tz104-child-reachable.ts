import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ104',
  name: 'child-reachable',
  severity: 'error',
  title: 'A partition or inheriting table of a registered table is granted directly.',
  sql: `${GIVEN}
select g.text || ' to ' || g.name as key,
  format('%s holds %s on %s itself, past the policies of its parent', g.name,
    string_agg(distinct g.privilege_type, ', '), g.text) as message,
  format('REVOKE ALL ON %s FROM %s', g.text, g.name) as fix,
  case when bool_or(g.registry or g.public) then 'error' else 'warning' end as severity
from relation_grant g join child c on c.oid = g.oid
group by g.text, g.name`,
};
