/** Reads the catalog into a `Schema`. The only file of this folder that talks to a database. */
import type { ClientBase, QueryResult } from 'pg';
import type { RelationKind } from '../compiler/bound';
import { qualified } from '../db/names';
import { CATALOG_RESULT, CATALOG_SQL, type CatalogPart } from './catalog-sql';
import { mentionFinder } from './mentions';
import type {
  ExclusionConstraint,
  Filled,
  ForeignKey,
  NamedDefinition,
  ReferentialAction,
  Schema,
  SchemaColumn,
  SchemaPolicy,
  SchemaRelation,
  UniqueKey,
} from './schema';

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

const COMMANDS: Readonly<Record<string, SchemaPolicy['command']>> = {
  '*': 'all',
  r: 'select',
  a: 'insert',
  w: 'update',
  d: 'delete',
};

interface RelationRow {
  oid: number;
  schema: string;
  name: string;
  kind: RelationKind;
  owner: string;
  rls: boolean;
  force: boolean;
  partition: boolean;
  unlogged: boolean;
  rows: number;
  invoker: boolean;
  extension: string | null;
}

interface ColumnRow {
  rel: number;
  name: string;
  num: number;
  type: string;
  typid: number;
  notNull: boolean;
  identity: string;
  generated: string;
  hasDefault: boolean;
}

interface TypeRow {
  oid: number;
  base: number;
  isArray: boolean;
  labels: string[] | null;
}

interface FunctionRow {
  oid: number;
  schema: string;
  name: string;
  owner: string;
  language: string;
  definer: boolean;
  extension: string | null;
  source: string | null;
  reads: number[] | null;
}

type OfRelation<T> = T & { rel: number };
type RawForeignKey = Omit<ForeignKey, 'notNull'>;

/**
 * All relations outside PostgreSQL's and the engine's own schemas, and all functions there, as of one moment. Runs
 * inside a transaction or outside, whatever the `search_path`, and leaves both as they were.
 */
export async function readSchema(client: Pick<ClientBase, 'query'>): Promise<Schema> {
  // A string of several statements: pg returns one result per statement, which its types do not say.
  const results = (await client.query(CATALOG_SQL)) as unknown as QueryResult<{
    part: string;
    rows: unknown[];
  }>[];
  const parts = new Map(results[CATALOG_RESULT]?.rows.map((row) => [row.part, row.rows]));
  const part = <T>(name: CatalogPart): T[] => (parts.get(name) ?? []) as T[];
  const of = <T>(name: CatalogPart) => grouped(part<OfRelation<T>>(name));

  const types = new Map(part<TypeRow>('types').map((row) => [row.oid, row]));
  const columns = of<ColumnRow>('columns');
  const uniqueKeys = of<UniqueKey>('unique');
  const constraints = of<ExclusionConstraint & { kind: 'c' | 'x' }>('constraints');
  const foreignKeys = of<RawForeignKey>('foreign');
  const parents = of<{ parent: number }>('parents');
  const policies = of<SchemaPolicy>('policies');
  const rules = of<{ name: string }>('rules');
  const triggers = of<{ name: string }>('triggers');
  const reads = of<{ reads: number }>('reads');

  const relations = new Map<number, SchemaRelation>();
  for (const row of part<RelationRow>('relations')) {
    const table = { schema: row.schema, name: row.name };
    const own = (columns.get(row.oid) ?? []).map((column) => toColumn(column, types));
    const keys = (uniqueKeys.get(row.oid) ?? []).map(({ rel, ...key }): UniqueKey => key);
    const checked = constraints.get(row.oid) ?? [];
    const required = new Set(own.filter((column) => column.notNull).map((column) => column.name));
    relations.set(row.oid, {
      oid: row.oid,
      table,
      text: qualified(table),
      kind: row.kind,
      owner: row.owner,
      rowSecurity: row.rls,
      forceRowSecurity: row.force,
      parents: (parents.get(row.oid) ?? []).map((link) => link.parent),
      extension: row.extension ?? undefined,
      isPartition: row.partition,
      unlogged: row.unlogged,
      columns: own,
      primaryKey: keys.find((key) => key.primary),
      uniqueKeys: keys,
      exclusions: checked
        .filter((constraint) => constraint.kind === 'x')
        .map(
          ({ name, definition, columns: over }): ExclusionConstraint => ({ name, definition, columns: over }),
        ),
      checks: checked
        .filter((constraint) => constraint.kind === 'c')
        .map(({ name, definition }): NamedDefinition => ({ name, definition })),
      foreignKeys: (foreignKeys.get(row.oid) ?? []).map((key) => toForeignKey(key, required)),
      policies: (policies.get(row.oid) ?? []).map(
        ({ rel, ...policy }): SchemaPolicy => ({ ...policy, command: COMMANDS[policy.command] ?? 'all' }),
      ),
      rules: (rules.get(row.oid) ?? []).map((rule) => rule.name),
      triggers: (triggers.get(row.oid) ?? []).map((trigger) => trigger.name),
      estimatedRows: row.rows < 0 ? undefined : row.rows,
      reads: transitively(row.oid, reads),
      securityInvoker: row.invoker,
    });
  }

  const mentions = mentionFinder(relations.values());
  const server = part<{ database: string; version: number }>('server')[0];
  return {
    database: server?.database ?? '',
    serverVersion: server?.version ?? 0,
    relations,
    functions: part<FunctionRow>('functions').map(({ source, reads: exact, ...row }) => ({
      ...row,
      extension: row.extension ?? undefined,
      mentions: exact ?? (source === null ? [] : mentions(source)),
    })),
  };
}

function grouped<T extends { rel: number }>(rows: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(row.rel);
    if (group) group.push(row);
    else groups.set(row.rel, [row]);
  }
  return groups;
}

function toColumn(row: ColumnRow, types: ReadonlyMap<number, TypeRow>): SchemaColumn {
  let baseType = row.typid;
  // A domain over a domain over ...: each step strictly towards a type that is none.
  for (let base = types.get(baseType)?.base; base; base = types.get(baseType)?.base) baseType = base;
  const type = types.get(baseType);
  return {
    name: row.name,
    number: row.num,
    type: row.type,
    baseType,
    notNull: row.notNull,
    filled: filled(row),
    isArray: type?.isArray ?? false,
    enumLabels: type?.labels ?? undefined,
  };
}

function filled(row: ColumnRow): Filled {
  if (row.identity === 'a') return 'identity-always';
  if (row.identity === 'd') return 'identity-by-default';
  if (row.generated !== '') return 'generated';
  return row.hasDefault ? 'default' : 'nothing';
}

function toForeignKey({ rel, ...key }: OfRelation<RawForeignKey>, required: ReadonlySet<string>): ForeignKey {
  return {
    ...key,
    onDelete: ACTIONS[key.onDelete] ?? 'no action',
    onUpdate: ACTIONS[key.onUpdate] ?? 'no action',
    notNull: key.columns.every((column) => required.has(column)),
  };
}

function transitively(view: number, reads: ReadonlyMap<number, { reads: number }[]>): number[] {
  const seen = new Set<number>();
  const pending = [view];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const { reads: relation } of reads.get(next) ?? []) {
      if (relation === view || seen.has(relation)) continue;
      seen.add(relation);
      pending.push(relation);
    }
  }
  return [...seen].sort((a, b) => a - b);
}
