import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * A rule's actions are checked against the rights of the table's owner, not against those of the role.
 */
export const rule: Rule = {
  id: 'TZ122',
  name: 'rewrite-rule',
  severity: 'warning',
  title: 'A rewrite rule on a registered table sends statements elsewhere.',
  sql: `${GIVEN}
select r.text || ' ' || quote_ident(w.rulename) as key,
  format('rule %s on %s runs its own statements with the rights of %s', w.rulename, r.text,
    quote_ident(pg_get_userbyid(r.relowner))) as message,
  format('DROP RULE %I ON %s', w.rulename, r.text) as fix
from guarded g join relation r on r.oid = g.oid join pg_rewrite w on w.ev_class = g.oid
where w.rulename <> '_RETURN'`,
};
