/**
 * Policies as PostgreSQL prints them. Printing is the dear part of a plan over thousands of tables (`pg_get_expr` looks
 * up every column anew), and nearly all policies are the same few expressions: equal trees over equally named columns
 * print the same text, so each is printed once.
 */
import type { ClientBase } from 'pg';
import type { ObservedPolicy } from './observed';

const COMMANDS: Readonly<Record<string, string>> = {
  '*': 'ALL',
  r: 'SELECT',
  a: 'INSERT',
  w: 'UPDATE',
  d: 'DELETE',
};

interface Row {
  policy: number;
  relation: number;
  name: string;
  permissive: boolean;
  command: string;
  roles: string[];
  /**
   * MD5 of the expression's tree. To pass for one of ours, a foreign expression would have to hit the digest of a tree
   * that is given (a second preimage, out of reach for MD5 too), not merely collide with another one of its maker's.
   */
  using: string | null;
  check: string | null;
}

/** One expression of one policy. */
interface Expression {
  readonly policy: number;
  readonly relation: number;
  readonly side: 'using' | 'check';
  readonly tree: string;
}

/** What the printed text of a tree depends on, apart from the tree. */
interface Dependence {
  /** Numbers of the columns whose names are printed. */
  readonly columns: readonly number[];
  /** Also on the relation itself: a FROM clause qualifies columns with its name, a whole row is printed as its name. */
  readonly onRelation: boolean;
}

export async function observePolicies(
  client: ClientBase,
): Promise<{ relation: number; policy: ObservedPolicy }[]> {
  const { rows } = await client.query<Row>(
    `SELECT p.oid::int8::float8 AS policy, p.polrelid::int8::float8 AS relation, p.polname AS name, p.polpermissive AS permissive,
            p.polcmd::text AS command,
            CASE WHEN p.polroles = '{0}' THEN ARRAY['PUBLIC']
                 ELSE ARRAY(SELECT pg_catalog.pg_get_userbyid(r)::text FROM pg_catalog.unnest(p.polroles) r ORDER BY 1) END AS roles,
            pg_catalog.md5(p.polqual::text) AS using,
            CASE WHEN p.polwithcheck::text = p.polqual::text THEN 'same' ELSE pg_catalog.md5(p.polwithcheck::text) END AS check
     FROM pg_catalog.pg_policy p`,
  );
  const expressions = rows.flatMap(({ policy, relation, using, check }): Expression[] => [
    ...(using === null ? [] : [{ policy, relation, side: 'using', tree: using } as const]),
    ...(check === null || check === 'same'
      ? []
      : [{ policy, relation, side: 'check', tree: check } as const]),
  ]);
  const printed = await printEach(client, expressions);
  return rows.map(({ policy, relation, name, permissive, command, roles, check }) => {
    const using = printed.get(`${policy} using`);
    return {
      relation,
      policy: {
        name,
        permissive,
        command: COMMANDS[command] ?? command,
        roles,
        using,
        check: check === 'same' ? using : printed.get(`${policy} check`),
      },
    };
  });
}

/** The printed text by `policy side`. */
async function printEach(
  client: ClientBase,
  expressions: readonly Expression[],
): Promise<Map<string, string>> {
  const dependences = await readDependences(client, expressions);
  const names = await readNames(client, expressions, dependences);
  const groups = new Map<string, Expression[]>();
  for (const expression of expressions) {
    const { columns, onRelation } = dependences.get(expression.tree) as Dependence;
    const key = JSON.stringify([
      expression.tree,
      onRelation ? expression.relation : undefined,
      columns.map((column) => names.get(`${expression.relation} ${column}`)),
    ]);
    const group = groups.get(key);
    if (group) group.push(expression);
    else groups.set(key, [expression]);
  }
  const texts = await readSides(client, [...groups.values()].map(first), 'printed');
  const printed = new Map<string, string>();
  for (const group of groups.values()) {
    const text = texts.get(keyOf(first(group)));
    if (text === undefined) continue;
    for (const expression of group) printed.set(keyOf(expression), text);
  }
  return printed;
}

/** Looks into one copy of each tree. */
async function readDependences(
  client: ClientBase,
  expressions: readonly Expression[],
): Promise<Map<string, Dependence>> {
  const samples = new Map(expressions.map((expression) => [expression.tree, expression]));
  const trees = await readSides(client, [...samples.values()], 'tree');
  return new Map(
    [...samples].map(([tree, sample]) => {
      const text = trees.get(keyOf(sample)) ?? '';
      // Of all variables, also those of inner queries: a column too many only makes a group smaller.
      const numbers = new Set([...text.matchAll(/:varattno (-?\d+)/g)].map((match) => Number(match[1])));
      const onRelation = text === '' || numbers.has(0) || text.includes('{RANGETBLENTRY');
      return [tree, { columns: [...numbers].filter((n) => n > 0).sort((a, b) => a - b), onRelation }];
    }),
  );
}

/** Names of the columns that some tree speaks of, by `relation number`. */
async function readNames(
  client: ClientBase,
  expressions: readonly Expression[],
  dependences: ReadonlyMap<string, Dependence>,
): Promise<Map<string, string>> {
  const { rows } = await client.query<{ relation: number; numbers: number[]; names: string[] }>(
    `SELECT a.attrelid::int8::float8 AS relation, pg_catalog.array_agg(a.attnum::int) AS numbers, pg_catalog.array_agg(a.attname::text) AS names
     FROM pg_catalog.pg_attribute a WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum = ANY ($2::int2[]) GROUP BY 1`,
    [
      [...new Set(expressions.map(({ relation }) => relation))],
      [...new Set([...dependences.values()].flatMap(({ columns }) => columns))],
    ],
  );
  return new Map(
    rows.flatMap(({ relation, numbers, names }) =>
      numbers.map((number, i) => [`${relation} ${number}`, names[i] as string] as const),
    ),
  );
}

async function readSides(
  client: ClientBase,
  expressions: readonly Expression[],
  as: 'tree' | 'printed',
): Promise<Map<string, string>> {
  const side = (column: string) =>
    as === 'tree' ? `p.${column}::text` : `pg_catalog.pg_get_expr(p.${column}, p.polrelid)`;
  const { rows } = await client.query<{ policy: number; using: string | null; check: string | null }>(
    `SELECT p.oid::int8::float8 AS policy, ${side('polqual')} AS using, ${side('polwithcheck')} AS check
     FROM pg_catalog.pg_policy p WHERE p.oid = ANY ($1::oid[])`,
    [[...new Set(expressions.map(({ policy }) => policy))]],
  );
  return new Map(
    rows.flatMap(({ policy, using, check }) => [
      ...(using === null ? [] : [[`${policy} using`, using] as const]),
      ...(check === null ? [] : [[`${policy} check`, check] as const]),
    ]),
  );
}

const keyOf = ({ policy, side }: Expression): string => `${policy} ${side}`;

function first(group: readonly Expression[]): Expression {
  return group[0] as Expression;
}
