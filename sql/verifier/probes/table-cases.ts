/** The cases of one table and one role. Pure: rows and roles in, statements and expectations out. */
import type { BoundRegistry, BoundTable } from '../../compiler/bound';
import { ident, literal } from '../../db/names';
import type { RoleEntry } from '../../registry/types';
import type { Case, Step } from './cases';
import type { ColumnShape, TableShape } from './catalog';
import type { Expected } from './report';
import { type ProbeRow, rowVisible, tokenFor, verbsOf, type World } from './world';

/** A row that the owner could insert, as the statement that inserts it. */
export interface Rehearsed {
  readonly what: string;
  readonly organizations: readonly string[];
  readonly sql: string;
  /** Makes room where the table takes one row per organization. */
  readonly before?: Step;
  /** Lets the assigned person see what the row points at. */
  readonly beforeStaff?: Step;
}

export interface Subject {
  readonly bound: BoundRegistry;
  readonly table: BoundTable;
  readonly shape: TableShape;
  readonly world: World;
}

type Draft = Omit<Case, 'role' | 'token'> & { readonly token?: string };

/** A column that may stand on the left of `SET`: preferably the organization's. */
export function settable(subject: Subject): ColumnShape | undefined {
  const may = (column: ColumnShape) => !column.generated && !column.identityAlways;
  const organization = subject.shape.columns.find((each) => each.name === subject.table.columns[0]?.name);
  return organization && may(organization) ? organization : subject.shape.columns.find(may);
}

function complete(subject: Subject, role: RoleEntry, drafts: readonly Draft[]): Case[] {
  const token = tokenFor(subject.world, role.sees);
  return drafts.map((draft) => ({ token, ...draft, role: role.name }));
}

/** INSERT: run before the table has probe rows, which might be in the way of a unique key. */
export function insertCases(subject: Subject, role: RoleEntry, rehearsed: readonly Rehearsed[]): Case[] {
  const { table, world } = subject;
  const target = table.relation.text;
  const column = settable(subject);
  if (!verbsOf(subject.bound, table, role).includes('insert')) {
    const into = column ? `(${ident(column.name)}) SELECT NULL WHERE false` : 'DEFAULT VALUES';
    return complete(subject, role, [
      { verb: 'insert', what: 'privilege', expected: 'denied', sql: `INSERT INTO ${target} ${into}` },
    ]);
  }
  return complete(
    subject,
    role,
    rehearsed.map((each) => {
      const staff = role.sees === 'assigned-organizations' ? each.beforeStaff : undefined;
      const before = [each.before, staff].filter((step) => step !== undefined);
      return {
        verb: 'insert',
        what: `new row of ${each.what}`,
        expected: rowVisible(world, role.sees, { organizations: each.organizations, rule: 'all' })
          ? 'reached'
          : 'refused',
        sql: each.sql,
        ...(before.length > 0 && { before }),
      };
    }),
  );
}

/** Everything but INSERT, on rows that are known to exist. */
export function rowCases(subject: Subject, role: RoleEntry, rows: readonly ProbeRow[]): Case[] {
  const verbs = verbsOf(subject.bound, subject.table, role);
  const target = subject.table.relation.text;
  const column = settable(subject);
  const expected = (row: ProbeRow): Expected =>
    rowVisible(subject.world, role.sees, row) ? 'reached' : 'hidden';
  const drafts: Draft[] = [];

  if (verbs.includes('select')) {
    for (const row of rows)
      drafts.push({
        verb: 'select',
        what: `row of ${row.what}`,
        expected: expected(row),
        sql: select(target, row),
      });
    const [first] = rows;
    if (first && (role.sees === 'current-organization' || role.sees === 'assigned-organizations')) {
      drafts.push({
        verb: 'select',
        what: `row of ${first.what} without a token`,
        expected: 'token-missing',
        sql: select(target, first),
        token: '',
      });
    }
  } else
    drafts.push({
      verb: 'select',
      what: 'privilege',
      expected: 'denied',
      sql: `SELECT 1 FROM ${target} LIMIT 1`,
    });

  if (column) {
    const name = ident(column.name);
    if (verbs.includes('update')) {
      for (const row of rows) {
        drafts.push({
          verb: 'update',
          what: `row of ${row.what}`,
          expected: expected(row),
          sql: `UPDATE ${target} SET ${name} = ${name} WHERE ${row.where}`,
          ...readable(subject, role, verbs),
        });
      }
      drafts.push(...moves(subject, role, rows), ...blindUpdate(subject, role, rows, verbs));
    } else
      drafts.push({
        verb: 'update',
        what: 'privilege',
        expected: 'denied',
        sql: `UPDATE ${target} SET ${name} = NULL WHERE false`,
      });
  }

  if (verbs.includes('delete')) {
    for (const row of rows) {
      drafts.push({
        verb: 'delete',
        what: `row of ${row.what}`,
        expected: expected(row),
        sql: `DELETE FROM ${target} WHERE ${row.where}`,
        ...readable(subject, role, verbs),
      });
    }
    if (ofOneOrganization(role) && verbs.includes('select') && !subject.table.isOrganizations) {
      drafts.push({
        verb: 'delete',
        what: 'every row, without a condition',
        expected: 'hidden',
        sql: `DELETE FROM ${target}`,
        beyond: `SELECT 1 FROM ${target}`,
      });
    }
  } else
    drafts.push({
      verb: 'delete',
      what: 'privilege',
      expected: 'denied',
      sql: `DELETE FROM ${target} WHERE false`,
    });

  drafts.push({
    verb: 'truncate',
    what: 'whole table',
    expected: 'truncate-refused',
    sql: `TRUNCATE ${target}`,
  });
  return complete(subject, role, drafts);
}

