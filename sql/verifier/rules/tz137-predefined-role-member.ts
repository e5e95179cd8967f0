import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * pg_read_all_data is bounded by policies on tables, but not on guard tables: it reads the signing keys.
 */
export const rule: Rule = {
  id: 'TZ137',
  name: 'predefined-role-member',
  severity: 'error',
  title: 'A role outside the registry holds a predefined role that gets round row security.',
  sql: `${GIVEN}
select a.name || ' in ' || t.name as key,
  format('%s is a member of %s', a.name, t.name) as message,
  format('REVOKE %s FROM %s', t.name, a.name) as fix,
  case when t.rolname in ('pg_read_all_data', 'pg_write_all_data', 'pg_execute_server_program', 'pg_read_server_files',
    'pg_write_server_files') then 'error'
    when t.rolname in ('pg_maintain', 'pg_create_subscription', 'pg_stat_scan_tables') then 'warning'
    else 'info' end as severity
from account a join reach m on m.member = a.oid join account t on t.oid = m.roleid
where t.predefined and not a.predefined and not a.registry and not a.trusted
  and exists (
    select from pg_auth_members d join account e on e.oid = d.member
    where d.roleid = t.oid and not e.predefined
      and (e.oid = a.oid or exists (select from reach v where v.member = a.oid and v.roleid = e.oid)))`,
};
