import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ109',
  name: 'owner-policy-missing',
  severity: 'warning',
  title: "A registered table lacks the policy that makes its owner's statements fail loudly.",
  sql: `${GIVEN}
select r.text as key,
  format('without tenant_zero_owner the owner of %s reads and changes 0 rows and is told nothing', r.text) as message,
  'run: rls apply' as fix
from registered g join relation r on r.oid = g.oid
where not exists (select from policy p where p.polrelid = g.oid and p.polname = 'tenant_zero_owner')`,
};