export function select(target: string, row: ProbeRow): string {
  return `SELECT 1 FROM ${target} WHERE ${row.where}`;
}

/** Finding the row takes SELECT: a role that may only write gets it for the one statement. */
function readable(subject: Subject, role: RoleEntry, verbs: readonly string[]): Pick<Draft, 'before'> {
  if (verbs.includes('select')) return {};
  const sql = `GRANT SELECT ON ${subject.table.relation.text} TO ${ident(role.name)}`;
  return { before: [{ role: subject.table.relation.owner, sql }] };
}

/** Rows do not move between organizations, in either direction that the role could try. */
function moves(subject: Subject, role: RoleEntry, rows: readonly ProbeRow[]): Draft[] {
  const { table, world } = subject;
  const kind = table.entry.belongs.kind;
  const own = rows.find((row) => rowVisible(world, role.sees, row));
  if (!own || kind === 'through' || table.isOrganizations) return [];
  return rows.flatMap((other) => {
    if (other === own || other.organizations.length !== own.organizations.length) return [];
    const differing = table.columns.filter((column) => own.values[column.name] !== other.values[column.name]);
    const columns = differing.filter((column) =>
      subject.shape.columns.some(
        (each) => each.name === column.name && !each.generated && !each.identityAlways,
      ),
    );
    if (columns.length === 0 || columns.length < differing.length) return [];
    const set = columns
      .map((column) => `${ident(column.name)} = ${value(other.values[column.name])}`)
      .join(', ');
    const before = readable(subject, role, verbsOf(subject.bound, table, role));
    return [
      {
        verb: 'update',
        what: `move from ${own.what} to ${other.what}`,
        expected: 'refused',
        sql: `UPDATE ${table.relation.text} SET ${set} WHERE ${own.where}`,
        ...before,
      } as const,
    ];
  });
}

/**
 * A statement that reads no column needs no SELECT, and then only the policies for UPDATE stand in its way. Setting
 * everybody's organization to the own one satisfies WITH CHECK: only USING holds it back.
 */
function blindUpdate(
  subject: Subject,
  role: RoleEntry,
  rows: readonly ProbeRow[],
  verbs: readonly string[],
): Draft[] {
  const { table } = subject;
  const own = rows.find((row) => rowVisible(subject.world, role.sees, row));
  const column = table.columns[0];
  const one = table.columns.length === 1 && table.entry.belongs.kind === 'direct' && !table.isOrganizations;
  if (
    !own ||
    !column ||
    !one ||
    !ofOneOrganization(role) ||
    !verbs.includes('select') ||
    settable(subject)?.name !== column.name
  )
    return [];
  const sql = `UPDATE ${table.relation.text} SET ${ident(column.name)} = ${value(own.values[column.name])}`;
  return [
    {
      verb: 'update',
      what: 'every row, without a condition',
      expected: 'hidden',
      sql,
      beyond: `SELECT 1 FROM ${table.relation.text}`,
    },
  ];
}

/** What such a role may reach are a handful of probe rows, however large the table is. */
function ofOneOrganization(role: RoleEntry): boolean {
  return (
    role.sees === 'current-organization' || role.sees === 'assigned-organizations' || role.sees === 'nothing'
  );
}

function value(text: string | null | undefined): string {
  return text === null || text === undefined ? 'NULL' : literal(text);
}
