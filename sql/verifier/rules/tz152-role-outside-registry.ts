import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * Without a policy it sees nothing; the next policy for it, or for PUBLIC, changes that.
 */
export const rule: Rule = {
  id: 'TZ152',
  name: 'role-outside-registry',
  severity: 'info',
  title: 'A role that the registry does not know has privileges on registered tables.',
  sql: `${GIVEN}
select g.name as key,
  format('%s has privileges on %s registered table(s), %s among them', g.name, count(distinct g.oid), min(g.text)) as message,
  format('REVOKE ALL ON %s FROM %s', string_agg(distinct g.text, ', '), g.name) as fix
from relation_grant g join registered t on t.oid = g.oid
where not (g.registry or g.public or g.gate or g.migration)
group by g.name`,
};
