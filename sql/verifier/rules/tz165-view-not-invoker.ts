import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ165',
  name: 'view-not-invoker',
  severity: 'error',
  title: "A view reads registered tables with its owner's rights, and others may use it.",
  sql: `${GIVEN}, edge as (
  select distinct w.ev_class as outer_view, d.refobjid as base
  from pg_rewrite w join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
    and d.refclassid = 'pg_class'::regclass and d.refobjid <> w.ev_class
  where w.rulename = '_RETURN'
), reads(outer_view, base) as (
  select outer_view, base from edge
  union
  select r.outer_view, e.base from reads r join edge e on e.outer_view = r.base
), held as (
  select oid, text, name from relation_grant union select oid, text, name from column_grant
), base_table as (
  select oid from guarded union select oid from relation where nspname in ('guard', 'vault')
), opened(oid, by_view) as (
  select base, outer_view from reads
  union
  select outer_view, outer_view from edge
)
select v.text as key,
  format('%s runs as its owner %s; it reads %s for %s', v.text, quote_ident(pg_get_userbyid(v.relowner)),
    (select min(b.text) from reads x join base_table g on g.oid = x.base join relation b on b.oid = g.oid where x.outer_view = v.oid),
    string_agg(distinct h.name, ', ')) as message,
  format('ALTER VIEW %s SET (security_invoker = true)', v.text) as fix
from relation v join opened o on o.oid = v.oid join held h on h.oid = o.by_view
where v.relkind = 'v'
  and v.oid in (select x.outer_view from reads x join base_table g on g.oid = x.base)
  and not exists (
    select from pg_options_to_table(v.reloptions) o where o.option_name = 'security_invoker' and o.option_value::boolean)
  and not exists (select from extension_member e where e.classid = 'pg_class'::regclass and e.objid = v.oid)
group by v.oid, v.text, v.relowner`,
};
