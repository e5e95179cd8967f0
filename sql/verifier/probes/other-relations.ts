/** What is not a registered table: its partitions, tables that nobody registered or that are excluded, views. */
import type { BoundRegistry, BoundTable, Relation } from '../../compiler/bound';
import { ident, literal } from '../../db/names';
import type { RoleEntry } from '../../registry/types';
import type { Case } from './cases';
import type { Subject } from './table-cases';
import { type ProbeRow, rowVisible, tokenFor, type World } from './world';

/** Partitions beyond this number are not probed one by one: the rules compare all of them. */
const MOST_CHILDREN = 12;

/** A partition may not be read directly, or only as the table itself. */
export function childCases(subject: Subject, role: RoleEntry, rows: readonly ProbeRow[]): Case[] {
  const { table, world } = subject;
  const token = tokenFor(world, role.sees);
  const holding = new Set(rows.map((row) => row.tableoid));
  const children = table.children.toSorted((a, b) => Number(holding.has(b.oid)) - Number(holding.has(a.oid)));
  return children.slice(0, MOST_CHILDREN).flatMap((child): Case[] => {
    const base = { role: role.name, verb: 'select', token } as const;
    const foreign = rows.filter((row) => row.tableoid === child.oid && !rowVisible(world, role.sees, row));
    if (foreign.length > 0) {
      return foreign.map((row) => ({
        ...base,
        what: `row of ${row.what} directly in ${child.text}`,
        expected: 'denied-or-hidden',
        sql: `SELECT 1 FROM ${child.text} WHERE ${row.where}`,
      }));
    }
    // Nothing of ours lies there: then the privilege decides.
    const sql =
      role.sees === 'everything'
        ? undefined
        : `SELECT 1 WHERE pg_catalog.has_table_privilege(${child.oid}::oid, 'SELECT')`;
    return sql ? [{ ...base, what: `privilege on ${child.text}`, expected: 'denied-or-hidden', sql }] : [];
  });
}

/** Tables, views and the rest that the registry gives to nobody, or not to this role. */
export function closedCases(relation: Relation, role: RoleEntry): Case[] {
  const base = { role: role.name, verb: 'select', token: '' } as const;
  // Reading a foreign table would connect to another server.
  const ask = `SELECT 1 WHERE pg_catalog.has_table_privilege(${relation.oid}::oid, 'SELECT')`;
  if (relation.kind === 'f') return [{ ...base, what: 'privilege', expected: 'denied-or-hidden', sql: ask }];
  return [
    { ...base, what: 'any row', expected: 'denied-or-hidden', sql: `SELECT 1 FROM ${relation.text} LIMIT 1` },
    // An empty table shows nothing today: whether it would is what the privilege says, unless row security is on.
    ...(relation.rowSecurity
      ? []
      : [{ ...base, what: 'privilege', expected: 'denied-or-hidden', sql: ask } as const]),
  ];
}

/** Which columns of a view carry organizations: those that are called like an organization column below it. */
export interface ViewShape {
  readonly relation: Relation;
  readonly columns: readonly string[];
  readonly bases: readonly BoundTable[];
}

/** Columns of views, and the tables they read, through views as well. */
export const VIEW_SQL = `
  WITH RECURSIVE reads (view, relation) AS (
    SELECT r.ev_class, d.refobjid FROM pg_catalog.pg_rewrite r
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = r.oid
      AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid <> r.ev_class
    WHERE r.ev_class = ANY ($1::oid[])
    UNION
    SELECT reads.view, d.refobjid FROM reads JOIN pg_catalog.pg_rewrite r ON r.ev_class = reads.relation
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = r.oid
      AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid <> r.ev_class
  )
  SELECT v::int8::float8 AS view,
         ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = v AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
         ARRAY(SELECT reads.relation::int8::float8 FROM reads WHERE reads.view = v) AS bases
  FROM pg_catalog.unnest($1::oid[]) v`;

export function viewShapes(
  bound: BoundRegistry,
  views: readonly Relation[],
  rows: readonly { view: number; columns: string[]; bases: number[] }[],
): ViewShape[] {
  return views.flatMap((relation) => {
    const found = rows.find((row) => row.view === relation.oid);
    const bases = bound.tables.filter((table) => found?.bases.includes(table.relation.oid));
    const names = new Set(
      bases.flatMap((table) =>
        table.entry.belongs.kind === 'direct' ? table.columns.map((column) => column.name) : [],
      ),
    );
    return found ? [{ relation, bases, columns: found.columns.filter((name) => names.has(name)) }] : [];
  });
}

/** A view that the role may use shows no foreign organization, in any of its organization columns. */
export function viewCases(view: ViewShape, role: RoleEntry, world: World, granted: boolean): Case[] {
  if (!granted) return closedCases({ ...view.relation, rowSecurity: false }, role);
  const needsToken = role.sees === 'current-organization' || role.sees === 'assigned-organizations';
  // Without organizations to speak for, such a role gets an error from the first row on, as it should.
  if (needsToken && world.organizations.size === 0) return [];
  const base = { role: role.name, verb: 'select', token: tokenFor(world, role.sees) } as const;
  const cases: Case[] = [
    { ...base, what: 'the view', expected: 'allowed', sql: `SELECT 1 FROM ${view.relation.text} LIMIT 1` },
  ];
  for (const [label, organization] of world.organizations) {
    if (rowVisible(world, role.sees, { organizations: [organization], rule: 'all' })) continue;
    for (const column of view.columns) {
      const sql = `SELECT 1 FROM ${view.relation.text} WHERE ${ident(column)}::text = ${literal(organization)} LIMIT 1`;
      cases.push({ ...base, what: `rows of ${label} through the view`, expected: 'denied-or-hidden', sql });
    }
  }
  return cases;
}
