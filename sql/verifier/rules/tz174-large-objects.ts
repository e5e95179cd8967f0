import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * A large object has an owner and grants, but no organization; its number is easily guessed.
 */
export const rule: Rule = {
  id: 'TZ174',
  name: 'large-objects',
  severity: 'warning',
  title: 'Large objects are outside row security, and registered tables may point at them.',
  sql: `${GIVEN}
select 'large objects' as key,
  format('the database holds %s large object(s), %s of them readable by registry roles or everybody', count(*),
    count(*) filter (where exists (
      select from aclexplode(m.lomacl) a left join account g on g.oid = a.grantee where a.grantee = 0 or g.registry)
      or exists (select from account g where g.oid = m.lomowner and g.registry))) as message,
  'store files as bytea in registered tables, or outside the database' as fix
from pg_largeobject_metadata m
having count(*) > 0
union all
select format('%s.%I', r.text, c.attname), format('column %I of %s holds object numbers', c.attname, r.text),
  'store the content as bytea in the row, or outside the database'
from registered g join relation r on r.oid = g.oid join pg_attribute c on c.attrelid = g.oid join pg_type t on t.oid = c.atttypid
where c.attnum > 0 and not c.attisdropped and (t.oid = 'oid'::regtype or t.typname = 'lo')`,
};
