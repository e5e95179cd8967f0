import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ132',
  name: 'role-admin',
  severity: 'error',
  title: 'Somebody may hand out a registry role, a table owner or the guard owner.',
  sql: `${GIVEN}
select m.name || ' for ' || t.name as key,
  format('%s holds the ADMIN option of %s and can make anybody a member', m.name, t.name) as message,
  format('REVOKE ADMIN OPTION FOR %s FROM %s', t.name, m.name) as fix
from pg_auth_members d join account m on m.oid = d.member join account t on t.oid = d.roleid
where d.admin_option and (m.registry or not m.trusted)
  and (t.registry or t.guard or t.gate or t.oid in (select oid from table_owner))`,
};
