/** An INSERT failed: what to change about the plan so that the next attempt goes further. */
import type { AttemptedRow } from './assign';
import { CheckRepair } from './repair-check';
import type { RowPlans, TablePlan } from './row-plan';
import type { DbError, ProbeSession } from './session';
import { baseOf } from './type-shape';
import { toSql, valuesFor } from './value';

export class Repair {
  private readonly checks: CheckRepair;

  constructor(
    plans: RowPlans,
    private readonly session: ProbeSession,
  ) {
    this.checks = new CheckRepair(plans, session);
  }

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
        if (error.dataType !== undefined) return this.checks.domain(plan, error.dataType, attempted);
        return this.checks.check(plan, error, attempted);
    }
    if (error.sqlstate.startsWith('22') && (await this.badValue(plan, attempted))) return true;
    // A CHECK can fail by an error of its own: `code::int > 9` on a text, a function that raises.
    if (error.constraint === undefined && (await this.checks.failing(plan, attempted))) return true;
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
    let changed = this.turn(plan, columns, attempted);
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

  /** Booleans and enums have few values: all their combinations are gone through, like the wheels of an odometer. */
  private turn(plan: TablePlan, columns: readonly string[], attempted: AttemptedRow): boolean {
    for (const name of columns) {
      const column = plan.columns.get(name);
      const base = column && baseOf(column.type);
      const free = attempted.row.has(name) && !attempted.given.has(name) && !attempted.fromParents.has(name);
      if (!base || !free || plan.samples[name] !== undefined || !(base.kind === 'e' || base.name === 'bool'))
        continue;
      const values = base.kind === 'e' ? base.labels.length : 2;
      const next = ((plan.alternatives.get(name) ?? 0) + 1) % values;
      plan.alternatives.set(name, next);
      // Not back at the start: the wheels after this one stay where they are.
      if (next !== 0) return true;
    }
    return false;
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
        { keep: false },
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
