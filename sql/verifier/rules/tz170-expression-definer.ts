import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * It runs at every insert, whoever inserts, and may read or write past row security.
 */
export const rule: Rule = {
  id: 'TZ170',
  name: 'expression-definer',
  severity: 'warning',
  title:
    "A default, check or index expression of a registered table runs a function with its owner's rights.",
  sql: `${GIVEN}, expression as (
  select d.adrelid as relid, 'pg_attrdef'::regclass as classid, d.oid from pg_attrdef d
  union all select c.conrelid, 'pg_constraint'::regclass, c.oid from pg_constraint c where c.contype = 'c'
  union all select i.indrelid, 'pg_class'::regclass, i.indexrelid from pg_index i
)
select distinct r.text || ' ' || f.text as key,
  format('an expression of %s runs %s as %s', r.text, f.text, quote_ident(pg_get_userbyid(f.proowner))) as message,
  format('ALTER ROUTINE %s SECURITY INVOKER', f.text) as fix
from routine f join pg_depend d on d.refclassid = 'pg_proc'::regclass and d.refobjid = f.oid
join expression e on e.classid = d.classid and e.oid = d.objid
join guarded g on g.oid = e.relid join relation r on r.oid = g.oid
where f.prosecdef and f.nspname not in ('guard', 'vault')`,
};
