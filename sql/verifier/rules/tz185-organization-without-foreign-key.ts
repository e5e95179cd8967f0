import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ185',
  name: 'organization-without-foreign-key',
  severity: 'info',
  title: 'Nothing keeps an organization column pointing at an organization that exists.',
  sql: `${GIVEN}
select format('%s.%I', r.text, a.attname) as key,
  format('%I of %s is in no foreign key', a.attname, r.text) as message,
  (select format('ALTER TABLE %s ADD FOREIGN KEY (%I) REFERENCES %s (%I)', r.text, a.attname, p.text, o.key)
   from organization o join relation p on p.oid = o.oid) as fix
from registered g join relation r on r.oid = g.oid
join pg_attribute a on a.attrelid = g.oid and a.attname::text = any (g.columns)
where g.kind = 'direct' and g.oid not in (select oid from organization)
  and not exists (
    select from pg_constraint c
    where c.conrelid = g.oid and c.contype = 'f' and a.attnum = any (c.conkey) and c.confrelid in (select oid from registered))`,
};
