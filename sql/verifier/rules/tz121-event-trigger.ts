import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * It runs as whoever changes the schema: the applier, the owner, a superuser.
 */
export const rule: Rule = {
  id: 'TZ121',
  name: 'event-trigger',
  severity: 'warning',
  title: 'An event trigger runs a function at schema changes.',
  sql: `${GIVEN}
select quote_ident(e.evtname) as key,
  format('event trigger %s runs %s at %s, as whoever changes the schema', e.evtname, e.evtfoid::regproc, e.evtevent) as message,
  format('read the function, or DROP EVENT TRIGGER %I', e.evtname) as fix
from pg_event_trigger e
where e.evtenabled <> 'D'
  and not exists (select from extension_member m where m.classid = 'pg_event_trigger'::regclass and m.objid = e.oid)`,
};
