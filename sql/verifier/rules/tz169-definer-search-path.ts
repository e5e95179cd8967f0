import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * pg_temp is searched first unless the path names it; at the end it does no harm. BEGIN ATOMIC binds names early.
 */
export const rule: Rule = {
  id: 'TZ169',
  name: 'definer-search-path',
  severity: 'error',
  title: "A function with its owner's rights looks names up where its caller can put objects.",
  sql: `${GIVEN}
select f.text as key,
  format('%s runs as %s, and its search_path %s', f.text, quote_ident(pg_get_userbyid(f.proowner)),
    coalesce('does not end in pg_temp: ' || p.path, 'is its caller''s')) as message,
  format('ALTER ROUTINE %s SET search_path = %s', f.text, case when p.path is null
    then 'pg_catalog, ' || quote_ident(f.nspname) || ', pg_temp'
    else concat_ws(', ', nullif(nullif(p.path, '""'), ''), 'pg_temp') end) as fix,
  case when c.oid is null or p.path = '""' then 'warning' else 'error' end as severity
from routine f left join callable c on c.oid = f.oid
left join lateral (
  select substr(e, length('search_path=') + 1) as path from unnest(f.proconfig) e where e like 'search_path=%'
) p on true
where f.prosecdef and f.prosqlbody is null and coalesce(p.path, '') !~ '(^|,)\\s*"?pg_temp"?\\s*$'`,
};
