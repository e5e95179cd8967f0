/** Ties a registry to one database. Reports every name that does not resolve, at its place in the file. */
import type { ClientBase } from 'pg';
import { qualified, type RelationName } from '../db/names';
import { nearest } from '../registry/nearest';
import type { Location, Problem, Registry, TableEntry } from '../registry/types';
import { linkOf, parentsFirst, referencedNames } from './bind-links';
import type { BoundColumn, BoundRegistry, BoundTable, Relation } from './bound';
import { keyTypeOf } from './key-type';
import { interestingNames, unquoted } from './named-columns';
import { readColumns, readForeignKeys } from './read-columns';
import { readRelations } from './read-relations';
import { Relations } from './relations';

export type Bound = { readonly bound: BoundRegistry } | { readonly problems: readonly Problem[] };
/** Reads the catalog and resolves every name of the registry in it. */
export async function bind(client: ClientBase, registry: Registry): Promise<Bound> {
  const relations = new Relations(await readRelations(client));
  const server = await client.query<{ version: number; database: string }>(
    `SELECT pg_catalog.current_setting('server_version_num')::int AS version, pg_catalog.current_database() AS database`,
  );
  const problems: Problem[] = [];
  const problem = (location: Location, message: string, fix: string) =>
    problems.push({ location, message, fix });
  const resolve = (name: RelationName, location: Location): Relation | undefined => {
    const found = relations.find(name);
    if (!found) {
      const close = nearest(
        qualified(name),
        relations.all.map((relation) => relation.text),
      );
      problem(
        location,
        `there is no table ${qualified(name)}`,
        close ? `did you mean ${close}?` : 'remove the entry, or run the migrations first',
      );
    }
    return found;
  };

  const entries: { entry: TableEntry; isOrganizations: boolean }[] = [
    { entry: organizationsAsTable(registry), isOrganizations: true },
    ...registry.tables.map((entry) => ({ entry, isOrganizations: false })),
  ];
  const found = entries.flatMap(({ entry, isOrganizations }) => {
    const relation = resolve(entry.table, entry.location);
    if (relation && relation.kind !== 'r' && relation.kind !== 'p') {
      problem(
        entry.location,
        `${relation.text} is not a table: row security does not apply to it`,
        'list it under views: or excluded:',
      );
      return [];
    }
    return relation ? [{ entry, relation, isOrganizations }] : [];
  });

  const linking = registry.tables.flatMap((entry) =>
    entry.belongs.kind === 'through' ? [relations.find(entry.belongs.table)] : [],
  );
  const foreignKeys = await readForeignKeys(client, [
    ...found.filter(({ entry }) => entry.belongs.kind === 'via').map(({ relation }) => relation.oid),
    ...linking.flatMap((relation) => (relation ? [relation.oid] : [])),
  ]);
  const assignments = registry.assignments && relations.find(registry.assignments.table);
  const named = await readColumns(
    client,
    [...found.map(({ relation }) => relation.oid), ...(assignments ? [assignments.oid] : [])],
    [...interestingNames(registry), ...referencedNames(foreignKeys)],
  );
  const columnOf = (relation: Relation, name: string, location: Location): BoundColumn | undefined => {
    const columns = named.get(relation.oid) ?? [];
    const column =
      columns.find((each) => each.name === name) ?? columns.find((each) => each.name === unquoted(name));
    if (!column) {
      problem(
        location,
        `${relation.text} has no column ${name}`,
        `rls explain ${relation.text} lists how it belongs; name one of its columns`,
      );
    }
    return column;
  };

  const key = keyOf(
    found.find((each) => each.isOrganizations),
    columnOf,
    registry,
  );
  const flags: [string, string | undefined][] = [
    [
      'sensitive',
      registry.organizations.sensitive.kind === 'column'
        ? registry.organizations.sensitive.column
        : undefined,
    ],
    ['own', registry.organizations.own?.kind === 'column' ? registry.organizations.own.column : undefined],
  ];
  const organizationsRelation = found.find((each) => each.isOrganizations)?.relation;
  for (const [what, name] of flags) {
    if (!organizationsRelation || name === undefined) continue;
    const column = columnOf(organizationsRelation, name, registry.organizations.location);
    if (column && column.type !== 'boolean') {
      problem(
        registry.organizations.location,
        `organizations.${what}: ${name} is ${column.type}, not boolean`,
        'name a boolean column, or write sensitive: managed',
      );
    }
  }
  if (registry.assignments) {
    const { table, location, person, organization } = registry.assignments;
    const relation = resolve(table, location);
    if (relation) for (const name of [person, organization]) columnOf(relation, name, location);
  }

  for (const { relation } of found) {
    for (const child of relations.descendants(relation.oid)) {
      const twice = found.find((each) => each.relation.oid === child.oid);
      if (twice) {
        problem(
          twice.entry.location,
          `${child.text} is a partition or child of ${relation.text}, which is registered`,
          'remove the entry: it is protected with its parent, and reached through it only',
        );
      }
    }
  }

  const tables = found.map(({ entry, relation, isOrganizations }): BoundTable | undefined => {
    const children = relations.descendants(relation.oid);
    if (entry.search.length > 0 && entry.belongs.kind !== 'direct') {
      problem(
        entry.location,
        `search: on ${relation.text}, which has no organization column of its own`,
        'give it an organization column (rls advise), or remove search:',
      );
    }
    for (const { column } of entry.search) columnOf(relation, column, entry.location);
    if (entry.belongs.kind === 'direct') {
      const columns = entry.belongs.columns.map((name) => columnOf(relation, name, entry.location));
      if (columns.some((column) => column === undefined)) return undefined;
      return {
        relation,
        entry,
        isOrganizations,
        columns: columns as BoundColumn[],
        link: undefined,
        children,
      };
    }
    const link = linkOf(relation, entry, relations, foreignKeys, problem);
    if (!link) return undefined;
    const columns = link.columns.map(([here]) => columnOf(relation, here, entry.location));
    if (columns.some((column) => column === undefined)) return undefined;
    return { relation, entry, isOrganizations, columns: columns as BoundColumn[], link, children };
  });
  const bound = tables.filter((table): table is BoundTable => table !== undefined);
  const ordered = parentsFirst(bound, problem);

  const taken = new Set(
    bound.flatMap((table) => [table.relation.oid, ...table.children.map((child) => child.oid)]),
  );
  for (const { relation } of found) taken.add(relation.oid);
  const listed = <T extends { table: RelationName; location: Location }>(list: readonly T[]) =>
    list.flatMap((entry) => {
      const relation = resolve(entry.table, entry.location);
      if (relation) taken.add(relation.oid);
      return relation ? [{ relation, entry }] : [];
    });
  const excluded = listed(registry.excluded).map((each) => ({
    ...each,
    children: relations.descendants(each.relation.oid),
  }));
  for (const { children } of excluded) for (const child of children) taken.add(child.oid);
  const views = listed(registry.views);
  for (const { relation, entry } of views) {
    if (relation.kind !== 'v')
      problem(
        entry.location,
        `${relation.text} is not a view`,
        'list tables under tables: and materialised views under excluded:',
      );
  }
  const undecided = new Map(
    registry.undecided.flatMap((entry) => {
      const relation = resolve(entry.table, entry.location);
      return relation ? [[relation.oid, entry] as const] : [];
    }),
  );
  if (problems.length > 0 || key === undefined) return { problems };
  const organizations = ordered.find((table) => table.isOrganizations) as BoundTable;
  return {
    bound: {
      registry,
      serverVersion: server.rows[0]?.version ?? 0,
      database: server.rows[0]?.database ?? '',
      key: { ...key, type: keyTypeOf(key.type) },
      organizations,
      tables: ordered,
      excluded,
      views,
      unregistered: relations.all
        .filter((relation) => !taken.has(relation.oid) && relation.extension === undefined)
        .map((relation) => ({ relation, undecided: undecided.get(relation.oid) })),
    },
  };
}

/** The organizations table is registered by its own entry; by default every role that sees something may read it. */
function organizationsAsTable(registry: Registry): TableEntry {
  const { organizations } = registry;
  const readers = registry.roles
    .filter((role) => role.sees !== 'nothing')
    .map((role) => [role.name, ['select']] as const);
  return {
    table: organizations.table,
    belongs: { kind: 'direct', columns: [organizations.id] },
    grants: { ...Object.fromEntries(readers), ...organizations.grants } as TableEntry['grants'],
    replaces: organizations.replaces,
    samples: organizations.samples,
    search: [],
    location: organizations.location,
  };
}

function keyOf(
  organizations: { relation: Relation } | undefined,
  columnOf: (relation: Relation, name: string, location: Location) => BoundColumn | undefined,
  registry: Registry,
): BoundColumn | undefined {
  return (
    organizations &&
    columnOf(organizations.relation, registry.organizations.id, registry.organizations.location)
  );
}
