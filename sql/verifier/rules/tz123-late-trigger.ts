import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * BEFORE triggers fire by name. tgtype bits: 1 ROW, 2 BEFORE, 4 INSERT, 8 DELETE, 16 UPDATE.
 */
export const rule: Rule = {
  id: 'TZ123',
  name: 'late-trigger',
  severity: 'warning',
  title: "A trigger fires after the engine's own and may change the row again.",
  sql: `${GIVEN}
select r.text || ' ' || quote_ident(t.tgname) as key,
  format('trigger %s on %s fires after %s, which has then already agreed to the row', t.tgname, r.text, o.tgname) as message,
  format('ALTER TRIGGER %I ON %s RENAME TO %I', t.tgname, r.text, left('a_' || t.tgname::text, 63)) as fix
from guarded g join relation r on r.oid = g.oid join pg_trigger t on t.tgrelid = g.oid
join pg_trigger o on o.tgrelid = g.oid and o.tgname in ('zz_tenant_zero_organization', 'zz_tenant_zero_flag')
where not t.tgisinternal and t.tgparentid = 0 and t.tgname > o.tgname and t.tgname !~ '^(zz_)?tenant_zero_'
  and t.tgtype & 3 = 3 and t.tgtype & o.tgtype & 28 <> 0 and t.tgenabled <> 'D'`,
};
