/** Probe rows out of what is in the tables: for a database in which nothing may be written. */
import type { BoundRegistry, BoundTable } from '../../compiler/bound';
import { ident, literal, qualified } from '../../db/names';
import type { SigningKey } from '../../db/token';
import type { RoleEntry } from '../../registry/types';
import type { Case } from './cases';
import { probeRow } from './probe-rows';
import type { Expected } from './report';
import type { RowPlans } from './row-plan';
import { selectedColumns, toRow } from './row-text';
import type { ProbeSession } from './session';
import { rowCases, type Subject, select } from './table-cases';
import { type Label, type ProbeRow, rowVisible, tokenFor, verbsOf, type World } from './world';

interface Path {
  readonly from: string;
  /** The organization columns at the end of the path. */
  readonly organizations: readonly string[];
}

/** The table joined along its links to the columns that name the organization. The table itself is `t0`. */
function pathOf(bound: BoundRegistry, table: BoundTable): Path | undefined {
  let from = `${qualified(table.relation.table)} t0`;
  let at = table;
  for (let depth = 0; at.link; depth += 1) {
    const link = at.link;
    const next = bound.tables.find((each) => each.relation.oid === link.relation.oid);
    // Two `through` tables that lean on each other would go on for ever.
    if (!next || depth > 20) return undefined;
    const on = link.columns
      .map(([here, there]) => `t${depth + 1}.${ident(there)} = t${depth}.${ident(here)}`)
      .join(' AND ');
    from += ` JOIN ${qualified(next.relation.table)} t${depth + 1} ON ${on}`;
    at = next;
  }
  const alias = from.split(' JOIN ').length - 1;
  return { from, organizations: at.columns.map((column) => `t${alias}.${ident(column.name)}`) };
}

export interface Found {
  readonly rows: readonly ProbeRow[];
  readonly world: World;
}

/** Up to three rows: of one ordinary organization, of another, of a sensitive one. Throws what PostgreSQL throws. */
export async function findRows(
  session: ProbeSession,
  plans: RowPlans,
  table: BoundTable,
  key: SigningKey,
  hidden: ReadonlySet<string>,
): Promise<Found> {
  const organizations = new Map<Label, string>();
  const rows: ProbeRow[] = [];
  const path = pathOf(plans.registry, table);
  const plan = plans.of(table.relation.oid);
  const [first] = path?.organizations ?? [];
  if (path && plan && first !== undefined) {
    const owner = table.relation.owner;
    await session.reach(owner);
    for (const parent of plans.registry.tables)
      if (parent.relation.owner !== owner) await session.reach(parent.relation.owner);
    const list = literal(
      `{${[...hidden].map((each) => `"${each.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`,
    );
    const conditions: [Label, () => string][] = [
      ['A', () => `${first} IS NOT NULL AND ${first} <> ALL (${list})`],
      ['B', () => `${first} <> ${literal(organizations.get('A') ?? '')} AND ${first} <> ALL (${list})`],
      ['S', () => `${first} = ANY (${list})`],
    ];
    for (const [label, condition] of conditions) {
      if ((label === 'B' && !organizations.has('A')) || (label === 'S' && hidden.size === 0)) continue;
      const [row] = await session.run(
        `SELECT ${selectedColumns(plan.shape, 't0')}, ${first}::text AS tz_org FROM ${path.from} WHERE ${condition()} LIMIT 1`,
        owner,
      );
      if (!row?.tz_org) continue;
      organizations.set(label, row.tz_org);
      const made = toRow(plan.shape, row);
      const where = probeRow({ table, shape: plan.shape }, made, label, []).where;
      const all = await session.run(
        `SELECT DISTINCT pg_catalog.unnest(ARRAY[${path.organizations.map((each) => `${each}::text`).join(', ')}]) AS tz_org
         FROM ${narrowed(path.from, table, where)} LIMIT 10000`,
        owner,
      );
      rows.push(
        probeRow(
          { table, shape: plan.shape },
          made,
          label,
          all.flatMap((each) => each.tz_org ?? []),
        ),
      );
    }
  }
  return {
    rows,
    world: {
      key,
      organizations,
      hidden,
      staff: await staffOf(session, plans.registry, organizations.get('A')),
    },
  };
}

/** The same joins, with the first table cut down to one row. */
function narrowed(from: string, table: BoundTable, where: string): string {
  const start = `${qualified(table.relation.table)} t0`;
  return `(SELECT * FROM ${qualified(table.relation.table)} WHERE ${where}) t0${from.slice(start.length)}`;
}

