/**
 * Our triggers as PostgreSQL prints them. As with policies, thousands of tables have the same few: one of each kind is
 * printed, and its text carries the other tables' names.
 */
import type { ClientBase } from 'pg';
import { OUR_PREFIXES } from '../compiler/our-names';
import { qualified } from '../db/names';
import { dependenceOf, printedWith, readNames } from './expression-tree';
import type { ObservedTrigger } from './observed';

interface Row {
  trigger: number;
  relation: number;
  schema: string;
  table: string;
  /** As this server quotes it. Which words are key words differs between versions, and our own list is the newest. */
  quoted: string;
  name: string;
  enabled: string;
  /** Digest of the WHEN condition's tree. */
  tree: string | null;
  /** All else that is printed. Null: something that none of ours has, so this one is printed by itself. */
  facts: string | null;
}

export async function observeTriggers(
  client: ClientBase,
): Promise<{ relation: number; trigger: ObservedTrigger }[]> {
  const { rows } = await client.query<Row>(
    `SELECT t.oid::int8::float8 AS trigger, t.tgrelid::int8::float8 AS relation, n.nspname AS schema, c.relname AS table,
            pg_catalog.format('%I.%I', n.nspname, c.relname) AS quoted, t.tgname AS name,
            t.tgenabled::text AS enabled, pg_catalog.md5(t.tgqual::text) AS tree,
            CASE WHEN t.tgconstraint = 0 AND t.tgconstrrelid = 0 AND t.tgattr::text = '' AND t.tgoldtable IS NULL AND t.tgnewtable IS NULL
              THEN pg_catalog.concat_ws(' ', t.tgtype, t.tgfoid::oid, t.tgnargs, pg_catalog.encode(t.tgargs, 'hex')) END AS facts
     FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE NOT t.tgisinternal AND t.tgparentid = 0
       AND (${OUR_PREFIXES.map((prefix) => `pg_catalog.starts_with(t.tgname::text, '${prefix}')`).join(' OR ')})`,
  );
  const samples = new Map(
    rows.flatMap((row) => (row.tree === null ? [] : [[row.tree, row.trigger] as const])),
  );
  const trees = await read(client, [...samples.values()], 't.tgqual::text');
  const dependences = new Map(
    [...samples].map(([tree, trigger]) => [tree, dependenceOf(trees.get(trigger) ?? '')]),
  );
  const names = await readNames(
    client,
    rows.map(({ relation }) => relation),
    [...dependences.values()],
  );
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const dependence = row.tree === null ? undefined : dependences.get(row.tree);
    const key = JSON.stringify([
      row.name,
      row.facts ?? row.trigger,
      row.tree,
      dependence && printedWith(dependence, row.relation, names),
    ]);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  const printed = await read(
    client,
    [...groups.values()].map(([row]) => (row as Row).trigger),
    'pg_catalog.pg_get_triggerdef(t.oid)',
  );
  return [...groups.values()].flatMap((group) => {
    const model = group[0] as Row;
    const text = printed.get(model.trigger) ?? '';
    return group.map((row) => ({
      relation: row.relation,
      trigger: {
        name: row.name,
        definition: text.replace(` ON ${model.quoted} `, () => on(row)),
        enabled: row.enabled,
      },
    }));
  });
}

/** Stands in the text before the condition and the arguments; a name that holds it differs from ours anyway. */
const on = (row: Row): string => ` ON ${qualified({ schema: row.schema, name: row.table })} `;

async function read(
  client: ClientBase,
  triggers: readonly number[],
  expression: string,
): Promise<Map<number, string>> {
  const { rows } = await client.query<{ trigger: number; text: string }>(
    `SELECT t.oid::int8::float8 AS trigger, ${expression} AS text FROM pg_catalog.pg_trigger t WHERE t.oid = ANY ($1::oid[])`,
    [triggers],
  );
  return new Map(rows.map(({ trigger, text }) => [trigger, text]));
}
