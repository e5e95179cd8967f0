/** Foreign keys that `via` and `through` name, and the order in which tables rest on each other. */
import { qualified } from '../db/names';
import type { Location, TableEntry } from '../registry/types';
import type { BoundTable, Link, Relation } from './bound';
import { unquoted } from './named-columns';
import type { ForeignKey } from './read-columns';
import type { Relations } from './relations';

/** `through` stands on the key that is referenced, which the registry does not name. */
export function referencedNames(foreignKeys: ReadonlyMap<number, readonly ForeignKey[]>): string[] {
  return [...foreignKeys.values()].flatMap((keys) =>
    keys.flatMap((key) => key.columns.map(([, there]) => there)),
  );
}

export function linkOf(
  relation: Relation,
  entry: TableEntry,
  relations: Relations,
  foreignKeys: ReadonlyMap<number, readonly ForeignKey[]>,
  problem: (location: Location, message: string, fix: string) => void,
): Link | undefined {
  const belongs = entry.belongs;
  if (belongs.kind === 'direct') return undefined;
  const wanted = belongs.columns.map(unquotedOrSame);
  const matches = (names: readonly string[]) =>
    names.length === wanted.length && names.every((name) => wanted.some((either) => either.includes(name)));
  if (belongs.kind === 'via') {
    const key = (foreignKeys.get(relation.oid) ?? []).find((each) =>
      matches(each.columns.map(([here]) => here)),
    );
    const parent = key && relations.byOid.get(key.to);
    if (!key || !parent) {
      problem(
        entry.location,
        `${relation.text} has no foreign key that starts at ${belongs.columns.join(', ')}`,
        'via: names the columns of a foreign key to a registered table',
      );
      return undefined;
    }
    if (parent.oid === relation.oid) {
      problem(
        entry.location,
        `${relation.text} would belong through itself`,
        'via: names a foreign key to another table',
      );
      return undefined;
    }
    return { relation: parent, columns: key.columns, equals: key.equals };
  }
  const other = relations.find(belongs.table);
  const key =
    other &&
    (foreignKeys.get(other.oid) ?? []).find(
      (each) => each.to === relation.oid && matches(each.columns.map(([here]) => here)),
    );
  if (!other || !key) {
    problem(
      entry.location,
      `no foreign key leads from ${qualified(belongs.table)} (${belongs.columns.join(', ')}) to ${relation.text}`,
      'through: names a registered table and its columns that reference this one',
    );
    return undefined;
  }
  return {
    relation: other,
    columns: key.columns.map(([there, here]) => [here, there] as const),
    equals: key.equals,
  };
}

function unquotedOrSame(name: string): string[] {
  return [name, unquoted(name)];
}

/** A table comes after the one it is visible through: a crash in between leaves the child closed, not open. */
export function parentsFirst(
  tables: readonly BoundTable[],
  problem: (location: Location, message: string, fix: string) => void,
): BoundTable[] {
  const byOid = new Map(tables.map((table) => [table.relation.oid, table]));
  const done = new Set<BoundTable>();
  const open = new Set<BoundTable>();
  const visit = (table: BoundTable): void => {
    if (done.has(table)) return;
    if (open.has(table)) {
      problem(
        table.entry.location,
        `${table.relation.text} belongs through a circle of tables`,
        'give one of them an organization column, or another path',
      );
      return;
    }
    open.add(table);
    if (table.link) {
      const next = byOid.get(table.link.relation.oid);
      if (next) visit(next);
      else
        problem(
          table.entry.location,
          `${table.relation.text} belongs through ${table.link.relation.text}, which is not registered`,
          `register ${table.link.relation.text} under tables:`,
        );
    }
    open.delete(table);
    done.add(table);
  };
  for (const table of tables) if (table.isOrganizations) visit(table);
  for (const table of tables) visit(table);
  return [...done];
}
