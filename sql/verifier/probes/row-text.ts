/** Whole rows as text: how they are asked for, and how they come back. */
import { ident } from '../../db/names';
import type { TableShape } from './catalog';
import type { Value } from './value';

export interface MadeRow {
  readonly table: number;
  /** The partition it lies in, or the table itself. */
  readonly tableoid: number;
  readonly ctid: string;
  /** Every column as text. */
  readonly values: Readonly<Record<string, string | null>>;
  /** As wanted: one per organization column. */
  readonly organizations: readonly string[];
}

/** A select list. Aliases by position: a product's column may be called anything. */
export function selectedColumns(shape: TableShape, alias?: string): string {
  const of = alias === undefined ? '' : `${alias}.`;
  return [
    `${of}tableoid::int8::text AS tz_tableoid`,
    `${of}ctid::text AS tz_ctid`,
    ...shape.columns.map((column, i) => `${of}${ident(column.name)}::text AS tz_${i}`),
  ].join(', ');
}

export function toRow(shape: TableShape, found: Readonly<Record<string, string | null>>): MadeRow {
  return {
    table: shape.oid,
    tableoid: Number(found.tz_tableoid),
    ctid: found.tz_ctid ?? '',
    values: Object.fromEntries(shape.columns.map((column, i) => [column.name, found[`tz_${i}`] ?? null])),
    organizations: [],
  };
}

export function matches(row: MadeRow, fixed: ReadonlyMap<string, Value>): boolean {
  return [...fixed].every(
    ([column, value]) => value.kind === 'text' && row.values[column] === (value.text ?? null),
  );
}
