import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * A copy has no policies, and cannot have any.
 */
export const rule: Rule = {
  id: 'TZ166',
  name: 'materialized-view',
  severity: 'error',
  title: 'A materialised view keeps a copy of registered rows, and others may read it.',
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
  format('%s holds rows of every organization and can be read by %s', v.text, string_agg(distinct h.name, ', ')) as message,
  string_agg(distinct format('REVOKE ALL ON %s FROM %s', h.text, h.name), '; ') as fix
from relation v join opened o on o.oid = v.oid join held h on h.oid = o.by_view
where v.relkind = 'm'
  and v.oid in (select x.outer_view from reads x join base_table g on g.oid = x.base)
group by v.text`,
};
