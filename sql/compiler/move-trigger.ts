/** The trigger that keeps a row in its organization. Policies cannot: they never see the old and the new row together. */
import { ident, literal, qualified } from '../db/names';
import type { BoundRegistry, BoundTable } from './bound';
import type { Trigger } from './desired';
import { lookup } from './lookup';
import { MOVE_TRIGGER } from './our-names';
import { joined } from './predicate';

/** `through` rows belong to several organizations at once, and the organizations table has its own guard. */
export function keepsOneOrganization(table: BoundTable): boolean {
  return !table.isOrganizations && table.entry.belongs.kind !== 'through';
}

export function moveTrigger(bound: BoundRegistry, table: BoundTable): Trigger {
  const changed = table.columns
    .map(({ name, operators }) => {
      // IS DISTINCT FROM takes its = from the search path, which is empty: an extension's type is compared as text.
      const side = (row: string) => (operators ? `${row}.${ident(name)}::text` : `${row}.${ident(name)}`);
      return `${side('OLD')} IS DISTINCT FROM ${side('NEW')}`;
    })
    .join(' OR ');
  const each = `FOR EACH ROW WHEN (${changed})`;
  const call = table.link
    ? `guard.keep_link(${literal(sameOrganization(bound, table))})`
    : 'guard.keep_organization()';
  return { name: MOVE_TRIGGER, events: 'BEFORE UPDATE', each, call };
}

/**
 * SQL that says whether two rows ($1 old, $2 new) of a derived table hang on the same organization: the path is walked
 * up to the first table with organization columns of its own, as the caller sees it.
 */
function sameOrganization(bound: BoundRegistry, table: BoundTable): string {
  const side = (row: '$1' | '$2') => {
    const from: string[] = [];
    let current = table;
    let columns = (name: string) => `(${row}).${ident(name)}`;
    const where: string[] = [];
    let isShared = false;
    for (let depth = 1; current.link; depth++) {
      const alias = `step${depth}`;
      from.push(`${qualified(current.link.relation.table)} ${alias}`);
      where.push(...joined(current, current.link, columns, alias));
      isShared ||= current.entry.belongs.kind === 'through';
      columns = (name) => `${alias}.${ident(name)}`;
      const next = lookup(bound).byOid.get(current.link.relation.oid);
      if (!next) throw new TypeError(`${table.relation.text}: its path leaves the registry`);
      current = next;
    }
    const organization = current.columns.map(({ name }) => columns(name)).join(', ');
    const value = `pg_catalog.row_to_json(ROW(${organization}))::text`;
    const path = `FROM ${from.join(', ')} WHERE ${where.join(' AND ')}`;
    // Through a person of several organizations: all those that the caller sees, and at least one.
    return isShared
      ? `nullif(ARRAY(SELECT DISTINCT ${value} ${path} ORDER BY 1), '{}')`
      : `(SELECT ${value} ${path})`;
  };
  return `SELECT ${side('$1')} = ${side('$2')}`;
}
