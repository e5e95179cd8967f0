import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * The tenant token is text and becomes the key's type; columns are compared after a cast where types differ.
 */
export const rule: Rule = {
  id: 'TZ177',
  name: 'system-type-cast',
  severity: 'warning',
  title: "A cast between the system's own types calls a function of somebody's own.",
  sql: `${GIVEN}
select format('cast %s as %s', format_type(c.castsource, null), format_type(c.casttarget, null)) as key,
  format('a conversion from %s to %s calls %s, in helper functions too', format_type(c.castsource, null),
    format_type(c.casttarget, null), coalesce(f.text, 'the types'' own text forms')) as message,
  format('DROP CAST (%s AS %s)', format_type(c.castsource, null), format_type(c.casttarget, null)) as fix
from pg_cast c left join routine f on f.oid = c.castfunc
where c.oid >= 16384 and c.castsource < 16384 and c.casttarget < 16384
  and not exists (select from extension_member e where e.classid = 'pg_cast'::regclass and e.objid = c.oid)`,
};
