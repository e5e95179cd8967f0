/** Columns and foreign keys of the relations that a registry names: what `bind` needs to know, and no more. */
import type { ClientBase } from 'pg';
import type { BoundColumn } from './bound';

export interface ForeignKey {
  readonly from: number;
  readonly to: number;
  readonly columns: readonly (readonly [here: string, there: string])[];
}

/**
 * Reads the columns called `interesting` of the relations `named`, in the order of each table. Types of domains are the
 * types below them. Not all columns: a plan over 5,000 tables must not read 100,000.
 */
export async function readColumns(
  client: ClientBase,
  named: readonly number[],
  interesting: readonly string[],
): Promise<ReadonlyMap<number, readonly BoundColumn[]>> {
  const columns = new Map<number, BoundColumn[]>();
  const { rows } = await client.query<{ oid: number; names: string[]; types: string[]; not_null: boolean[] }>(
    `SELECT a.attrelid::int8::float8 AS oid, pg_catalog.array_agg(a.attname::text ORDER BY a.attnum) AS names,
            pg_catalog.array_agg(pg_catalog.format_type(
              CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE a.atttypid END,
              CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END) ORDER BY a.attnum) AS types,
            pg_catalog.array_agg(a.attnotnull OR t.typnotnull ORDER BY a.attnum) AS not_null
     FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
     WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped AND a.attname = ANY ($2::name[])
     GROUP BY 1`,
    [named, interesting],
  );
  for (const row of rows) {
    columns.set(
      row.oid,
      row.names.map((name, i) => ({
        name,
        type: row.types[i] as string,
        notNull: row.not_null[i] as boolean,
      })),
    );
  }
  return columns;
}

/** Foreign keys that start at the relations `named`. */
export async function readForeignKeys(
  client: ClientBase,
  named: readonly number[],
): Promise<ReadonlyMap<number, readonly ForeignKey[]>> {
  const foreignKeys = new Map<number, ForeignKey[]>();
  const { rows } = await client.query<{ from: number; to: number; here: string[]; there: string[] }>(
    `SELECT c.conrelid::int8::float8 AS from, c.confrelid::int8::float8 AS to,
            ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(c.conkey) WITH ORDINALITY k (attnum, i)
                  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum ORDER BY k.i) AS here,
            ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(c.confkey) WITH ORDINALITY k (attnum, i)
                  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum ORDER BY k.i) AS there
     FROM pg_catalog.pg_constraint c
     WHERE c.contype = 'f' AND c.conrelid = ANY ($1::oid[]) AND c.conparentid = 0
     ORDER BY c.conname`,
    [named],
  );
  for (const row of rows) {
    const list = foreignKeys.get(row.from) ?? [];
    list.push({
      from: row.from,
      to: row.to,
      columns: row.here.map((name, i) => [name, row.there[i] as string] as const),
    });
    foreignKeys.set(row.from, list);
  }
  return foreignKeys;
}
