/** Which columns hold an organization's key: proven by foreign keys first, suggested by name and type second. */
import { isPlainTable, type OrganizationsKey, sameFamily } from './choices';
import type { ForeignKey, Schema, SchemaColumn, SchemaRelation } from './schema';
import { namesOfReference, normalised, thing } from './words';

export interface OrganizationColumns {
  /** By table: columns whose value a constraint proves to be an organization's key. */
  readonly proven: ReadonlyMap<number, ReadonlySet<string>>;
  /** Names in use for that, the most used first. */
  readonly canonical: readonly string[];
  /** Columns without a foreign key that are named like one and have the key's type. */
  suggested(relation: SchemaRelation): SchemaColumn[];
  /** Columns named like one but of a type that does not compare with the key's. */
  mistyped(relation: SchemaRelation): SchemaColumn[];
  /** Another table has as good a claim to the name: `crm.accounts` beside `billing.accounts`. */
  contested(column: string): SchemaRelation | undefined;
}

/** A name counts as in use when it is not an exception: at least this often, and this share of the most used one. */
const IN_USE = { tables: 3, share: 0.25 };

export function organizationColumns(schema: Schema, organizations: OrganizationsKey): OrganizationColumns {
  const root = schema.relations.get(organizations.oid);
  const key = root?.columns.find((column) => column.name === organizations.idColumn);
  if (!root || !key)
    throw new TypeError(`no column ${organizations.idColumn} in relation ${organizations.oid}`);

  const proven = provenColumns(schema, organizations);
  const tables = [...schema.relations.values()].filter((r) => isPlainTable(r) && r.oid !== root.oid);
  const uses = countNames(tables.map((table) => proven.get(table.oid) ?? new Set()));
  const most = uses[0]?.[1] ?? 0;
  const used = uses
    .filter(([, n], at) => at === 0 || (n >= IN_USE.tables && n >= most * IN_USE.share))
    .map(([name]) => name);

  const reference = namesOfReference(root.table.name, organizations.idColumn);
  const rivals = new Map(
    tables.flatMap((table) =>
      [...namesOfReference(table.table.name, 'id')]
        // Only the full name claims: `user_accounts` does not contest `account_id` with `accounts`.
        .filter((name) => name.startsWith(thing(table.table.name).join('')))
        .map((name) => [name, table] as const),
    ),
  );
  const isNamedLikeKey = (name: string) => used.includes(name) || reference.has(normalised(name));
  const plausible = (relation: SchemaRelation) => {
    const elsewhere = new Set(
      relation.foreignKeys.flatMap((fk) => (fk.enforced && fk.columns.length === 1 ? fk.columns : [])),
    );
    return relation.columns.filter((column) => !column.isArray && !elsewhere.has(column.name));
  };

  const borrowed = tables.some((table) => plausible(table).some((column) => isNamedLikeKey(column.name)))
    ? undefined
    : customaryName(tables.flatMap(plausible), key, rivals);
  const isNamed = (name: string) =>
    isNamedLikeKey(name) || (borrowed !== undefined && normalised(name) === borrowed);
  return {
    proven,
    canonical: used,
    suggested: (relation) =>
      plausible(relation).filter((c) => isNamed(c.name) && sameFamily(c.baseType, key.baseType)),
    mistyped: (relation) =>
      plausible(relation).filter((c) => isNamed(c.name) && !sameFamily(c.baseType, key.baseType)),
    contested: (column) => (used.includes(column) ? undefined : rivals.get(normalised(column))),
  };
}

/**
 * A column is an organization's key when a foreign key takes it to one: to the organizations table, or to a column of
 * another table that is one by the same rule (`payslips (organization_id, employee_id)` to `employees`).
 */
function provenColumns(schema: Schema, organizations: OrganizationsKey): Map<number, Set<string>> {
  const proven = new Map<number, Set<string>>([[organizations.oid, new Set([organizations.idColumn])]]);
  const links = [...schema.relations.values()]
    .filter((relation) => isPlainTable(relation) && relation.oid !== organizations.oid)
    .flatMap((relation) =>
      relation.foreignKeys.filter(provesColumns).map((fk) => ({ child: relation.oid, fk })),
    );
  for (let changed = true; changed; ) {
    changed = false;
    for (const { child, fk } of links) {
      const there = proven.get(partitionRoot(schema, fk.parent));
      if (!there) continue;
      fk.columns.forEach((column, at) => {
        const target = fk.parentColumns[at];
        if (target === undefined || !there.has(target)) return;
        const here = proven.get(child) ?? new Set();
        if (here.has(column)) return;
        proven.set(child, here.add(column));
        changed = true;
      });
    }
  }
  return proven;
}

/** With MATCH SIMPLE a composite key is not checked at all in rows where one of its columns is NULL. */
function provesColumns(fk: ForeignKey): boolean {
  return fk.enforced && (fk.columns.length === 1 || fk.notNull);
}

/** The partitioned table that a partition, at any depth, is part of. */
export function partitionRoot(schema: Schema, oid: number): number {
  const relation = schema.relations.get(oid);
  const parent = relation?.isPartition ? relation.parents[0] : undefined;
  return parent === undefined ? oid : partitionRoot(schema, parent);
}

function countNames(sets: readonly ReadonlySet<string>[]): [name: string, uses: number][] {
  const counts = new Map<string, number>();
  for (const set of sets) for (const name of set) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}

const CUSTOMARY = ['tenantid', 'orgid', 'organizationid', 'workspaceid', 'accountid', 'companyid'];

/** Where no column is named after the organizations table: the one customary name in use, if no table owns it. */
function customaryName(
  columns: readonly SchemaColumn[],
  key: SchemaColumn,
  rivals: ReadonlyMap<string, SchemaRelation>,
): string | undefined {
  const names = columns.filter((c) => sameFamily(c.baseType, key.baseType)).map((c) => normalised(c.name));
  const found = CUSTOMARY.filter((name) => !rivals.has(name) && names.filter((n) => n === name).length >= 2);
  return found.length === 1 ? found[0] : undefined;
}
