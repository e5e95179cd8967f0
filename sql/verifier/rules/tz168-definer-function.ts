import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * Stronger for certain: superusers, BYPASSRLS, owners of tables or of the guard, and whoever belongs to those or to a
 * role that sees everything. For any other owner it is a warning.
 */
export const rule: Rule = {
  id: 'TZ168',
  name: 'definer-function',
  severity: 'error',
  title: 'A registry role or PUBLIC may call a function that runs with stronger rights.',
  sql: `${GIVEN}, strong as (
  select a.oid from account a
  where a.rolsuper or a.rolbypassrls or a.guard or a.sees = 'everything' or a.oid in (select oid from table_owner)
    or exists (
      select from reach m join account t on t.oid = m.roleid
      where m.member = a.oid and (t.guard or t.sees = 'everything' or t.oid in (select oid from table_owner)))
)
select f.text as key,
  format('%s runs as %s and can be called by %s', f.text, quote_ident(pg_get_userbyid(f.proowner)), c.callers) as message,
  format('REVOKE EXECUTE ON ROUTINE %s FROM %s', f.text, c.callers) as fix,
  case when f.proowner in (select oid from strong) then 'error' else 'warning' end as severity
from routine f join callable c on c.oid = f.oid
where f.prosecdef and f.nspname not in ('guard', 'vault') and f.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)`,
};
