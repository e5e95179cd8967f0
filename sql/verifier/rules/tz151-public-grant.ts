import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ151',
  name: 'public-grant',
  severity: 'error',
  title: 'PUBLIC holds privileges on a registered or excluded table or on a view.',
  sql: `${GIVEN}
select g.text as key,
  format('PUBLIC holds %s on %s: every role has them, present and future', string_agg(g.privilege_type, ', '), g.text) as message,
  format('REVOKE ALL ON %s FROM PUBLIC', g.text) as fix,
  case when g.oid in (select oid from guarded) then 'error' else 'warning' end as severity
from relation_grant g
join (select oid from guarded union select oid from excluded union select oid from listed_view) t on t.oid = g.oid
where g.public
group by g.oid, g.text`,
};
