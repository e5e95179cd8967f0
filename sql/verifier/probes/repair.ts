/** An INSERT failed: what to change about the plan so that the next attempt goes further. */
import type { CheckShape, ColumnShape, ForeignKeyShape } from './catalog';
import { mined } from './mine';
import type { RowPlans, TablePlan } from './row-plan';
import type { DbError, ProbeSession } from './session';
import { type Candidate, solve, together, type Variable } from './solve';
import { baseOf, type TypeShape } from './type-shape';
import { NULL, toSql, type Value, valuesFor } from './value';

/** One attempt: what stood in the row, and where it came from. */
export interface AttemptedRow {
  readonly row: ReadonlyMap<string, Value>;
  readonly given: ReadonlyMap<string, Value>;
  /** Columns that came from a parent row. */
  readonly fromParents: ReadonlyMap<string, ForeignKeyShape>;
  /** Foreign keys whose parent must not be shared with another row. */
  readonly fresh: Set<string>;
}

export class Repair {
  constructor(
    private readonly plans: RowPlans,
    private readonly session: ProbeSession,
  ) {}

  /** True: something changed, try again. */
  async after(plan: TablePlan, error: DbError, attempted: AttemptedRow): Promise<boolean> {
    switch (error.sqlstate) {
      case '23502':
        return this.notNull(plan, error);
      case '23503':
        return this.foreignKey(plan, error, attempted);
      case '23505':
      case '23P01':
        return this.unique(plan, error, attempted);
      case '23514':
        if (error.dataType !== undefined) return this.domain(plan, error.dataType, attempted);
        return this.check(plan, error, attempted);
    }
    if (error.sqlstate.startsWith('22') && (await this.badValue(plan, attempted))) return true;
    // A trigger of the product, most likely. A row with everything filled in may please it.
    if (plan.fill) return false;
    plan.fill = true;
    return true;
  }

  private notNull(plan: TablePlan, error: DbError): boolean {
    const column = error.column;
    if (column === undefined || plan.required.has(column) || !plan.columns.has(column)) return false;
    plan.required.add(column);
    for (const key of plan.foreignKeys)
      if (key.columns.some(([here]) => here === column)) plan.neededKeys.add(key.name);
    return true;
  }

  private foreignKey(plan: TablePlan, error: DbError, attempted: AttemptedRow): boolean {
    const key = plan.foreignKeys.find((each) => each.name === error.constraint);
    if (!key) return false;
    if (!plan.neededKeys.has(key.name)) {
      plan.neededKeys.add(key.name);
      return true;
    }
    if (attempted.fresh.has(key.name)) return false;
    attempted.fresh.add(key.name);
    return true;
  }

  /** New values come by themselves with the next attempt; here: make columns new that so far were the same each time. */
  private unique(plan: TablePlan, error: DbError, attempted: AttemptedRow): boolean {
    const index = plan.shape.uniques.find((each) => each.name === error.constraint);
    const columns = index?.columns ?? plan.shape.columns.map((column) => column.name);
    let changed = false;
    for (const column of columns.filter((each) => !attempted.given.has(each))) {
      const key = attempted.fromParents.get(column);
      if (key) {
        changed ||= !attempted.fresh.has(key.name);
        attempted.fresh.add(key.name);
      } else if (!attempted.row.has(column)) {
        changed ||= !plan.required.has(column);
        plan.required.add(column);
        plan.unique.add(column);
      } else if (plan.samples[column] === undefined) {
        changed = true;
        plan.unique.add(column);
      }
    }
    for (const group of plan.solutions.values()) {
      const moves = columns.some((column) => group.all[group.at]?.has(column));
      if (moves && group.at + 1 < group.all.length) group.at += 1;
    }
    return changed;
  }

  private async check(plan: TablePlan, error: DbError, attempted: AttemptedRow): Promise<boolean> {
    const failed = plan.shape.checks.find((each) => each.name === error.constraint);
    if (!failed) return false;
    const group = together(failed, plan.shape.checks);
    const key = group
      .map((each) => each.name ?? '')
      .sort()
      .join('\0');
    const known = plan.solutions.get(key);
    if (known && known.at + 1 < known.all.length && known.at < 8) {
      known.at += 1;
      return true;
    }
    if (!known) {
      const columns = [...new Set(group.flatMap((each) => each.columns))];
      const variables = columns.flatMap((name) => {
        const column = plan.columns.get(name);
        return column ? [this.variable(plan, column, group, attempted)] : [];
      });
      const found = await solve(
        this.session,
        plan.shape.owner,
        variables,
        group.map((each) => `((${each.sql}) IS NOT FALSE)`).join(' AND '),
      );
      if (found.length > 0) {
        plan.solutions.set(key, { all: found, at: 0 });
        return true;
      }
    }
    return this.otherParent(plan, failed, attempted);
  }