/** Somebody who is assigned to the organization, with everything else that this person is assigned to. */
async function staffOf(
  session: ProbeSession,
  bound: BoundRegistry,
  organization: string | undefined,
): Promise<World['staff']> {
  const entry = bound.registry.assignments;
  if (
    !entry ||
    organization === undefined ||
    !bound.registry.roles.some((role) => role.sees === 'assigned-organizations')
  )
    return undefined;
  const [table, person, key] = [qualified(entry.table), ident(entry.person), ident(entry.organization)];
  const rows = await session.run(
    `SELECT x.${person}::text AS person, x.${key}::text AS organization FROM ${table} x
     WHERE x.${person} = (SELECT y.${person} FROM ${table} y WHERE y.${key} = ${literal(organization)} LIMIT 1) LIMIT 10000`,
    bound.tables.find((each) => qualified(each.relation.table) === table)?.relation.owner ??
      bound.organizations.relation.owner,
  );
  const found = rows[0]?.person;
  return found ? { person: found, assigned: new Set(rows.map((row) => row.organization ?? '')) } : undefined;
}

/**
 * What can be measured without writing: SELECT in both directions; UPDATE and DELETE only of rows that the role cannot
 * see, so that nothing happens if all is well. Whether the role may write its own rows is left to its privileges.
 */
export function existingCases(subject: Subject, role: RoleEntry, rows: readonly ProbeRow[]): Case[] {
  const { world } = subject;
  const staffless = role.sees === 'assigned-organizations' && world.staff === undefined;
  const tenantless = role.sees === 'current-organization' && !world.organizations.has('A');
  const usable = staffless || tenantless ? [] : rows;
  const hidden = new Set(
    usable.filter((row) => !rowVisible(world, role.sees, row)).map((row) => `row of ${row.what}`),
  );
  const target = subject.table.relation.text;
  const all = rowCases(subject, role, usable);
  const tried = all
    .filter(
      (each) =>
        each.expected === 'denied' ||
        each.verb === 'select' ||
        each.verb === 'truncate' ||
        hidden.has(each.what),
    )
    .filter((each) => each.before === undefined && each.beyond === undefined)
    .map((each) => {
      // TRUNCATE would wait for everybody else before it is refused by the trigger: here it is enough to ask.
      if (each.verb === 'truncate') {
        const sql = `SELECT 1 WHERE pg_catalog.has_table_privilege(${subject.table.relation.oid}::oid, 'TRUNCATE')`;
        return { ...each, sql, expected: 'denied-or-hidden' as const };
      }
      const row = usable.find((candidate) => `row of ${candidate.what}` === each.what);
      const writes = each.expected === 'hidden' && each.verb !== 'select' && row;
      return writes ? { ...each, unless: select(target, row), token: tokenFor(world, role.sees) } : each;
    });
  return [...privileges(subject, role, tried), ...tried];
}

/** What a proof would need and the rows do not give: for this role, a row to see and a row not to see. */
export function missing(subject: Subject, role: RoleEntry, rows: readonly ProbeRow[]): Expected[] {
  const { world, table } = subject;
  if (!verbsOf(subject.bound, table, role).includes('select')) return [];
  const unknown = role.sees === 'assigned-organizations' && world.staff === undefined;
  const seen = unknown ? [] : rows.filter((row) => rowVisible(world, role.sees, row));
  return [
    ...(seen.length === 0 && role.sees !== 'nothing' ? (['reached'] as const) : []),
    ...((unknown || seen.length === rows.length) && role.sees !== 'everything' ? (['hidden'] as const) : []),
  ];
}

/** The positive control of the verbs that are not tried on own rows: the role holds the privilege. */
function privileges(subject: Subject, role: RoleEntry, tried: readonly Case[]): Case[] {
  const verbs = verbsOf(subject.bound, subject.table, role).filter(
    (verb) => verb !== 'select' && tried.some((each) => each.verb === verb && each.expected === 'hidden'),
  );
  return verbs.map((verb) => ({
    role: role.name,
    verb,
    what: 'privilege',
    expected: 'reached',
    token: '',
    sql: `SELECT 1 WHERE pg_catalog.has_table_privilege(${subject.table.relation.oid}::oid, '${verb}')`,
  }));
}
