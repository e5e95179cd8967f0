import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ162',
  name: 'guard-owner-changed',
  severity: 'error',
  title: 'Part of the guard belongs to somebody else than the guard owner.',
  sql: `${GIVEN}
select o.text as key, format('%s belongs to %s', o.text, quote_ident(pg_get_userbyid(o.owner))) as message,
  format('ALTER %s OWNER TO %I', o.text, $1::jsonb ->> 'guard_owner') as fix
from (
  select format('SCHEMA %I', nspname) as text, nspowner as owner from pg_namespace where nspname in ('guard', 'vault')
  union all
  select case relkind when 'S' then 'SEQUENCE ' when 'v' then 'VIEW ' else 'TABLE ' end || text, relowner
  from relation where nspname in ('guard', 'vault') and relkind in ('r', 'p', 'v', 'S')
  union all
  select 'ROUTINE ' || text, proowner from routine where nspname in ('guard', 'vault')
) o
where o.owner is distinct from (select oid from account where guard)`,
};