  private variable(
    plan: TablePlan,
    column: ColumnShape,
    group: readonly CheckShape[],
    attempted: AttemptedRow,
  ): Variable {
    const current = attempted.row.get(column.name);
    const type = baseOf(column.type).text;
    const only = (value: Value): Variable => ({
      column: column.name,
      type,
      candidates: [{ value, use: 'value' }],
    });
    if (column.generated) return { column: column.name, type, candidates: [{ value: NULL, use: 'omit' }] };
    if (
      current &&
      (attempted.given.has(column.name) ||
        attempted.fromParents.has(column.name) ||
        plan.samples[column.name])
    )
      return only(current);
    const candidates: Candidate[] = [];
    if (current) candidates.push({ value: current, use: 'value' });
    const key = plan.foreignKeys.find((each) => each.columns.some(([here]) => here === column.name));
    if (!current || !column.notNull) {
      candidates.push({
        value: current || column.defaultSql === undefined ? NULL : { kind: 'sql', sql: column.defaultSql },
        use: current ? 'value' : 'omit',
      });
    }
    const options = { unique: plan.unique.has(column.name), column: column.name };
    const generic = valuesFor(column.type, this.plans.next(), options).map(
      (value, index): Candidate => ({ value, use: 'value', index }),
    );
    if (key) {
      candidates.push({ value: generic[0]?.value ?? NULL, use: 'parent' });
    } else {
      const suggested = mined(column.type, [...group.map((each) => each.sql), ...domainChecks(column.type)]);
      candidates.push(
        ...suggested.slice(0, 30).map((value): Candidate => ({ value, use: 'value' })),
        ...generic,
      );
    }
    return { column: column.name, type, candidates };
  }

  /** A function in the CHECK looks the parent up: let a literal of the CHECK stand in one of the parent's columns. */
  private otherParent(plan: TablePlan, check: CheckShape, attempted: AttemptedRow): boolean {
    for (const column of check.columns) {
      const key = attempted.fromParents.get(column);
      const parent = key && this.plans.of(key.target);
      if (!key || !parent) continue;
      const known = plan.variants.get(key.name);
      if (known) {
        known.at += 1;
        if (known.at < known.all.length) return true;
        continue;
      }
      const keyColumns = new Set(key.columns.map(([, there]) => there));
      const options = parent.shape.columns
        .filter((each) => !each.generated && !keyColumns.has(each.name))
        .toSorted((a, b) => Number(b.type.kind === 'e') - Number(a.type.kind === 'e'))
        .flatMap((each) => mined(each.type, [check.sql]).map((value) => [each.name, value] as const));
      if (options.length === 0) continue;
      plan.variants.set(key.name, { all: options.slice(0, 20), at: 0 });
      return true;
    }
    return false;
  }

  /** Every column of the domain gets a value that PostgreSQL itself finds acceptable. */
  private async domain(plan: TablePlan, name: string, attempted: AttemptedRow): Promise<boolean> {
    let changed = false;
    for (const column of plan.shape.columns) {
      const domain = domainNamed(column.type, name);
      const key = `domain\0${column.name}`;
      if (!domain || attempted.given.has(column.name)) continue;
      const known = plan.solutions.get(key);
      if (known) {
        if (known.at + 1 < known.all.length) known.at += 1;
        changed ||= known.at + 1 < known.all.length;
        continue;
      }
      const checks = domainChecks(column.type);
      const generic = valuesFor(column.type, this.plans.next(), {
        unique: plan.unique.has(column.name),
        column: column.name,
      });
      const candidates = [
        ...generic.map((value, index): Candidate => ({ value, use: 'value', index })),
        ...mined(column.type, checks).map((value): Candidate => ({ value, use: 'value' })),
      ];
      const variable = { column: 'value', type: baseOf(column.type).text, candidates };
      const found = await solve(
        this.session,
        plan.shape.owner,
        [variable],
        checks.map((sql) => `((${sql}) IS NOT FALSE)`).join(' AND '),
      );
      if (found.length === 0) continue;
      plan.solutions.set(key, {
        all: found.map((each) => new Map([[column.name, each.get('value') as Candidate]])),
        at: 0,
      });
      changed = true;
    }
    return changed;
  }

  /** 22xxx does not say which column it is about: each value is cast alone. */
  private async badValue(plan: TablePlan, attempted: AttemptedRow): Promise<boolean> {
    let changed = false;
    for (const [name, value] of attempted.row) {
      const column = plan.columns.get(name);
      if (!column || attempted.given.has(name) || attempted.fromParents.has(name)) continue;
      const cast = await this.session.attempt(
        `SELECT ${toSql(value)}::${column.type.text}`,
        plan.shape.owner,
        false,
      );
      if (cast.ok) continue;
      const next = (plan.alternatives.get(name) ?? 0) + 1;
      const count = valuesFor(column.type, 1, { unique: plan.unique.has(name), column: name }).length;
      if (next >= count) continue;
      plan.alternatives.set(name, next);
      changed = true;
    }
    return changed;
  }
}

function domainNamed(type: TypeShape, name: string): TypeShape | undefined {
  if (type.kind === 'd' && type.name === name) return type;
  return type.of && domainNamed(type.of, name);
}

function domainChecks(type: TypeShape): string[] {
  return type.kind === 'd' ? [...type.checks, ...(type.of ? domainChecks(type.of) : [])] : [];
}
