import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * That is PostgreSQL's default; a default privilege in the global form (without IN SCHEMA) changes it.
 */
export const rule: Rule = {
  id: 'TZ155',
  name: 'function-default-execute',
  severity: 'info',
  title: 'Every function that a table owner creates can be called by everybody.',
  sql: `${GIVEN}
select a.name as key,
  format('functions that %s creates are executable by PUBLIC', a.name) as message,
  format('ALTER DEFAULT PRIVILEGES FOR ROLE %s REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC', a.name) as fix
from account a join table_owner o on o.oid = a.oid
where exists (
  select from aclexplode(coalesce(
    (select d.defaclacl from pg_default_acl d
     where d.defaclrole = a.oid and d.defaclnamespace = 0 and d.defaclobjtype = 'f'), acldefault('f', a.oid))) x
  where x.grantee = 0)`,
};
