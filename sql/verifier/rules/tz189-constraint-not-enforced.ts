import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * Rows from before may break it. to_jsonb: conenforced came with PostgreSQL 18.
 */
export const rule: Rule = {
  id: 'TZ189',
  name: 'constraint-not-enforced',
  severity: 'warning',
  title: 'A constraint of a registered table was never validated, or is not enforced.',
  sql: `${GIVEN}
select r.text || ' ' || quote_ident(c.conname) as key,
  format('constraint %s on %s %s', c.conname, r.text, case when (to_jsonb(c) ->> 'conenforced') = 'false'
    then 'is not enforced: rows that break it are let in' else 'was not validated: rows from before may break it' end) as message,
  case when (to_jsonb(c) ->> 'conenforced') = 'false' and c.contype <> 'f'
    then format('ALTER TABLE %s DROP CONSTRAINT %I, and add it again', r.text, c.conname)
    when (to_jsonb(c) ->> 'conenforced') = 'false' then format('ALTER TABLE %s ALTER CONSTRAINT %I ENFORCED', r.text, c.conname)
    else format('ALTER TABLE %s VALIDATE CONSTRAINT %I', r.text, c.conname) end as fix
from guarded g join relation r on r.oid = g.oid join pg_constraint c on c.conrelid = g.oid
where c.conparentid = 0 and c.contype in ('f', 'c', 'n') and not c.convalidated`,
};
