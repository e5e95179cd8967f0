/** What a row of a table is made of, read from the catalog: everything that `synthesize` has to satisfy. */
import type { ClientBase } from 'pg';
import { CATALOG_SQL } from './catalog-sql';
import { type TypeRow, type TypeShape, TypeShapes } from './type-shape';

export interface ColumnShape {
  readonly name: string;
  readonly type: TypeShape;
  readonly notNull: boolean;
  /** DEFAULT or identity: the column may be left out. */
  readonly hasDefault: boolean;
  /** Text of the default, for trying CHECK constraints on. */
  readonly defaultSql: string | undefined;
  readonly identityAlways: boolean;
  readonly generated: boolean;
}

export interface ForeignKeyShape {
  readonly name: string;
  readonly target: number;
  /** Pairs of columns: here, there. */
  readonly columns: readonly (readonly [here: string, there: string])[];
  readonly deferrable: boolean;
}

export interface UniqueShape {
  readonly name: string;
  readonly columns: readonly string[];
  readonly primary: boolean;
}

export interface CheckShape {
  /** Undefined: the partition constraint. */
  readonly name: string | undefined;
  readonly columns: readonly string[];
  readonly sql: string;
}

export interface TableShape {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** Quoted and qualified. */
  readonly text: string;
  readonly owner: string;
  readonly kind: string;
  readonly columns: readonly ColumnShape[];
  readonly foreignKeys: readonly ForeignKeyShape[];
  readonly uniques: readonly UniqueShape[];
  readonly checks: readonly CheckShape[];
}

export type Catalog = ReadonlyMap<number, TableShape>;

interface TableRow {
  oid: number;
  schema: string;
  name: string;
  text: string;
  owner: string;
  kind: string;
}

/**
 * Reads all tables of the database at once: five queries, whatever their number. Expressions are printed for an empty
 * `search_path`, so that they mean the same wherever they are run.
 */
export async function readCatalog(client: ClientBase): Promise<Catalog> {
  await client.query('SAVEPOINT tz_catalog; SET LOCAL search_path = pg_catalog');
  const tables = (await client.query<TableRow>(CATALOG_SQL.tables)).rows;
  const types = new TypeShapes((await client.query<TypeRow>(CATALOG_SQL.types)).rows);
  const columns = grouped(
    (await client.query(CATALOG_SQL.columns)).rows.map((row) => ({
      relation: row.relation as number,
      name: row.name as string,
      type: types.of(row.type, row.modifier, row.type_text),
      notNull: row.not_null as boolean,
      hasDefault: row.has_default as boolean,
      defaultSql: (row.default_sql as string | null) ?? undefined,
      identityAlways: row.identity === 'a',
      generated: row.generated !== '',
    })),
  );
  const constraints = grouped((await client.query(CATALOG_SQL.constraints)).rows);
  const indexes = grouped((await client.query(CATALOG_SQL.indexes)).rows);
  const partitions = grouped((await client.query(CATALOG_SQL.partitions)).rows);
  await client.query('ROLLBACK TO SAVEPOINT tz_catalog; RELEASE SAVEPOINT tz_catalog');

  return new Map(
    tables.map((table) => {
      const own = columns.get(table.oid) ?? [];
      const mentioned = (sql: string) =>
        own.map((column) => column.name).filter((name) => mentions(sql, name));
      const checks = (constraints.get(table.oid) ?? [])
        .filter((row) => row.type === 'c')
        .map((row) => ({ name: row.name, columns: row.here, sql: row.sql }));
      const bounds = (partitions.get(table.oid) ?? []).map((row) => `(${row.sql ?? 'true'})`);
      if (bounds.length > 0) {
        const sql = bounds.join(' OR ');
        checks.push({ name: undefined, columns: mentioned(sql), sql });
      }
      const shape: TableShape = {
        ...table,
        columns: own,
        checks,
        foreignKeys: (constraints.get(table.oid) ?? [])
          .filter((row) => row.type === 'f')
          .map((row) => ({
            name: row.name,
            target: row.target,
            columns: (row.here as string[]).map((here, i) => [here, row.there[i]] as const),
            deferrable: row.deferrable,
          })),
        uniques: (indexes.get(table.oid) ?? []).map((row) => ({
          name: row.name,
          columns:
            row.columns.length > 0 && !row.expressions
              ? row.columns
              : mentioned(`${row.columns.join(' ')} ${row.expressions}`),
          primary: row.primary,
        })),
      };
      return [table.oid, shape] as const;
    }),
  );
}

/** Whether an expression, as PostgreSQL prints it, uses the column. Too often is harmless. */
function mentions(sql: string, column: string): boolean {
  return new RegExp(`(^|[^\\w])${column.replace(/[^\w]/g, '\\$&')}($|[^\\w])`).test(sql);
}

// biome-ignore lint/suspicious/noExplicitAny: rows of queries whose columns are named beside them, in catalog-sql.ts
function grouped<T extends { relation: number } = any>(rows: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) groups.set(row.relation, [...(groups.get(row.relation) ?? []), row]);
  return groups;
}
