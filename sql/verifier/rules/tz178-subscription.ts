import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * Where it comes from, other policies hold, or none.
 */
export const rule: Rule = {
  id: 'TZ178',
  name: 'subscription',
  severity: 'warning',
  title: 'A subscription writes rows of another server into this database.',
  sql: `${GIVEN}
select quote_ident(s.subname) as key,
  format('subscription %s of %s writes what another server sends, with the rights of %s', s.subname,
    quote_ident(pg_get_userbyid(s.subowner)), quote_ident(pg_get_userbyid(s.subowner))) as message,
  format('ALTER SUBSCRIPTION %I DISABLE; ALTER SUBSCRIPTION %1$I SET (slot_name = NONE); DROP SUBSCRIPTION %1$I', s.subname) as fix
from pg_subscription s
where s.subdbid = (select oid from pg_database where datname = current_database())`,
};
