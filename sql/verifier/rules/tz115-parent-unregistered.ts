import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ115',
  name: 'parent-unregistered',
  severity: 'error',
  title: 'A registered table hangs under a parent that nobody registered.',
  sql: `${GIVEN}
select c.text || ' under ' || p.text as key,
  format('a statement on %s reads the rows of %s, and only the policies of %1$s are asked', p.text, c.text) as message,
  case when c.relispartition then format('ALTER TABLE %s DETACH PARTITION %s', p.text, c.text)
    else format('ALTER TABLE %s NO INHERIT %s', c.text, p.text) end as fix
from guarded g join pg_inherits i on i.inhrelid = g.oid
join relation c on c.oid = g.oid join relation p on p.oid = i.inhparent
where i.inhparent not in (select oid from guarded) and p.relkind in ('r', 'p')`,
};
