import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * Values are compared without spaces and quotes: the catalog stores them in another spelling than they were given.
 * That pgaudit records all that a role does is no finding: it shows nobody anything. That it records less is one.
 */
export const rule: Rule = {
  id: 'TZ141',
  name: 'role-setting',
  severity: 'error',
  title: 'A registry role, or everybody, has a session setting that the registry does not declare.',
  sql: `${GIVEN}
select coalesce(a.name, 'PUBLIC') || case when s.setdatabase = 0 then ' ' else ' in database ' end || c.name as key,
  format('%s starts with %s = %s, which the registry does not declare', coalesce(a.name, 'every role'), c.name, c.value) as message,
  case when s.setrole = 0 and s.setdatabase <> 0 then format('ALTER DATABASE %I RESET %s', current_database(), c.name)
    else format('ALTER ROLE %s%s RESET %s', coalesce(a.name, 'ALL'),
      case when s.setdatabase <> 0 then format(' IN DATABASE %I', current_database()) else '' end, c.name) end as fix,
  case when c.name in ('role', 'session_replication_role', 'row_security', 'search_path', 'session_authorization')
    or c.name like 'tenant_zero.%' then 'error' else 'warning' end as severity
from pg_db_role_setting s
cross join lateral (
  select lower(split_part(e, '=', 1)) as name, substr(e, strpos(e, '=') + 1) as value from unnest(s.setconfig) e
) c
left join account a on a.oid = s.setrole
where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
  and (s.setrole = 0 or a.registry
    or (a.migration or a.guard or a.oid in (select oid from table_owner))
      and (c.name in ('session_replication_role', 'row_security') or c.name like 'tenant_zero.%'))
  and not (c.name = 'pgaudit.log' and c.value = 'all')
  and regexp_replace(coalesce(a.settings ->> c.name, ''), '[[:space:]"'']', '', 'g')
    <> regexp_replace(c.value, '[[:space:]"'']', '', 'g')`,
};
