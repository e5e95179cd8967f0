import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * Cascades run as the table's owner and ask no policy. A warning, not an error: they cross only where a row already
 * points into another organization, and most frameworks declare such keys throughout.
 */
export const rule: Rule = {
  id: 'TZ181',
  name: 'cascade-across-organizations',
  severity: 'warning',
  title: 'A cascade can change rows of another organization.',
  sql: `${GIVEN}, reference as (
  select c.oid, c.conname, c.conrelid, c.confdeltype, c.confupdtype, exists (
      select from unnest(c.conkey, c.confkey) u(here, there)
      join pg_attribute a on a.attrelid = c.conrelid and a.attnum = u.here
      join pg_attribute b on b.attrelid = c.confrelid and b.attnum = u.there
      where a.attname::text = any (k.columns) and b.attname::text = any (p.columns)
    ) as carried
  from pg_constraint c join registered k on k.oid = c.conrelid join registered p on p.oid = c.confrelid
  where c.contype = 'f' and c.conparentid = 0 and k.kind = 'direct' and p.kind = 'direct'
    and c.confrelid not in (select oid from organization)
    and (c.confdeltype in ('c', 'n', 'd') or c.confupdtype in ('c', 'n', 'd'))
)
select r.text || ' ' || quote_ident(c.conname) as key,
  format('foreign key %s on %s does not carry the organization, and %s', c.conname, r.text,
    case c.confdeltype when 'c' then 'ON DELETE CASCADE deletes rows past every policy'
      when 'd' then 'ON DELETE SET DEFAULT changes rows past every policy'
      when 'n' then 'ON DELETE SET NULL changes rows past every policy'
      else 'its ON UPDATE action changes rows past every policy' end) as message,
  'add the organization column to the foreign key, or make it NO ACTION' as fix
from reference c join relation r on r.oid = c.conrelid
where not c.carried`,
};
