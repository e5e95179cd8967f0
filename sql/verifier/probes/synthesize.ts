/** Makes rows: of any table, for a given organization, with the parents they need. */
import { ident } from '../../db/names';
import { assignRow } from './assign';
import type { Frame, Wanted } from './building';
import { CannotBuildError } from './cannot-build';
import { Parents } from './parents';
import { Repair } from './repair';
import type { RowPlans, TablePlan } from './row-plan';
import { type MadeRow, matches, selectedColumns, toRow } from './row-text';
import type { ProbeSession } from './session';
import { text, textOrNull, toSql, type Value } from './value';

const MOST_ATTEMPTS = 30;

/** Makes rows in one transaction. What it learns about tables is kept in `plans`, for the next one. */
export class RowMaker {
  readonly made = new Map<number, MadeRow[]>();
  /** Tables whose row is being made right now, and values that a row further down already refers to. */
  readonly building: Frame[] = [];
  private readonly repair: Repair;
  private readonly parents: Parents;

  constructor(
    readonly session: ProbeSession,
    readonly plans: RowPlans,
  ) {
    this.repair = new Repair(plans, session);
    this.parents = new Parents(this);
  }

  /** Throws `CannotBuildError`. */
  async insertRow(table: number, wanted: Wanted): Promise<MadeRow> {
    const plan = this.plans.of(table);
    if (!plan) throw new CannotBuildError(`relation ${table}`, 'it is not a table', [], undefined);
    await this.session.reach(plan.shape.owner);
    const frame: Frame = { table, promised: new Map(), debts: [] };
    this.building.push(frame);
    try {
      const row = await this.insertOwn(plan, wanted, frame.promised);
      if (wanted.keep !== false) {
        this.made.set(table, [...(this.made.get(table) ?? []), row]);
        await this.makeVisible(plan, row, wanted.organizations);
        for (const debt of frame.debts) await this.parents.settle(debt);
      }
      return row;
    } finally {
      this.building.pop();
    }
  }

  /** A row that is there already: made earlier in this transaction, or found in the table. */
  async find(table: number, fixed: ReadonlyMap<string, Value>): Promise<MadeRow | undefined> {
    const plan = this.plans.of(table);
    return (
      (this.made.get(table) ?? []).find((row) => matches(row, fixed)) ??
      (plan && this.existing(plan, fixed, []))
    );
  }

  private async insertOwn(plan: TablePlan, wanted: Wanted, promised: Map<string, Value>): Promise<MadeRow> {
    const given = new Map([...this.belonging(plan, wanted.organizations), ...(wanted.given ?? [])]);
    const fresh = new Set(plan.freshKeys);
    for (let attempt = 1; ; attempt += 1) {
      const tried = await assignRow({
        plan,
        plans: this.plans,
        given: new Map([...given, ...promised]),
        fresh,
        promised,
        parentValues: (key, row) =>
          this.parents.valuesOf(plan, key, row, wanted.organizations, fresh.has(key.name)),
      });
      const result = await this.session.attempt(insertStatement(plan, tried.row), plan.shape.owner, {
        keep: wanted.keep !== false,
      });
      if (result.ok) {
        const [first] = result.rows;
        if (first) return this.described(plan, first, wanted.organizations);
        throw new CannotBuildError(plan.shape.text, 'a trigger or rule swallowed the row', [], undefined);
      }
      if (attempt < MOST_ATTEMPTS && (await this.repair.after(plan, result.error, tried))) continue;
      if (result.error.sqlstate === '23505' && wanted.keep !== false) {
        const existing = await this.existing(plan, given, wanted.organizations);
        if (existing) return existing;
      }
      throw CannotBuildError.because(
        plan.shape.text,
        result.error,
        concerned(plan, result.error.constraint),
        plan.bound !== undefined,
      );
    }
  }

  /** The organization columns of a `direct` table. The organizations table itself gets its key as any table does. */
  private belonging(plan: TablePlan, organizations: readonly string[]): [string, Value][] {
    if (!plan.bound || plan.bound.isOrganizations || plan.bound.entry.belongs.kind !== 'direct') return [];
    return plan.bound.columns.flatMap((column, i) => {
      const organization = organizations[i] ?? organizations.at(-1);
      return organization === undefined ? [] : [[column.name, text(organization)] as [string, Value]];
    });
  }

  /** A row that is there already. */
  async existing(
    plan: TablePlan,
    fixed: ReadonlyMap<string, Value>,
    organizations: readonly string[],
  ): Promise<MadeRow | undefined> {
    await this.session.reach(plan.shape.owner);
    const where = [...fixed].map(([column, value]) => `${ident(column)} = ${toSql(value)}`).join(' AND ');
    const found = await this.session.attempt(
      `SELECT ${selectedColumns(plan.shape)} FROM ${plan.shape.text} WHERE ${where || 'true'} LIMIT 1`,
      plan.shape.owner,
    );
    const [first] = found.ok ? found.rows : [];
    if (!first) return undefined;
    const row = this.described(plan, first, organizations);
    this.made.set(plan.shape.oid, [...(this.made.get(plan.shape.oid) ?? []), row]);
    return row;
  }

  /** An organization's own row lies in that organization; any other in those that were asked for. */
  private described(
    plan: TablePlan,
    found: Readonly<Record<string, string | null>>,
    organizations: readonly string[],
  ): MadeRow {
    const row = toRow(plan.shape, found);
    const own = plan.bound?.isOrganizations
      ? [row.values[plan.bound.columns[0]?.name ?? ''] ?? '']
      : organizations;
    return { ...row, organizations: own };
  }

  /** A row of a `through` table belongs to the organization once a row of the other table points at it. */
  private async makeVisible(plan: TablePlan, row: MadeRow, organizations: readonly string[]): Promise<void> {
    const link = plan.bound?.link;
    if (!link || plan.bound?.entry.belongs.kind !== 'through' || organizations.length === 0) return;
    // The row that asked for this one will itself point at it.
    if (this.building.some((each) => each.table === link.relation.oid)) return;
    const given = new Map(link.columns.map(([here, there]) => [there, textOrNull(row.values[here])]));
    await this.insertRow(link.relation.oid, { organizations, given });
  }
}

function insertStatement(plan: TablePlan, row: ReadonlyMap<string, Value>): string {
  const columns = [...row].filter(([name]) => plan.columns.get(name)?.generated === false);
  const values =
    columns.length === 0
      ? 'DEFAULT VALUES'
      : `(${columns.map(([name]) => ident(name)).join(', ')}) OVERRIDING SYSTEM VALUE VALUES (${columns.map(([, value]) => toSql(value)).join(', ')})`;
  return `INSERT INTO ${plan.shape.text} ${values} RETURNING ${selectedColumns(plan.shape)}`;
}

function concerned(plan: TablePlan, constraint: string | undefined): string[] {
  const check = plan.shape.checks.find((each) => each.name === constraint);
  return [...(check?.columns ?? plan.shape.uniques.find((each) => each.name === constraint)?.columns ?? [])];
}
