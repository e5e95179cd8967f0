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
  sql: `${GIVEN}, called as materialized (
  select d.classid, d.objid, f.text, f.proowner
  from routine f join pg_depend d on d.refclassid = 'pg_proc'::regclass and d.refobjid = f.oid
  where f.prosecdef and f.nspname not in ('guard', 'vault')
)
select distinct r.text || ' ' || e.text as key,
  format('an expression of %s runs %s as %s', r.text, e.text, quote_ident(pg_get_userbyid(e.proowner))) as message,
  format('ALTER ROUTINE %s SECURITY INVOKER', e.text) as fix
from called e
left join pg_attrdef a on e.classid = 'pg_attrdef'::regclass and a.oid = e.objid
left join pg_constraint c on e.classid = 'pg_constraint'::regclass and c.oid = e.objid
left join pg_index i on e.classid = 'pg_class'::regclass and i.indexrelid = e.objid
join relation r on r.oid = coalesce(a.adrelid, c.conrelid, i.indrelid) join guarded g on g.oid = r.oid`,
};
