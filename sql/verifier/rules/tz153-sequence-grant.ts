import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * The distance between two numbers is what all organizations together inserted in between.
 */
export const rule: Rule = {
  id: 'TZ153',
  name: 'sequence-grant',
  severity: 'warning',
  title: 'A sequence tells everybody, or lets a registry role decide, which number comes next.',
  sql: `${GIVEN}
select g.text || ' to ' || g.name as key,
  format('%s holds %s on sequence %s', g.name, string_agg(g.privilege_type, ', '), g.text) as message,
  format('REVOKE %s ON SEQUENCE %s FROM %s', string_agg(g.privilege_type, ', '), g.text, g.name) as fix,
  case when bool_or(g.public or g.privilege_type = 'UPDATE') then 'warning' else 'info' end as severity
from relation_grant g
where g.relkind = 'S' and (g.public or g.registry and g.privilege_type <> 'USAGE') and g.nspname not in ('guard', 'vault')
group by g.text, g.name`,
};
