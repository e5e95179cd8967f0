import type { Rule } from '../rule';
import { GIVEN } from './given';

/** An unregistered table is a gap of its own (TZ105), and closed until somebody says what it is. */
export const rule: Rule = {
  id: 'TZ182',
  name: 'cascade-outside',
  severity: 'warning',
  title: 'A cascade joins a registered table with an excluded one.',
  sql: `${GIVEN}
select r.text || ' ' || quote_ident(c.conname) as key,
  format('foreign key %s: %s in %s changes rows of %s past every policy', c.conname,
    case when c.confdeltype in ('c', 'n', 'd') then 'a deletion' else 'a change of the key' end, p.text, r.text) as message,
  format('make foreign key %I on %s NO ACTION', c.conname, r.text) as fix
from pg_constraint c join relation r on r.oid = c.conrelid join relation p on p.oid = c.confrelid
where c.contype = 'f' and c.conparentid = 0 and (c.confdeltype in ('c', 'n', 'd') or c.confupdtype in ('c', 'n', 'd'))
  and (c.conrelid in (select oid from guarded) and c.confrelid in (select oid from excluded)
    or c.confrelid in (select oid from guarded) and c.conrelid in (select oid from excluded))`,
};
