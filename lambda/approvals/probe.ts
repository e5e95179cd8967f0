/**
 * What a person sees of one organization, asked as that person: in a session of the shell, or by a token of the console.
 * Zero rows mean nothing in a session that sees nothing at all, hence the control.
 */
import type { ClientBase } from 'pg';
import { parseName, qualified, type RelationName } from '../../sql/db/names';

/** A table and the condition on rows of the organization that `tenant_zero.counting` names. From the database itself. */
export interface CountedTable {
  /** Quoted as in SQL. */
  readonly table: string;
  readonly sql: string;
}

export interface Seen {
  /** Of the organization, over all tables; each is counted up to `MOST_ROWS`. */
  readonly rows: number;
  /** How many tables the session may read. */
  readonly tables: number;
  /** It sees rows of somebody else, so that it would have seen these. */
  readonly control: boolean;
}

/** One is too many already. */
const MOST_ROWS = 1000;

/** Inside a transaction that is read-only; the session is the person's already. */
export async function look(
  client: ClientBase,
  organization: string,
  counted: readonly CountedTable[],
): Promise<Seen> {
  await client.query(`select set_config('tenant_zero.counting', $1, true)`, [organization]);
  let [rows, tables, control] = [0, 0, false];
  for (const { table: text, sql } of counted) {
    const relation = relationOf(text);
    if (!(await mayRead(client, relation))) continue;
    const table = qualified(relation);
    tables += 1;
    rows += await count(client, `${table} where ${sql}`, MOST_ROWS);
    control ||= (await count(client, `${table} where not (${sql})`, 1)) > 0;
  }
  return { rows, tables, control: control && tables > 0 };
}

/** By the catalog: a name in a schema that the session may not enter would be an error. */
async function mayRead(client: ClientBase, { schema, name }: RelationName): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    `select has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select') as may
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`,
    [schema, name],
  );
  return rows[0]?.may === true;
}

async function count(client: ClientBase, from: string, most: number): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from (select from ${from} limit ${most}) x`,
  );
  return rows[0]?.n ?? 0;
}

/** The names come from our own function; quoted once more all the same. */
function relationOf(table: string): RelationName {
  const [schema, name, ...more] = parseName(table)?.parts ?? [];
  if (schema === undefined || name === undefined || more.length > 0) throw new Error(`no table: ${table}`);
  return { schema, name };
}
