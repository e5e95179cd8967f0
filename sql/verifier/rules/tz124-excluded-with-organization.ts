import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * It was excluded as a table of nobody's rows; a later column made it a table of somebody's.
 */
export const rule: Rule = {
  id: 'TZ124',
  name: 'excluded-with-organization',
  severity: 'warning',
  title: 'An excluded table points at a registered one.',
  sql: `${GIVEN}
select r.text || ' ' || quote_ident(c.conname) as key,
  format('%s is excluded, and its foreign key %s leads to %s: its rows belong to somebody', r.text, c.conname, p.text) as message,
  format('register %s under tables:, or drop constraint %I', r.text, c.conname) as fix
from excluded e join relation r on r.oid = e.oid
join pg_constraint c on c.conrelid = e.oid and c.contype = 'f' and c.conparentid = 0
join registered g on g.oid = c.confrelid join relation p on p.oid = g.oid`,
};
