/** Makes rows: of any table, for a given organization, with the parents they need. */
import { ident } from '../../db/names';
import { CannotBuildError } from './cannot-build';
import type { ForeignKeyShape } from './catalog';
import { type AttemptedRow, Repair } from './repair';
import type { RowPlans, TablePlan } from './row-plan';
import { type MadeRow, selectedColumns, toRow } from './row-text';
import type { ProbeSession } from './session';
import { NULL, text, toSql, type Value, valuesFor } from './value';

export interface Wanted {
  /** One per organization column; the last one stands for those that are missing. Empty: outside any organization. */
  readonly organizations: readonly string[];
  readonly given?: ReadonlyMap<string, Value>;
  /** False: find out how the row has to look, and take it back. Its parents stay. */
  readonly keep?: boolean;
}

const MOST_ATTEMPTS = 30;

/** Makes rows in one transaction. What it learns about tables is kept in `plans`, for the next one. */
export class RowMaker {
  private readonly made = new Map<number, MadeRow[]>();
  /** Tables whose row is being made right now, and values that a row further down already refers to. */
  private readonly building: { table: number; promised: Map<string, Value> }[] = [];
  private readonly repair: Repair;

  constructor(
    readonly session: ProbeSession,
    readonly plans: RowPlans,
  ) {
    this.repair = new Repair(plans, session);
  }

