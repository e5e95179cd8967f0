import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * dblink and postgres_fdw open new connections: as dangerous as the logins they can find, hence a warning.
 */
export const rule: Rule = {
  id: 'TZ173',
  name: 'dangerous-extension',
  severity: 'error',
  title:
    'PUBLIC or a registry role can reach past row security through an extension or an untrusted language.',
  sql: `${GIVEN}, dangerous as (
  select e.oid, e.extname, min(f.oid::regprocedure::text) as sample, string_agg(distinct c.callers, ', ') as callers
  from pg_extension e
  join pg_depend d on d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid and d.deptype = 'e'
    and d.classid = 'pg_proc'::regclass
  join pg_proc f on f.oid = d.objid join callable c on c.oid = f.oid
  where e.extname in ('dblink', 'pageinspect', 'adminpack', 'pg_surgery', 'pg_walinspect', 'pg_visibility', 'pg_freespacemap')
  group by e.oid, e.extname
)
select quote_ident(extname) as key,
  format('%s may call %s of extension %s', callers, sample, extname) as message,
  format('DROP EXTENSION %I', extname) as fix,
  case when extname in ('adminpack', 'pg_surgery', 'pg_walinspect') then 'error' else 'warning' end as severity
from dangerous
union all
select format('foreign data wrapper %I', w.fdwname),
  format('%s may create servers and connections with %s', string_agg(coalesce(g.name, 'PUBLIC'), ', '), w.fdwname),
  format('REVOKE USAGE ON FOREIGN DATA WRAPPER %I FROM %s', w.fdwname, string_agg(coalesce(g.name, 'PUBLIC'), ', ')), 'warning'
from pg_foreign_data_wrapper w cross join lateral aclexplode(w.fdwacl) a left join account g on g.oid = a.grantee
where a.grantee = 0 or g.registry
group by w.fdwname
union all
select 'function ' || f.text,
  format('%s, in the untrusted language %s, can be called by %s', f.text, l.lanname, c.callers),
  format('REVOKE EXECUTE ON ROUTINE %s FROM %s', f.text, c.callers), 'error'
from routine f join pg_language l on l.oid = f.prolang join callable c on c.oid = f.oid
where not l.lanpltrusted and l.lanname not in ('internal', 'sql')`,
};
