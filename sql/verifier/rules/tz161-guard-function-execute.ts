import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * Whoever may set a signing key signs tokens for every organization: no registry role may.
 */
export const rule: Rule = {
  id: 'TZ161',
  name: 'guard-function-execute',
  severity: 'error',
  title: 'A guard function can be called by somebody who has no part in it.',
  sql: `${GIVEN}
select f.text || ' to ' || coalesce(g.name, 'PUBLIC') as key,
  format('%s may call %s', coalesce(g.name, 'PUBLIC'), f.text) as message,
  format('REVOKE EXECUTE ON ROUTINE %s FROM %s', f.text, coalesce(g.name, 'PUBLIC')) as fix
from routine f cross join lateral aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
left join account g on g.oid = a.grantee
where f.nspname in ('guard', 'vault') and a.grantee <> f.proowner
  and (a.grantee = 0 or f.proname = 'set_signing_key' and f.nspname = 'vault' and g.registry and not g.gate
    or not (g.trusted or g.registry or g.gate or g.migration or g.oid in (select oid from table_owner)))`,
};
