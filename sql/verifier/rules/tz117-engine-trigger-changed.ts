import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * tgtype bits: 4 INSERT, 8 DELETE, 16 UPDATE, 32 TRUNCATE.
 */
export const rule: Rule = {
  id: 'TZ117',
  name: 'engine-trigger-changed',
  severity: 'error',
  title: 'A trigger of the engine is disabled, weakened or calls another function.',
  sql: `${GIVEN}, ours as (
  select t.oid, r.text, t.tgrelid, quote_ident(t.tgname) as name, t.tgenabled, case
    when n.nspname <> 'guard' or not coalesce(o.guard, false) then 'calls a function that is not the engine''s'
    when t.tgenabled = 'D' then 'is disabled'
    when t.tgenabled = 'R' then 'fires on replicas only'
    when t.tgname = 'tenant_zero_truncate' and t.tgtype & 32 = 0 then 'does not fire on TRUNCATE'
    when t.tgname = 'zz_tenant_zero_organization' and t.tgtype & 16 = 0 then 'does not fire on UPDATE'
    when t.tgname in ('tenant_zero_flag', 'zz_tenant_zero_flag') and t.tgtype & 28 <> 28
      then 'does not fire on INSERT, UPDATE and DELETE alike'
    when t.tgenabled = 'O' then 'does not fire under session_replication_role = replica' end as wrong
  from guarded g join relation r on r.oid = g.oid join pg_trigger t on t.tgrelid = g.oid
  join pg_proc f on f.oid = t.tgfoid join pg_namespace n on n.oid = f.pronamespace
  left join account o on o.oid = f.proowner
  where not t.tgisinternal and t.tgname ~ '^(zz_)?tenant_zero_'
)
select text || ' ' || name as key, format('trigger %s on %s %s', name, text, wrong) as message,
  case when tgenabled <> 'A' then format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %s', text, name)
    else format('DROP TRIGGER %s ON %s; then run: rls apply', name, text) end as fix,
  case when wrong like '%session_replication_role%' then 'warning' else 'error' end as severity
from ours where wrong is not null`,
};
