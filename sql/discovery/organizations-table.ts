/** Which table is the organizations table: as told, or by its name when only one can be meant. */
import { CommandError } from '../db/errors';
import { parseName } from '../db/names';
import { isPlainTable, type OrganizationsKey } from './choices';
import { ForeignKeyGraph } from './graph';
import type { Schema, SchemaRelation } from './schema';
import { namesOfReference, normalised, thing } from './words';

/** What products call whoever pays them. */
const CUSTOMARY = new Set(
  'organization org tenant workspace account company team customer client group site shop store'.split(' '),
);

export interface OrganizationsOptions {
  /** The table, written as in SQL; the schema may be left out where the name is unique. Default: guessed. */
  readonly organizations?: string;
  /** Its key. Default: the single-column key that most foreign keys point at. */
  readonly id?: string;
}

/** @throws CommandError `organizations-not-found`, `organizations-unknown`, `organizations-ambiguous`, `organizations-key-unknown` */
export function organizationsTable(schema: Schema, options: OrganizationsOptions = {}): OrganizationsKey {
  const table = options.organizations === undefined ? guess(schema) : named(schema, options.organizations);
  return {
    oid: table.oid,
    idColumn: options.id === undefined ? keyOf(table, schema) : column(table, options.id),
  };
}

function named(schema: Schema, text: string): SchemaRelation {
  const name = parseName(text);
  const tables = [...schema.relations.values()].filter(isPlainTable);
  for (const parts of name ? [name.parts, name.folded] : []) {
    const [last, before] = [...parts].reverse();
    const found = tables.filter(
      ({ table }) => table.name === last && (before === undefined || table.schema === before),
    );
    if (found.length > 1) throw ambiguous(found);
    if (found[0]) return found[0];
  }
  throw new CommandError(
    'organizations-not-found',
    `There is no table ${text}.`,
    'Write the name as in SQL, quoted where it has capitals: "Core"."Workspace".',
  );
}

function guess(schema: Schema): SchemaRelation {
  const tables = [...schema.relations.values()].filter(isPlainTable);
  const called = tables.filter(
    (table) => CUSTOMARY.has(thing(table.table.name).at(-1) ?? '') && singleKeys(table).length > 0,
  );
  const graph = new ForeignKeyGraph(schema);
  const known = called.filter((table) => isKnown(table, tables, graph));
  const candidates = known.length > 0 ? known : called;
  // Teams of an organization, customers of a tenant: what hangs off another candidate is not the top.
  const top = candidates.filter((table) =>
    candidates.every((other) => other === table || !graph.reaches(table.oid, new Map([[other.oid, 0]]), -1)),
  );
  const plausible = top.length > 0 ? top : candidates;
  if (plausible.length > 1) throw ambiguous(plausible);
  if (plausible[0]) return plausible[0];
  throw new CommandError(
    'organizations-unknown',
    'No table is named like one of organizations, tenants, workspaces, accounts or companies.',
    'Say which table has one row per organization: --organizations <schema.table>.',
  );
}

/** Other tables point at it, by foreign key or by name. */
function isKnown(table: SchemaRelation, tables: readonly SchemaRelation[], graph: ForeignKeyGraph): boolean {
  if (graph.children(table.oid).length > 0) return true;
  const names = namesOfReference(table.table.name, 'id');
  return tables.some((other) => other !== table && other.columns.some((c) => names.has(normalised(c.name))));
}

function singleKeys(table: SchemaRelation): string[] {
  return table.uniqueKeys
    .filter((key) => key.columns.length === 1 && !key.partial && !key.expression && !key.temporal)
    .sort((a, b) => Number(b.primary) - Number(a.primary))
    .flatMap((key) => key.columns);
}

function keyOf(table: SchemaRelation, schema: Schema): string {
  const uses = new Map<string, number>();
  for (const child of schema.relations.values()) {
    if (child === table) continue;
    for (const fk of child.foreignKeys) {
      if (fk.parent !== table.oid) continue;
      for (const name of fk.parentColumns) uses.set(name, (uses.get(name) ?? 0) + 1);
    }
  }
  // A stable sort: the primary key stays first among equals.
  const [best] = singleKeys(table).sort((a, b) => (uses.get(b) ?? 0) - (uses.get(a) ?? 0));
  if (best !== undefined) return best;
  throw new CommandError(
    'organizations-key-unknown',
    `${table.text} has no unique key of one column.`,
    'Say which column the other tables know it by: --id <column>.',
  );
}

function column(table: SchemaRelation, name: string): string {
  if (table.columns.some((one) => one.name === name)) return name;
  throw new CommandError(
    'organizations-key-unknown',
    `${table.text} has no column ${name}.`,
    `Its columns are ${table.columns.map((one) => one.name).join(', ')}.`,
  );
}

function ambiguous(tables: readonly SchemaRelation[]): CommandError {
  const names = tables.map((table) => table.text);
  return new CommandError(
    'organizations-ambiguous',
    `Several tables could hold the organizations: ${names.join(', ')}.`,
    `Say which: --organizations ${names[0]}.`,
  );
}
