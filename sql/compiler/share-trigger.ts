/**
 * The trigger on a table through which others are shared: whoever adds a membership sees its person from then on. A role
 * that sees many organizations, but not all, must not pull a person of a hidden one into view by naming them.
 */
import { ident, literal, qualified } from '../db/names';
import type { BoundRegistry, BoundTable } from './bound';
import type { Trigger } from './desired';
import { lookup } from './lookup';
import { SHARE_TRIGGER } from './our-names';
import { joined } from './predicate';

/** One trigger per table that is shared through this one. */
export function shareTriggers(bound: BoundRegistry, table: BoundTable): Trigger[] {
  const through = lookup(bound).sharedThrough.get(table.relation.oid) ?? [];
  return through.map((shared, i) => ({
    name: i === 0 ? SHARE_TRIGGER : `${SHARE_TRIGGER}_${i + 1}`,
    events: 'BEFORE INSERT OR UPDATE',
    each: 'FOR EACH ROW',
    call: `guard.keep_share(${literal(unchanged(shared))}, ${literal(isSeen(shared))})`,
  }));
}

/** SQL that says whether $1 and $2, the row before and after, point at the same row. */
function unchanged({ link }: BoundTable): string {
  const same = link?.columns.map(
    ([, there]) => `($1).${ident(there)}::text IS NOT DISTINCT FROM ($2).${ident(there)}::text`,
  );
  return `SELECT ${same?.join(' AND ')}`;
}

/** SQL that says whether the caller sees the row that $1 points at; a row that points nowhere shows nothing. */
function isSeen(shared: BoundTable): string {
  const { link, relation } = shared;
  if (!link) throw new TypeError(`${relation.text} has no link`);
  const nowhere = link.columns.map(([, there]) => `($1).${ident(there)} IS NULL`).join(' OR ');
  const join = joined(shared, link, (own) => `shared.${ident(own)}`, '($1)').join(' AND ');
  return `SELECT ${nowhere} OR EXISTS (SELECT FROM ${qualified(relation.table)} shared WHERE ${join})`;
}
