import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * An object of the right name there takes the place of the one that somebody else's code means.
 */
export const rule: Rule = {
  id: 'TZ156',
  name: 'schema-create',
  severity: 'error',
  title: 'PUBLIC or a registry role may create objects in a schema.',
  sql: `${GIVEN}
select format('%I to %s', n.nspname, coalesce(g.name, 'PUBLIC')) as key,
  format('%s may create tables, functions and operators in schema %I', coalesce(g.name, 'PUBLIC'), n.nspname) as message,
  format('REVOKE CREATE ON SCHEMA %I FROM %s', n.nspname, coalesce(g.name, 'PUBLIC')) as fix
from pg_namespace n cross join lateral aclexplode(n.nspacl) a left join account g on g.oid = a.grantee
where a.privilege_type = 'CREATE' and (a.grantee = 0 or g.registry) and a.grantee <> n.nspowner
  and n.nspname !~ '^pg_' and n.nspname not in ('guard', 'vault')`,
};
