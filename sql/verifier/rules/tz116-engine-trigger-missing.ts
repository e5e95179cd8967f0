import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ116',
  name: 'engine-trigger-missing',
  severity: 'error',
  title: 'A trigger that the engine installs on registered tables and their children is not there.',
  sql: `${GIVEN}, wanted as (
  select g.oid, array['tenant_zero_truncate', 'zz_tenant_zero_flag_truncate'] as names from guarded g
  union all
  select g.oid, array['zz_tenant_zero_organization'] from registered g
  where g.kind in ('direct', 'via') and g.oid not in (select oid from organization)
  union all
  select o.oid, array['zz_tenant_zero_flag', 'tenant_zero_flag'] from organization o
  union all
  select o.oid, array['tenant_zero_sync'] from organization o where $1::jsonb #>> '{flag,kind}' = 'column'
)
select r.text || ' ' || w.names[1] as key,
  format('%s has no trigger %s: %s', r.text, w.names[1], case w.names[1]
    when 'tenant_zero_truncate' then 'TRUNCATE does not ask row security'
    when 'zz_tenant_zero_organization' then 'rows can move between organizations'
    when 'tenant_zero_sync' then 'a change of the flag does not reach the list of hidden organizations'
    else 'the sensitive flag can be changed outside the approval path' end) as message,
  'run: rls apply' as fix
from wanted w join relation r on r.oid = w.oid
where not exists (select from pg_trigger t where t.tgrelid = w.oid and t.tgname = any (w.names))`,
};
