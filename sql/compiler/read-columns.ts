/** Columns and foreign keys of the relations that a registry names: what `bind` needs to know, and no more. */
import type { ClientBase } from 'pg';
import type { BoundColumn } from './bound';

export interface ForeignKey {
  readonly from: number;
  readonly to: number;
  readonly columns: readonly (readonly [here: string, there: string])[];
  /** By pair: the operator that the foreign key itself compares with. */
  readonly equals: readonly string[];
}

const IN_CATALOG = `'pg_catalog'::pg_catalog.regnamespace`;

/** An operator as SQL that means the same whatever the search path is. */
const operatorSql = (o: string) => `CASE WHEN ${o}.oprnamespace = ${IN_CATALOG} THEN ${o}.oprname::text
  ELSE pg_catalog.format('OPERATOR(%I.%s)', (SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.oid = ${o}.oprnamespace), ${o}.oprname) END`;

/**
 * Reads the columns called `interesting` of the relations `named`, in the order of each table. Types of domains are the
 * types at the bottom of them. A NOT NULL counts where it was validated and is the column's own: a domain's can be got
 * round. Not all columns: a plan over 5,000 tables must not read 100,000.
 */
export async function readColumns(
  client: ClientBase,
  named: readonly number[],
  interesting: readonly string[],
): Promise<ReadonlyMap<number, readonly BoundColumn[]>> {
  const columns = new Map<number, BoundColumn[]>();
  const { rows } = await client.query<{
    oid: number;
    names: string[];
    types: string[];
    not_null: boolean[];
    equals: (string | null)[];
    differs: (string | null)[];
  }>(
    `WITH RECURSIVE domains (oid, base, modifier) AS (
       SELECT d.oid, d.typbasetype, d.typtypmod FROM pg_catalog.pg_type d WHERE d.typtype = 'd'
       UNION ALL
       SELECT above.oid, d.typbasetype, d.typtypmod FROM domains above JOIN pg_catalog.pg_type d ON d.oid = above.base AND d.typtype = 'd'
     ), base AS (
       SELECT domains.* FROM domains JOIN pg_catalog.pg_type t ON t.oid = domains.base WHERE t.typtype <> 'd'
     ), foreign_operators AS (
       SELECT c.opcintype AS type, ${operatorSql('o')} AS equals, ${operatorSql('negated')} AS differs
       FROM pg_catalog.pg_opclass c JOIN pg_catalog.pg_am m ON m.oid = c.opcmethod AND m.amname = 'btree'
       JOIN pg_catalog.pg_amop a ON a.amopfamily = c.opcfamily AND a.amoplefttype = c.opcintype AND a.amoprighttype = c.opcintype AND a.amopstrategy = 3
       JOIN pg_catalog.pg_operator o ON o.oid = a.amopopr JOIN pg_catalog.pg_operator negated ON negated.oid = o.oprnegate
       WHERE c.opcdefault AND o.oprnamespace <> ${IN_CATALOG}
     ), unvalidated AS (
       SELECT k.conrelid, k.conkey[1] AS attnum FROM pg_catalog.pg_constraint k WHERE k.contype = 'n' AND NOT k.convalidated
     )
     SELECT a.attrelid::int8::float8 AS oid, pg_catalog.array_agg(a.attname::text ORDER BY a.attnum) AS names,
            pg_catalog.array_agg(pg_catalog.format_type(coalesce(d.base, a.atttypid), coalesce(d.modifier, a.atttypmod)) ORDER BY a.attnum) AS types,
            pg_catalog.array_agg(a.attnotnull AND u.conrelid IS NULL ORDER BY a.attnum) AS not_null,
            pg_catalog.array_agg(f.equals ORDER BY a.attnum) AS equals, pg_catalog.array_agg(f.differs ORDER BY a.attnum) AS differs
     FROM pg_catalog.pg_attribute a LEFT JOIN base d ON d.oid = a.atttypid
     LEFT JOIN foreign_operators f ON f.type = coalesce(d.base, a.atttypid)
     LEFT JOIN unvalidated u ON u.conrelid = a.attrelid AND u.attnum = a.attnum
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
        ...operators(row.equals[i], row.differs[i]),
      })),
    );
  }
  return columns;
}

function operators(
  equals: string | null | undefined,
  differs: string | null | undefined,
): Pick<BoundColumn, 'operators'> {
  return equals && differs ? { operators: { equals, differs } } : {};
}

/** Foreign keys that start at the relations `named`. */
export async function readForeignKeys(
  client: ClientBase,
  named: readonly number[],
): Promise<ReadonlyMap<number, readonly ForeignKey[]>> {
  const foreignKeys = new Map<number, ForeignKey[]>();
  const { rows } = await client.query<{
    from: number;
    to: number;
    here: string[];
    there: string[];
    equals: string[];
  }>(
    `SELECT c.conrelid::int8::float8 AS from, c.confrelid::int8::float8 AS to,
            ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(c.conkey) WITH ORDINALITY k (attnum, i)
                  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum ORDER BY k.i) AS here,
            ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(c.confkey) WITH ORDINALITY k (attnum, i)
                  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum ORDER BY k.i) AS there,
            ARRAY(SELECT ${operatorSql('o')} FROM pg_catalog.unnest(c.conpfeqop) WITH ORDINALITY k (operator, i)
                  JOIN pg_catalog.pg_operator o ON o.oid = k.operator ORDER BY k.i) AS equals
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
      equals: row.equals,
    });
    foreignKeys.set(row.from, list);
  }
  return foreignKeys;
}
