/** Probe rows of one table, made for this purpose: one per organization, and the mixed ones of two-organization tables. */
import { ident, literal, qualified } from '../../db/names';
import { CannotBuildError, MisplacedError } from './cannot-build';
import type { TableShape } from './catalog';
import type { MadeRow } from './row-text';
import type { RowMaker } from './synthesize';
import type { Rehearsed, Subject } from './table-cases';
import { text, textOrNull, type Value } from './value';
import type { Label, ProbeRow, World } from './world';

/** True for this row and no other, by primary key if there is one: a trigger may have moved the row since. */
export function addressOf(shape: TableShape, row: MadeRow): string {
  const key = shape.uniques.find((unique) => unique.primary);
  if (!key) return `ctid = ${literal(row.ctid)} AND tableoid = ${row.tableoid}`;
  return key.columns.map((column) => `${ident(column)} = ${literal(row.values[column] ?? '')}`).join(' AND ');
}

export function probeRow(
  subject: Pick<Subject, 'table' | 'shape'>,
  row: MadeRow,
  what: string,
  organizations: readonly string[],
): ProbeRow {
  return {
    what,
    organizations,
    rule: subject.table.entry.belongs.kind === 'through' ? 'any' : 'all',
    where: addressOf(subject.shape, row),
    tableoid: row.tableoid,
    values: row.values,
  };
}

/** One label per organization column: A A, and then each column in turn B and S. */
function labelsFor(subject: Subject): Label[][] {
  const { table, world } = subject;
  const others = (['B', 'S', 'O'] as const).filter((label) => world.organizations.has(label));
  const columns = table.entry.belongs.kind === 'direct' ? table.columns.length : 1;
  if (columns === 1) return (['A', ...others] as const).map((label) => [label]);
  const own: Label[] = Array<Label>(columns).fill('A');
  return [own, ...own.flatMap((_, i) => others.map((label) => own.with(i, label)))];
}

function keysOf(world: World, labels: readonly Label[]): string[] {
  return labels.map((label) => world.organizations.get(label) ?? '');
}

/** Throws `CannotBuildError` when nothing could be made for the ordinary organization, or for no other one. */
export async function makeProbeRows(maker: RowMaker, subject: Subject): Promise<ProbeRow[]> {
  if (subject.table.isOrganizations) return organizationRows(maker, subject);
  const rows: ProbeRow[] = [];
  let failure: CannotBuildError | undefined;
  for (const labels of labelsFor(subject)) {
    try {
      const organizations = keysOf(subject.world, labels);
      const made = await maker.insertRow(subject.table.relation.oid, { organizations });
      confirm(subject, made, organizations);
      rows.push(probeRow(subject, made, labels.join(', '), organizations));
    } catch (error) {
      if (!(error instanceof CannotBuildError)) throw error;
      failure ??= error;
      // One organization column: each of the three is needed. Two: a CHECK may forbid both to be the same.
      if (labels.length === 1 && labels[0] !== 'O') throw error;
    }
  }
  if (failure && rows.length < 2) rows.push(...(await uniformRows(maker, subject)));
  if (failure && rows.length < 2) throw failure;
  return rows;
}

/** Rows of one other organization in all columns: a CHECK may ask for the same one everywhere. */
async function uniformRows(maker: RowMaker, subject: Subject): Promise<ProbeRow[]> {
  const rows: ProbeRow[] = [];
  for (const label of ['B', 'S'] as const) {
    const organizations = subject.table.columns.map(() => subject.world.organizations.get(label) ?? '');
    const what = organizations.map(() => label).join(', ');
    try {
      const made = await maker.insertRow(subject.table.relation.oid, { organizations });
      confirm(subject, made, organizations);
      rows.push(probeRow(subject, made, what, organizations));
    } catch (error) {
      if (!(error instanceof CannotBuildError)) throw error;
    }
  }
  return rows;
}

/** A trigger may have put the row elsewhere: then it proves nothing. */
function confirm(subject: Subject, made: MadeRow, organizations: readonly string[]): void {
  if (subject.table.entry.belongs.kind !== 'direct') return;
  for (const [i, column] of subject.table.columns.entries()) {
    if (made.values[column.name]?.trimEnd() === organizations[i]) continue;
    throw new MisplacedError(
      subject.shape.text,
      `a row made for organization ${organizations[i]} came out with ${column.name} = ${made.values[column.name]}`,
      [],
      undefined,
    );
  }
}

async function organizationRows(maker: RowMaker, subject: Subject): Promise<ProbeRow[]> {
  const rows: ProbeRow[] = [];
  for (const [label, id] of subject.world.organizations) {
    const row = await maker.find(
      subject.table.relation.oid,
      new Map([[subject.table.columns[0]?.name ?? '', text(id)]]),
    );
    if (row) rows.push(probeRow(subject, row, label, [id]));
  }
  return rows;
}

