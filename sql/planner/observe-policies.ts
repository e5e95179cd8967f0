/**
 * Policies as PostgreSQL prints them. Printing is the dear part of a plan over thousands of tables (`pg_get_expr` looks
 * up every column anew), and nearly all policies are the same few expressions: equal trees over equally named columns
 * print the same text, so each is printed once.
 */
import type { ClientBase } from 'pg';
import { type Dependence, dependenceOf, printedWith, readNames } from './expression-tree';
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
  /** `{16384,16385}`; `{0}` is PUBLIC. */
  roles: string;
  /** Digests of the trees, see expression-tree.ts. */
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

export async function observePolicies(
  client: ClientBase,
): Promise<{ relation: number; policy: ObservedPolicy }[]> {
  // Unpacking and digesting tens of thousands of trees is work for every core; by its own estimate the server would use one.
  await client.query(
    'SET LOCAL min_parallel_table_scan_size = 0; SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0',
  );
  const { rows } = await client.query<Row>(
    `SELECT p.oid::int8::float8 AS policy, p.polrelid::int8::float8 AS relation, p.polname AS name, p.polpermissive AS permissive,
            p.polcmd::text AS command,
            p.polroles::text AS roles,
            pg_catalog.md5(p.polqual::text) AS using,
            CASE WHEN p.polwithcheck::text = p.polqual::text THEN 'same' ELSE pg_catalog.md5(p.polwithcheck::text) END AS check
     FROM pg_catalog.pg_policy p`,
  );
  await client.query(
    'SET LOCAL min_parallel_table_scan_size TO DEFAULT; SET LOCAL parallel_setup_cost TO DEFAULT; SET LOCAL parallel_tuple_cost TO DEFAULT',
  );
  const roles = await readRoles(client);
  const expressions = rows.flatMap(({ policy, relation, using, check }): Expression[] => [
    ...(using === null ? [] : [{ policy, relation, side: 'using', tree: using } as const]),
    ...(check === null || check === 'same'
      ? []
      : [{ policy, relation, side: 'check', tree: check } as const]),
  ]);
  const printed = await printEach(client, expressions);
  return rows.map(({ policy, relation, name, permissive, command, check, ...row }) => {
    const using = printed.get(`${policy} using`);
    return {
      relation,
      policy: {
        name,
        permissive,
        command: COMMANDS[command] ?? command,
        roles: row.roles
          .slice(1, -1)
          .split(',')
          .map((oid) => roles.get(oid) ?? `unknown (OID=${oid})`)
          .sort(),
        using,
        check: check === 'same' ? using : printed.get(`${policy} check`),
      },
    };
  });
}

/** Names by oid; a join per policy would be a tenth of the plan. */
async function readRoles(client: ClientBase): Promise<Map<string, string>> {
  const { rows } = await client.query<{ oid: string; name: string }>(
    'SELECT r.oid::text AS oid, r.rolname AS name FROM pg_catalog.pg_roles r',
  );
  return new Map([['0', 'PUBLIC'], ...rows.map(({ oid, name }) => [oid, name] as const)]);
}

/** The printed text by `policy side`. */
async function printEach(
  client: ClientBase,
  expressions: readonly Expression[],
): Promise<Map<string, string>> {
  const dependences = await readDependences(client, expressions);
  const names = await readNames(
    client,
    expressions.map(({ relation }) => relation),
    [...dependences.values()],
  );
  const groups = new Map<string, Expression[]>();
  for (const expression of expressions) {
    const dependence = dependences.get(expression.tree) as Dependence;
    const key = JSON.stringify([expression.tree, printedWith(dependence, expression.relation, names)]);
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
  return new Map([...samples].map(([tree, sample]) => [tree, dependenceOf(trees.get(keyOf(sample)) ?? '')]));
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
