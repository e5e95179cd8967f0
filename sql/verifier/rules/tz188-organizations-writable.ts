import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * The triggers refuse it: for the flag this is a second lock, missing; for the key, without them, the only one.
 */
export const rule: Rule = {
  id: 'TZ188',
  name: 'organizations-writable',
  severity: 'error',
  title: 'A role other than the gate may update the key or the flag of an organization.',
  sql: `${GIVEN}, updater as (
  select oid, name, gate, attname::text as attname from column_grant where privilege_type = 'UPDATE'
  union
  select oid, name, gate, null from relation_grant where privilege_type = 'UPDATE'
), target as (
  select o.oid, o.key as attname, true as is_key from organization o
  union all
  select o.oid, c.name, false from organization o
  cross join (values ($1::jsonb #>> '{flag,column}'), ($1::jsonb #>> '{flag,own}')) c(name)
  where c.name is not null
)
select format('%s.%I to %s', r.text, t.attname, u.name) as key,
  format('%s may update %I of %s', u.name, t.attname, r.text) as message,
  case when bool_or(u.attname is null) then format('REVOKE UPDATE ON %s FROM %s', r.text, u.name)
    else format('REVOKE UPDATE (%I) ON %s FROM %s', t.attname, r.text, u.name) end as fix,
  case when t.is_key then 'error' else 'warning' end as severity
from updater u join target t on t.oid = u.oid and (u.attname is null or u.attname = t.attname)
join relation r on r.oid = u.oid
where not (u.gate and not t.is_key)
  and not (t.is_key and exists (
    select from pg_trigger g
    where g.tgrelid = t.oid and g.tgname ~ '^(zz_)?tenant_zero_(flag|organization)$'
      and g.tgenabled in ('A', 'O') and g.tgtype & 16 <> 0))
group by r.text, t.attname, t.is_key, u.name`,
};
