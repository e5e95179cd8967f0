import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * Where its types fit better than the system's, statements of others call it instead.
 */
export const rule: Rule = {
  id: 'TZ172',
  name: 'catalog-name-shadowed',
  severity: 'warning',
  title: 'A function or operator of an ordinary role has the name of a system one.',
  sql: `${GIVEN}
select 'function ' || f.text as key,
  format('%s of %s has the name of a system function', f.text, quote_ident(pg_get_userbyid(f.proowner))) as message,
  format('DROP ROUTINE %s', f.text) as fix
from routine f join account a on a.oid = f.proowner
where not a.trusted and not a.migration and a.oid not in (select oid from table_owner)
  and exists (select from pg_proc s where s.proname = f.proname and s.pronamespace = 'pg_catalog'::regnamespace)
union all
select format('operator %I.%s (%s, %s)', n.nspname, o.oprname, coalesce(nullif(o.oprleft, 0)::regtype::text, 'none'), o.oprright::regtype),
  format('operator %s of %s has the name of a system operator', o.oprname, a.name),
  format('DROP OPERATOR %I.%s (%s, %s)', n.nspname, o.oprname, coalesce(nullif(o.oprleft, 0)::regtype::text, 'none'), o.oprright::regtype)
from pg_operator o join pg_namespace n on n.oid = o.oprnamespace join account a on a.oid = o.oprowner
where o.oid >= 16384 and not a.trusted and not a.migration and a.oid not in (select oid from table_owner)
  and exists (select from pg_operator s where s.oprname = o.oprname and s.oprnamespace = 'pg_catalog'::regnamespace)
  and not exists (select from extension_member e where e.classid = 'pg_operator'::regclass and e.objid = o.oid)
union all
select 'function ' || f.oid::regprocedure::text, format('%s was put among the system''s functions', f.oid::regprocedure),
  format('DROP ROUTINE %s', f.oid::regprocedure)
from pg_proc f
where f.oid >= 16384 and f.pronamespace = 'pg_catalog'::regnamespace
  and exists (select from pg_proc s where s.proname = f.proname and s.pronamespace = f.pronamespace and s.oid < 16384)
  and not exists (select from extension_member e where e.classid = 'pg_proc'::regclass and e.objid = f.oid)`,
};
