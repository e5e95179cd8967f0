import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ120',
  name: 'trigger-disabled',
  severity: 'warning',
  title: 'A trigger or foreign key of a registered table is switched off.',
  sql: `${GIVEN}
select r.text || ' ' || quote_ident(coalesce(c.conname, t.tgname)) as key,
  format('%s %s on %s is %s', case when t.tgisinternal then 'foreign key' else 'trigger' end,
    quote_ident(coalesce(c.conname, t.tgname)), r.text,
    case when bool_or(t.tgenabled = 'D') then 'switched off' else 'active on replicas only' end) as message,
  case when t.tgisinternal then format('ALTER TABLE %s ENABLE TRIGGER ALL', r.text)
    else format('ALTER TABLE %s ENABLE TRIGGER %I', r.text, min(t.tgname)) end as fix
from guarded g join relation r on r.oid = g.oid join pg_trigger t on t.tgrelid = g.oid
left join pg_constraint c on c.oid = t.tgconstraint
where t.tgenabled in ('D', 'R') and t.tgparentid = 0 and t.tgname !~ '^(zz_)?tenant_zero_'
group by r.text, coalesce(c.conname, t.tgname), t.tgisinternal`,
};
