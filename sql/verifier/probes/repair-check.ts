/** A CHECK failed: find values that satisfy it, together with the constraints that it hangs together with. */
import type { AttemptedRow } from './assign';
import type { CheckShape, ColumnShape } from './catalog';
import { mined } from './mine';
import type { RowPlans, TablePlan } from './row-plan';
import type { DbError, ProbeSession } from './session';
import { type Candidate, solve, together, type Variable } from './solve';
import { baseOf, type TypeShape } from './type-shape';
import { NULL, type Value, valuesFor } from './value';

export class CheckRepair {
  constructor(
    private readonly plans: RowPlans,
    private readonly session: ProbeSession,
  ) {}

  /** A CHECK of the table, or no partition that takes the row. */
  async check(plan: TablePlan, error: DbError, attempted: AttemptedRow): Promise<boolean> {
    const failed = plan.shape.checks.find((each) => each.name === error.constraint);
    return failed !== undefined && this.repair(plan, failed, attempted);
  }

  private async repair(plan: TablePlan, failed: CheckShape, attempted: AttemptedRow): Promise<boolean> {
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
      const variables: Variable[] = [];
      for (const name of columns) {
        const column = plan.columns.get(name);
        if (column)
          variables.push(await this.ofDomain(plan, column, this.variable(plan, column, group, attempted)));
      }
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

  /** Looks for the CHECK that the row does not satisfy, or that cannot even be evaluated on it, and repairs it. */
  async failing(plan: TablePlan, attempted: AttemptedRow): Promise<boolean> {
    for (const check of plan.shape.checks) {
      const variables = check.columns.flatMap((name): Variable[] => {
        const column = plan.columns.get(name);
        const left =
          column?.defaultSql === undefined ? NULL : { kind: 'sql' as const, sql: column.defaultSql };
        const value = attempted.row.get(name) ?? left;
        return column
          ? [{ column: name, type: baseOf(column.type).text, candidates: [{ value, use: 'value' }] }]
          : [];
      });
      const holds = await solve(this.session, plan.shape.owner, variables, `((${check.sql}) IS NOT FALSE)`);
      if (holds.length === 0) return this.repair(plan, check, attempted);
    }
    return false;
  }

  /** A value that satisfies the table but not the column's domain would only fail later. */
  private async ofDomain(plan: TablePlan, column: ColumnShape, variable: Variable): Promise<Variable> {
    const checks = domainChecks(column.type);
    if (checks.length === 0) return variable;
    const some = variable.candidates.filter(({ use, value }) => use === 'value' && value !== NULL);
    const found = await solve(
      this.session,
      plan.shape.owner,
      [{ column: 'value', type: variable.type, candidates: some }],
      checks.map((sql) => `((${sql}) IS NOT FALSE)`).join(' AND '),
    );
    const good = new Set(found.flatMap((each) => [...each.values()]));
    const candidates = variable.candidates.filter((each) => !some.includes(each) || good.has(each));
    return candidates.length === 0 ? variable : { ...variable, candidates };
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
        ...suggested.slice(0, 40).map((each): Candidate => ({ ...each, use: 'value' })),
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
      // The key's own columns are given by this row, unless the CHECK is about them.
      const asked = key.columns.filter(([here]) => check.columns.includes(here)).map(([, there]) => there);
      const keyColumns = new Set(
        key.columns
          .map(([, there]) => there)
          .filter((there) => key.columns.length === 1 || !asked.includes(there)),
      );
      const options = parent.shape.columns
        .filter((each) => !each.generated && !keyColumns.has(each.name))
        .toSorted((a, b) => weight(b, asked) - weight(a, asked))
        .flatMap((each) => mined(each.type, [check.sql]).map(({ value }) => [each.name, value] as const));
      if (options.length === 0) continue;
      plan.variants.set(key.name, { all: options.slice(0, 20), at: 0 });
      return true;
    }
    return false;
  }

  /** Every column of the domain gets a value that PostgreSQL itself finds acceptable. */
  async domain(plan: TablePlan, name: string, attempted: AttemptedRow): Promise<boolean> {
    let changed = false;
    for (const column of plan.shape.columns) {
      const domain = domainNamed(column.type, name);
      const key = `domain\0${column.name}`;
      if (!domain || attempted.given.has(column.name)) continue;
      const known = plan.solutions.get(key);
      if (known) {
        const more = known.at + 1 < known.all.length;
        if (more) known.at += 1;
        changed ||= more;
        continue;
      }
      const checks = domainChecks(column.type);
      const generic = valuesFor(column.type, this.plans.next(), {
        unique: plan.unique.has(column.name),
        column: column.name,
      });
      const candidates = [
        ...generic.map((value, index): Candidate => ({ value, use: 'value', index })),
        ...mined(column.type, checks).map((each): Candidate => ({ ...each, use: 'value' })),
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
}

/** Where a literal of a child's CHECK most likely belongs. */
function weight(column: ColumnShape, asked: readonly string[]): number {
  return (asked.includes(column.name) ? 2 : 0) + (column.type.kind === 'e' ? 1 : 0);
}

function domainNamed(type: TypeShape, name: string): TypeShape | undefined {
  if (type.kind === 'd' && type.name === name) return type;
  return type.of && domainNamed(type.of, name);
}

function domainChecks(type: TypeShape): string[] {
  return type.kind === 'd' ? [...type.checks, ...(type.of ? domainChecks(type.of) : [])] : [];
}