/** Finds out how a further row has to look, for roles to insert. The rows themselves are taken back. */
export async function rehearse(maker: RowMaker, subject: Subject): Promise<Rehearsed[]> {
  const { table, world } = subject;
  // A row of such a table belongs to nobody before another row points at it.
  if (table.entry.belongs.kind === 'through') return [];
  const oid = table.relation.oid;
  if (table.isOrganizations) {
    const row = await maker.insertRow(oid, {
      organizations: [],
      given: new Map(ordinary(subject)),
      keep: false,
    });
    return [
      { what: 'a new organization', organizations: row.organizations, sql: insertOf(subject.shape, row) },
    ];
  }
  const rehearsed: Rehearsed[] = [];
  const { given, staff } = await sharedRows(maker, subject);
  for (const labels of labelsFor(subject)) {
    const organizations = keysOf(world, labels);
    const what = labels.join(', ');
    try {
      const row = await maker.insertRow(oid, { organizations, given, keep: false });
      rehearsed.push({ what, organizations, sql: insertOf(subject.shape, row), ...staff });
    } catch (error) {
      if (!(error instanceof CannotBuildError)) throw error;
      if (error.error?.sqlstate !== '23505') continue;
      // One row per organization, and a trigger of the product has made it: room is made for another.
      const row = await maker.insertRow(oid, { organizations }).catch(() => undefined);
      if (!row) continue;
      const before = {
        role: table.relation.owner,
        sql: `DELETE FROM ${subject.shape.text} WHERE ${addressOf(subject.shape, row)}`,
      };
      rehearsed.push({ what, organizations, sql: insertOf(subject.shape, row), before });
    }
  }
  return rehearsed;
}

/**
 * A membership names a person, and a role may name only whom it sees: one who is a member of C already. Values of the
 * columns with which rows of this table point at such rows, and what shows C to the assigned person.
 */
async function sharedRows(
  maker: RowMaker,
  subject: Subject,
): Promise<{ given: Map<string, Value>; staff: Pick<Rehearsed, 'beforeStaff'> }> {
  const given = new Map<string, Value>();
  const common = subject.world.organizations.get('C');
  for (const { entry, link, relation } of subject.bound.tables) {
    if (common === undefined || entry.belongs.kind !== 'through') continue;
    if (link?.relation.oid !== subject.table.relation.oid) continue;
    const row = await maker.insertRow(relation.oid, { organizations: [common] });
    for (const [here, there] of link.columns) given.set(there, textOrNull(row.values[here]));
  }
  const sql = given.size > 0 && common !== undefined ? await assignment(maker, subject, common) : undefined;
  return { given, staff: sql ? { beforeStaff: sql } : {} };
}

/** The statement that assigns the person of the staff token to an organization. */
async function assignment(
  maker: RowMaker,
  { bound, world }: Subject,
  organization: string,
): Promise<Rehearsed['beforeStaff']> {
  const entry = bound.registry.assignments;
  const table =
    entry && [...maker.plans.catalog.values()].find((each) => each.text === qualified(entry.table));
  if (!entry || !table || !world.staff) return undefined;
  const given = new Map([
    [entry.organization, text(organization)],
    [entry.person, text(world.staff.person)],
  ]);
  try {
    const row = await maker.insertRow(table.oid, { organizations: [organization], given, keep: false });
    return { role: table.owner, sql: insertOf(table, row) };
  } catch (error) {
    // One organization per person: the case then says that the role cannot name anybody.
    if (error instanceof CannotBuildError) return undefined;
    throw error;
  }
}

/** Values that make an organization an ordinary one, whatever the defaults are. */
export function ordinary(subject: {
  readonly table: Subject['table'];
  readonly bound: Subject['bound'];
}): [string, ReturnType<typeof text>][] {
  const { sensitive, own } = subject.bound.registry.organizations;
  const flags = [
    sensitive.kind === 'column' ? sensitive.column : undefined,
    own?.kind === 'column' ? own.column : undefined,
  ];
  return flags.flatMap((flag) =>
    flag === undefined ? [] : [[flag, text('false')] as [string, ReturnType<typeof text>]],
  );
}

function insertOf(shape: TableShape, row: MadeRow): string {
  const columns = shape.columns.filter((column) => !column.generated);
  const values = columns.map((column) => {
    const value = row.values[column.name];
    return value === null || value === undefined ? 'NULL' : literal(value);
  });
  const names = columns.map((column) => ident(column.name)).join(', ');
  // Every value is written out: neither a sequence nor a default's function can fail in place of the policy.
  return `INSERT INTO ${shape.text} (${names}) OVERRIDING SYSTEM VALUE VALUES (${values.join(', ')})`;
}
