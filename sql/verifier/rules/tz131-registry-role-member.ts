import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * A predefined role counts where it is entered by itself, not where another predefined role brings it along.
 */
export const rule: Rule = {
  id: 'TZ131',
  name: 'registry-role-member',
  severity: 'error',
  title: 'A registry role is a member of a role that sees or may do more.',
  sql: `${GIVEN}
select a.name || ' in ' || t.name as key,
  format('%s is a member of %s%s', a.name, t.name, case when t.registry then ', and may choose what it sees'
    when t.predefined then '' when t.guard then ', which owns the guard functions'
    when t.gate then ', which may change the sensitive flag' else ', which owns registered tables' end) as message,
  format('REVOKE %s FROM %s', t.name, a.name) as fix,
  case when t.rolname in ('pg_monitor', 'pg_read_all_settings', 'pg_read_all_stats', 'pg_stat_scan_tables',
    'pg_signal_backend', 'pg_checkpoint', 'pg_use_reserved_connections', 'pg_signal_autovacuum_worker')
    then 'warning' else 'error' end as severity
from account a join reach m on m.member = a.oid join account t on t.oid = m.roleid
where a.registry and (t.registry or t.guard or t.gate or t.oid in (select oid from table_owner)
  or t.predefined and exists (
    select from pg_auth_members d join account e on e.oid = d.member
    where d.roleid = t.oid and not e.predefined
      and (e.oid = a.oid or exists (select from reach v where v.member = a.oid and v.roleid = e.oid))))`,
};
