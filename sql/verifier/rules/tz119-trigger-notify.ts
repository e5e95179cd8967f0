import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * LISTEN needs no privilege: every session of the database hears every channel.
 */
export const rule: Rule = {
  id: 'TZ119',
  name: 'trigger-notify',
  severity: 'warning',
  title: 'A trigger on a registered table announces changes with NOTIFY.',
  sql: `${GIVEN}
select r.text || ' ' || quote_ident(t.tgname) as key,
  format('trigger %s on %s calls NOTIFY in %s; every session of the database can listen', t.tgname, r.text,
    f.text) as message,
  format('DROP TRIGGER %I ON %s', t.tgname, r.text) as fix
from guarded g join relation r on r.oid = g.oid join pg_trigger t on t.tgrelid = g.oid join routine f on f.oid = t.tgfoid
where not t.tgisinternal and t.tgparentid = 0 and f.prosrc ~* '\\m(pg_notify|notify)\\M'`,
};
