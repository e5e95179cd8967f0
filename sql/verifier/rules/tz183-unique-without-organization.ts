import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * Its error tells that the value exists somewhere. A generated key gives that away only to whoever guesses it: info.
 */
export const rule: Rule = {
  id: 'TZ183',
  name: 'unique-without-organization',
  severity: 'warning',
  title: 'A unique or exclusion constraint spans organizations.',
  sql: `${GIVEN}, spanning as (
  select i.indexrelid, i.indrelid, i.indisprimary, i.indisexclusion, k.columns, i.indnkeyatts = 1 and exists (
      select from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        and (a.atttypid = 'uuid'::regtype or a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like 'nextval(%')
    ) as surrogate
  from pg_index i join registered k on k.oid = i.indrelid and k.kind = 'direct'
  where (i.indisunique or i.indisexclusion) and k.oid not in (select oid from organization)
    and not exists (
      select from pg_attribute a
      where a.attrelid = i.indrelid and a.attnum = any (i.indkey::int2[]) and a.attname::text = any (k.columns))
)
select x.text as key,
  format('%s on %s %s', x.relname, r.text, case when s.surrogate
    then 'tells whoever guesses a key that it is taken'
    else 'refuses a value that another organization uses, and so tells that it does' end) as message,
  format('begin %s with %s', x.text, array_to_string(array(select quote_ident(c) from unnest(s.columns) c), ', ')) as fix,
  case when s.surrogate then 'info' else 'warning' end as severity
from spanning s join relation x on x.oid = s.indexrelid join relation r on r.oid = s.indrelid`,
};
