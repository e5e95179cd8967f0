import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ118',
  name: 'trigger-definer',
  severity: 'warning',
  title: "A trigger on a registered table runs a function with its owner's rights.",
  sql: `${GIVEN}
select r.text || ' ' || quote_ident(t.tgname) as key,
  format('trigger %s on %s runs %s as %s: what it reads and writes is not bounded by the role that fires it', t.tgname,
    r.text, f.text, quote_ident(pg_get_userbyid(f.proowner))) as message,
  format('ALTER ROUTINE %s SECURITY INVOKER', f.text) as fix
from guarded g join relation r on r.oid = g.oid join pg_trigger t on t.tgrelid = g.oid join routine f on f.oid = t.tgfoid
where not t.tgisinternal and t.tgparentid = 0 and f.prosecdef and f.nspname <> 'guard'`,
};
