/**
 * What one organization has in each table, counted without being shown: `guard_owner` sees rows of exactly the organization
 * that `tenant_zero.counting` names, and may read their organization columns only. Tables that belong to an organization
 * through another table are left out: counting them would take reading the columns that link them.
 */
import { qualified } from '../../../db/names';
import type { BoundRegistry, BoundTable } from '../../bound';
import { COUNTING_SETTING } from '../../our-names';
import { comparable } from '../../predicate';

export interface Countable {
  /** Quoted as in SQL. */
  readonly table: string;
  /** The condition on its rows; the organization is what the setting says, and nothing matches without it. */
  readonly sql: string;
}

/** Without the organizations table: there is always one row of it. */
export function countable(bound: BoundRegistry): Countable[] {
  return bound.tables.flatMap((table) => {
    const sql = countedRows(bound, table);
    return sql === undefined ? [] : [{ table: qualified(table.relation.table), sql }];
  });
}

/** Undefined: rows of this table are not counted. */
export function countedRows(bound: BoundRegistry, table: BoundTable): string | undefined {
  if (!bound.registry.approvals || table.isOrganizations || table.entry.belongs.kind !== 'direct')
    return undefined;
  const { type, operators } = bound.key;
  // A cast of the setting, not of the column: the index on the organization stays of use.
  const counted = `(nullif(current_setting('${COUNTING_SETTING}', true), ''))::${type}`;
  const conditions = table.columns.map(
    (column) => `(${comparable(column, type)} ${operators?.equals ?? '='} ${counted})`,
  );
  return conditions.length === 1 ? conditions[0] : `(${conditions.join(' OR ')})`;
}

/** The columns that `guard_owner` reads for it. */
export function countedColumns(bound: BoundRegistry, table: BoundTable): string[] {
  // What is searched is read as a whole.
  if (table.entry.search.length > 0) return [];
  return countedRows(bound, table) === undefined ? [] : table.columns.map(({ name }) => name);
}
