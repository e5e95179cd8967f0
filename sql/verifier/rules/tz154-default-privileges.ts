import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * Nobody has registered a table at that moment. What everybody may call by default is the subject of TZ155.
 */
export const rule: Rule = {
  id: 'TZ154',
  name: 'default-privileges',
  severity: 'error',
  title: 'New objects are granted to somebody the moment they are created.',
  sql: `${GIVEN}, given as (
  select quote_ident(pg_get_userbyid(d.defaclrole)) as owner, quote_ident(n.nspname) as schema,
    case d.defaclobjtype when 'r' then 'TABLES' when 'S' then 'SEQUENCES' when 'n' then 'SCHEMAS' when 'f' then 'FUNCTIONS'
      else 'LARGE OBJECTS' end as kind,
    coalesce(g.name, 'PUBLIC') as name, a.privilege_type, a.grantee = 0 or g.registry as wide
  from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace
  cross join lateral aclexplode(d.defaclacl) a left join account g on g.oid = a.grantee
  where d.defaclobjtype in ('r', 'S', 'n', 'f', 'L') and a.grantee <> d.defaclrole and g.trusted is not true
    and not (d.defaclobjtype = 'f' and a.grantee = 0 and d.defaclnamespace = 0)
)
select format('%s%s for %s to %s', lower(kind), ' in ' || schema, owner, name) as key,
  format('%s that %s creates%s are granted to %s: %s', lower(kind), owner, ' in ' || schema, name,
    string_agg(privilege_type, ', ')) as message,
  format('ALTER DEFAULT PRIVILEGES FOR ROLE %s%s REVOKE ALL ON %s FROM %s', owner, ' IN SCHEMA ' || schema, kind, name) as fix,
  case when wide and kind = 'TABLES' then 'error' else 'warning' end as severity
from given
group by owner, schema, kind, name, wide`,
};
