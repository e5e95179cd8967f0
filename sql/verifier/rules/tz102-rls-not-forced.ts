import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ102',
  name: 'rls-not-forced',
  severity: 'error',
  title: 'Row security does not apply to the owner of a registered table.',
  sql: `${GIVEN}
select r.text as key,
  format('%s is exempt from the row security of %s, and so are its views, definer functions and cascades',
    quote_ident(pg_get_userbyid(r.relowner)), r.text) as message,
  format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', r.text) as fix
from registered g join relation r on r.oid = g.oid
where not r.relforcerowsecurity`,
};
