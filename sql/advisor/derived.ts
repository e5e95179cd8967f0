/** Tables whose organization is derived through foreign keys, and what each would need to have a column of its own. */
import type { BoundRegistry } from '../compiler/bound';
import type { OrganizationsKey, Reach } from '../discovery/choices';
import { partitionRoot } from '../discovery/organization-columns';
import type { ForeignKey, Schema, SchemaRelation } from '../discovery/schema';
import { thing } from '../discovery/words';
import type { Belonging } from '../registry/types';

/** How each registered table belongs, by oid, the organizations table among them with its key as the column. */
export type Belongings = ReadonlyMap<number, Belonging>;

export interface Derived {
  readonly table: SchemaRelation;
  readonly parent: SchemaRelation;
  readonly key: ForeignKey;
  /** Foreign keys to walk to the table that has the column: 1 and more. */
  readonly depth: number;
  /** The organization's column in the parent, there already or after the parent's own migration. */
  readonly parentColumn: string;
  /** The column to add here. */
  readonly column: string;
  /** The organization key's type, as `format_type` prints it. */
  readonly type: string;
  /** Why no column can say it; undefined when one can. */
  readonly blocked: string | undefined;
}

export function belongingsOfBound(bound: BoundRegistry): Belongings {
  return new Map(bound.tables.map((table) => [table.relation.oid, table.entry.belongs]));
}

export function belongingsOfReach(reaches: ReadonlyMap<number, Reach>): Belongings {
  return new Map(
    [...reaches].flatMap(([oid, { certainty, choices }]) => {
      const [first] = choices;
      return certainty === 'certain' && first ? [[oid, first.belongs] as const] : [];
    }),
  );
}

/** Every `via` table, parents before their children: the order in which to migrate. */
export function derivedTables(
  schema: Schema,
  belongings: Belongings,
  organizations: OrganizationsKey,
): Derived[] {
  const root = schema.relations.get(organizations.oid);
  const type = root?.columns.find((column) => column.name === organizations.idColumn)?.type;
  if (!root || type === undefined) throw new TypeError(`no column ${organizations.idColumn} to derive from`);
  const usual = usualColumn(belongings, organizations) ?? `${thing(root.table.name).join('_')}_id`;

  const derived = new Map<number, Derived | undefined>();
  const visit = (oid: number): Derived | undefined => {
    if (derived.has(oid)) return derived.get(oid);
    // Entered before it is known: a registry that leads round in a circle ends here.
    derived.set(oid, undefined);
    const table = schema.relations.get(oid);
    const belongs = belongings.get(oid);
    if (!table || belongs?.kind !== 'via') return undefined;
    const key = keyAt(table, belongs.columns);
    const parent = key && schema.relations.get(partitionRoot(schema, key.parent));
    if (!key || !parent) return undefined;
    const above = visit(parent.oid);
    const there = above
      ? { column: above.column, blocked: above.blocked }
      : columnOf(parent, belongings, organizations);
    const found: Derived = {
      table,
      parent,
      key,
      depth: (above?.depth ?? 0) + 1,
      parentColumn: there.column,
      column: freeName(table, usual),
      type,
      blocked: there.blocked,
    };
    // Again, so that the order of insertion is parents first.
    derived.delete(oid);
    derived.set(oid, found);
    return found;
  };
  for (const oid of belongings.keys()) visit(oid);
  return [...derived.values()].filter((one) => one !== undefined);
}

function keyAt(table: SchemaRelation, columns: readonly string[]): ForeignKey | undefined {
  const wanted = [...columns].sort().join('\0');
  return table.foreignKeys.find((key) => [...key.columns].sort().join('\0') === wanted);
}

function columnOf(
  parent: SchemaRelation,
  belongings: Belongings,
  organizations: OrganizationsKey,
): { column: string; blocked: string | undefined } {
  if (parent.oid === organizations.oid) return { column: organizations.idColumn, blocked: undefined };
  const belongs = belongings.get(parent.oid);
  const [first] = belongs?.columns ?? [];
  if (belongs?.kind === 'direct' && belongs.columns.length === 1 && first !== undefined) {
    return { column: first, blocked: undefined };
  }
  const why =
    belongs?.kind === 'direct'
      ? `rows of ${parent.text} belong to several organizations at once`
      : `${parent.text} has no organization of its own: its rows are shared`;
  return { column: first ?? '', blocked: why };
}

function usualColumn(belongings: Belongings, organizations: OrganizationsKey): string | undefined {
  const counts = new Map<string, number>();
  for (const [oid, belongs] of belongings) {
    const [only, second] = belongs.columns;
    if (oid === organizations.oid || belongs.kind !== 'direct' || only === undefined || second !== undefined)
      continue;
    counts.set(only, (counts.get(only) ?? 0) + 1);
  }
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0];
}

function freeName(table: SchemaRelation, wanted: string): string {
  const taken = new Set(table.columns.map((column) => column.name));
  for (let name = wanted; ; name = `owning_${name}`) if (!taken.has(name)) return name;
}
