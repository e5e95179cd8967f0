import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * The key check runs past row security: it tells whether a row of another organization exists, and links to it.
 * The foreign key by which a table belongs to its organization is meant; `through` tables have no organization column.
 */
export const rule: Rule = {
  id: 'TZ180',
  name: 'foreign-key-without-organization',
  severity: 'warning',
  title: 'A foreign key between registered tables does not carry the organization.',
  sql: `${GIVEN}, reference as (
  select c.oid, c.conname, c.conrelid, k.kind, p.kind as parent_kind, k.columns = f.here as is_link,
    exists (
      select from unnest(f.here, f.there) x(here, there) where x.here = any (k.columns) and x.there = any (p.columns)
    ) as carried
  from pg_constraint c join registered k on k.oid = c.conrelid join registered p on p.oid = c.confrelid
  cross join lateral (
    select array_agg(a.attname::text order by u.n) as here, array_agg(b.attname::text order by u.n) as there
    from unnest(c.conkey, c.confkey) with ordinality u(here, there, n)
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = u.here
    join pg_attribute b on b.attrelid = c.confrelid and b.attnum = u.there
  ) f
  where c.contype = 'f' and c.conparentid = 0 and c.confrelid not in (select oid from organization)
)
select r.text || ' ' || quote_ident(c.conname) as key,
  format('foreign key %s on %s can point into another organization, and its errors tell which rows exist there', c.conname,
    r.text) as message,
  'add the organization column to the foreign key and to the key it references' as fix,
  case when c.parent_kind = 'through' then 'info' else 'warning' end as severity
from reference c join relation r on r.oid = c.conrelid
where not c.carried and not (c.kind = 'via' and c.is_link)`,
};
