/**
 * Stored expressions as PostgreSQL keeps them (`pg_node_tree`). Two equal trees print the same text when the columns
 * that they speak of are called the same; equal trees are recognised by their digest.
 *
 * The digest is MD5. To pass for one of ours, a foreign expression would have to hit the digest of a tree that is given
 * (a second preimage, out of reach for MD5 too), not merely collide with another one of its maker's.
 */
import type { ClientBase } from 'pg';

/** What the printed text of a tree depends on, apart from the tree. */
export interface Dependence {
  /** Numbers of the columns whose names are printed. */
  readonly columns: readonly number[];
  /** Also on the relation itself: a FROM clause qualifies columns with its name, a whole row is printed as its name. */
  readonly onRelation: boolean;
}

export function dependenceOf(tree: string): Dependence {
  // Of all variables, also those of inner queries: a column too many only makes a group smaller.
  const numbers = new Set([...tree.matchAll(/:varattno (-?\d+)/g)].map((match) => Number(match[1])));
  return {
    columns: [...numbers].filter((number) => number > 0).sort((a, b) => a - b),
    onRelation: numbers.has(0) || tree.includes('{RANGETBLENTRY'),
  };
}

/** What, of this relation, shows in the printed text: the same for two relations, the same text. */
export function printedWith(
  { columns, onRelation }: Dependence,
  relation: number,
  names: ReadonlyMap<string, string>,
): unknown[] {
  return [onRelation ? relation : null, columns.map((column) => names.get(`${relation} ${column}`) ?? null)];
}

/** Names of the columns that some tree speaks of, by `relation number`. */
export async function readNames(
  client: ClientBase,
  relations: readonly number[],
  dependences: readonly Dependence[],
): Promise<Map<string, string>> {
  const { rows } = await client.query<{ relation: number; numbers: number[]; names: string[] }>(
    `SELECT a.attrelid::int8::float8 AS relation, pg_catalog.array_agg(a.attnum::int) AS numbers, pg_catalog.array_agg(a.attname::text) AS names
     FROM pg_catalog.pg_attribute a WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum = ANY ($2::int2[]) GROUP BY 1`,
    [[...new Set(relations)], [...new Set(dependences.flatMap(({ columns }) => columns))]],
  );
  return new Map(
    rows.flatMap(({ relation, numbers, names }) =>
      numbers.map((number, i) => [`${relation} ${number}`, names[i] as string] as const),
    ),
  );
}
