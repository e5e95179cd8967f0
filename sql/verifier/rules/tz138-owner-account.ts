import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ138',
  name: 'owner-account',
  severity: 'warning',
  title: 'The owner of registered tables is a superuser or an account that people log in with.',
  sql: `${GIVEN}
select a.name as key,
  format('%s owns registered tables and %s', a.name, case when a.rolsuper
    then 'is a superuser: FORCE does not bind it, nor its views and definer functions'
    else 'can log in: whoever knows its password can switch row security off' end) as message,
  case when a.rolsuper then 'give the tables to a NOLOGIN role that is no superuser'
    else format('ALTER ROLE %s NOLOGIN', a.name) end as fix,
  case when a.rolsuper then 'info' else 'warning' end as severity
from account a join table_owner o on o.oid = a.oid
where a.rolsuper or a.rolcanlogin and not a.migration and not a.trusted`,
};