  /** Throws `CannotBuildError`. */
  async insertRow(table: number, wanted: Wanted): Promise<MadeRow> {
    const plan = this.plans.of(table);
    if (!plan) throw new CannotBuildError(`relation ${table}`, 'it is not a table', [], undefined);
    await this.session.reach(plan.shape.owner);
    const frame = { table, promised: new Map<string, Value>() };
    this.building.push(frame);
    try {
      const row = await this.insertOwn(plan, wanted, frame.promised);
      if (wanted.keep !== false) {
        this.made.set(table, [...(this.made.get(table) ?? []), row]);
        await this.makeVisible(plan, row, wanted.organizations);
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
      const tried = await this.assign(plan, new Map([...given, ...promised]), wanted.organizations, fresh);
      const result = await this.session.attempt(
        insertStatement(plan, tried.row),
        plan.shape.owner,
        wanted.keep !== false,
      );
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
      throw CannotBuildError.because(plan.shape.text, result.error, concerned(plan, result.error.constraint));
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

  private async assign(
    plan: TablePlan,
    given: ReadonlyMap<string, Value>,
    organizations: readonly string[],
    fresh: Set<string>,
  ): Promise<AttemptedRow> {
    const row = new Map(given);
    const omitted = new Set<string>();
    const fromParents = new Map<string, ForeignKeyShape>();
    const n = this.plans.next();
    const generated = (name: string, index: number): Value => {
      const column = plan.columns.get(name);
      const all = column
        ? valuesFor(column.type, n, { unique: plan.unique.has(name), column: name })
        : [NULL];
      return all[Math.min(index, all.length - 1)] as Value;
    };
    for (const [name, sql] of Object.entries(plan.samples)) {
      if (plan.columns.has(name) && !row.has(name)) row.set(name, { kind: 'sql', sql });
    }
    for (const { all, at } of plan.solutions.values()) {
      for (const [name, candidate] of all[at] ?? []) {
        if (row.has(name)) continue;
        if (candidate.use === 'omit') omitted.add(name);
        else if (candidate.use === 'value')
          row.set(name, candidate.index === undefined ? candidate.value : generated(name, candidate.index));
        else
          for (const key of plan.foreignKeys)
            if (key.columns.some(([here]) => here === name)) plan.neededKeys.add(key.name);
      }
    }
    const must = (name: string) => {
      const column = plan.columns.get(name);
      return (
        column !== undefined &&
        !column.generated &&
        ((column.notNull && !column.hasDefault) || plan.required.has(name))
      );
    };
    const toItself: ForeignKeyShape[] = [];
    for (const key of plan.foreignKeys) {
      const free = key.columns.filter(([here]) => !row.has(here));
      if (free.length === 0 || !(plan.neededKeys.has(key.name) || free.some(([here]) => must(here))))
        continue;
      // An organization whose owner is one of its own rows: the constraint is deferred, and never checked in a
      // transaction that is rolled back. Any value will do.
      if (plan.bound?.isOrganizations && key.deferrable && this.plans.of(key.target)?.bound) continue;
      if (key.target === plan.shape.oid) {
        toItself.push(key);
        continue;
      }
      const values = await this.parentValues(plan, key, row, organizations, fresh.has(key.name));
      for (const [here, there] of free) {
        row.set(here, values.get(there) ?? NULL);
        fromParents.set(here, key);
      }
    }
    const keyed = new Set(plan.foreignKeys.flatMap((key) => key.columns.map(([here]) => here)));
    for (const column of plan.shape.columns) {
      const filled = plan.fill && !column.hasDefault && !column.generated && !keyed.has(column.name);
      if (
        row.has(column.name) ||
        omitted.has(column.name) ||
        toItself.some((key) => key.columns.some(([here]) => here === column.name))
      )
        continue;
      if (must(column.name) || filled)
        row.set(column.name, generated(column.name, plan.alternatives.get(column.name) ?? 0));
    }
    // A row that must point at a row of its own table points at itself: its key has to be chosen here, then.
    for (const [here, there] of toItself.flatMap((key) => key.columns)) {
      if (here === there || row.has(here)) continue;
      if (!row.has(there)) row.set(there, generated(there, 0));
      row.set(here, row.get(there) as Value);
    }
    return { row, given, fromParents, fresh };
  }

  private async parentValues(
    plan: TablePlan,
    key: ForeignKeyShape,
    row: ReadonlyMap<string, Value>,
    organizations: readonly string[],
    fresh: boolean,
  ): Promise<Map<string, Value>> {
    const fixed = new Map(
      key.columns.flatMap(
        ([here, there]) => (row.has(here) ? [[there, row.get(here) as Value]] : []) as [string, Value][],
      ),
    );
    const variants = plan.variants.get(key.name);
    for (;;) {
      const variant = variants?.all[variants.at];
      const wanted = variant && !fixed.has(variant[0]) ? new Map([...fixed, variant]) : fixed;
      try {
        const parent = await this.parent(plan, key, wanted, organizations, fresh);
        return parent instanceof Map
          ? parent
          : new Map(key.columns.map(([, there]) => [there, textOrNull(parent.values[there])]));
      } catch (error) {
        if (!(error instanceof CannotBuildError) || !variants || variants.at + 1 >= variants.all.length)
          throw error;
        variants.at += 1;
      }
    }
  }

  private async parent(
    plan: TablePlan,
    key: ForeignKeyShape,
    fixed: ReadonlyMap<string, Value>,
    organizations: readonly string[],
    fresh: boolean,
  ): Promise<MadeRow | Map<string, Value>> {
    const target = this.plans.of(key.target);
    if (!target)
      throw new CannotBuildError(
        plan.shape.text,
        `foreign key ${key.name} leads to a table of another kind`,
        [],
        undefined,
      );
    const bound = target.bound;
    // The parent lies in the organization that its own key columns name, and otherwise in that of the row.
    const its =
      bound?.entry.belongs.kind === 'direct' && !bound.isOrganizations
        ? bound.columns.flatMap(
            (column, i) => textOf(fixed.get(column.name)) ?? organizations[i] ?? organizations.at(-1) ?? [],
          )
        : organizations;
    const known = (this.made.get(key.target) ?? []).filter((each) => matches(each, fixed));
    if (bound?.isOrganizations) {
      const id = bound.columns[0]?.name as string;
      const own = known.find((each) => fixed.has(id) || each.values[id] === organizations[0]) ?? known[0];
      if (own) return own;
    } else if (!fresh) {
      const own = known.find((each) => !bound || same(each.organizations, its));
      if (own) return own;
      const existing = bound ? undefined : await this.existing(target, fixed, its);
      if (existing) return existing;
    }
    const frame = this.building.find((each) => each.table === key.target);
    if (!frame) return this.insertRow(key.target, { organizations: its, given: fixed });
    if (key.deferrable) return this.promise(target, key, fixed, frame.promised);
    const existing = await this.existing(target, fixed, []);
    if (existing) return existing;
    throw new CannotBuildError(
      plan.shape.text,
      `foreign key ${key.name} closes a cycle of NOT NULL foreign keys, none of them deferrable`,
      key.columns.map(([here]) => here),
      undefined,
    );
  }

  /** The parent is under construction further up: agree on its key now, it will be checked at the end. */
  private promise(
    target: TablePlan,
    key: ForeignKeyShape,
    fixed: ReadonlyMap<string, Value>,
    promised: Map<string, Value>,
  ): Map<string, Value> {
    for (const [, there] of key.columns) {
      const column = target.columns.get(there);
      if (promised.has(there) || !column) continue;
      promised.set(
        there,
        fixed.get(there) ??
          (valuesFor(column.type, this.plans.next(), { unique: true, column: there })[0] as Value),
      );
    }
    return promised;
  }

  /** A row that is there already. */
  private async existing(
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

function matches(row: MadeRow, fixed: ReadonlyMap<string, Value>): boolean {
  return [...fixed].every(
    ([column, value]) => value.kind === 'text' && row.values[column] === (value.text ?? null),
  );
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}

function textOf(value: Value | undefined): string | undefined {
  return value?.kind === 'text' ? value.text : undefined;
}

function textOrNull(value: string | null | undefined): Value {
  return value === null || value === undefined ? NULL : text(value);
}

function concerned(plan: TablePlan, constraint: string | undefined): string[] {
  const check = plan.shape.checks.find((each) => each.name === constraint);
  return [...(check?.columns ?? plan.shape.uniques.find((each) => each.name === constraint)?.columns ?? [])];
}
