import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * A guess by name: job queues are what workers read without a tenant of their own.
 */
export const rule: Rule = {
  id: 'TZ179',
  name: 'payload-names-organization',
  severity: 'warning',
  title: 'The payload of a job may name another organization than its row.',
  sql: `${GIVEN}
select format('%s.%I', r.text, a.attname) as key,
  format('nothing keeps %I of %s from naming another organization than the row''s own, and workers may believe it', a.attname,
    r.text) as message,
  format('ALTER TABLE %s ADD CHECK (NOT %I ? %L OR %2$I ->> %3$L IS NOT DISTINCT FROM %4$I::text)', r.text, a.attname,
    g.columns[1], g.columns[1]) as fix
from registered g join relation r on r.oid = g.oid
join pg_attribute a on a.attrelid = g.oid and a.attnum > 0 and not a.attisdropped and a.atttypid in ('json'::regtype, 'jsonb'::regtype)
where g.kind = 'direct' and r.relname ~* '(^|_)(job|queue|task|outbox|work_item)s?$'
  and a.attname ~* '(payload|args?|arguments|params?|parameters|body|input)'
  and not exists (
    select from pg_constraint c join pg_attribute o on o.attrelid = g.oid and o.attname::text = any (g.columns)
    where c.conrelid = g.oid and c.contype = 'c' and c.conkey @> array[a.attnum, o.attnum])`,
};
