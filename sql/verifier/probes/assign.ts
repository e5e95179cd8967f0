/** Decides what stands in each column of the next row to try. */
import type { ForeignKeyShape } from './catalog';
import type { RowPlans, TablePlan } from './row-plan';
import { NULL, type Value, valuesFor } from './value';

/** One attempt: what stood in the row, and where it came from. */
export interface AttemptedRow {
  readonly row: ReadonlyMap<string, Value>;
  readonly given: ReadonlyMap<string, Value>;
  /** Columns that came from a parent row. */
  readonly fromParents: ReadonlyMap<string, ForeignKeyShape>;
  /** Foreign keys whose parent must not be shared with another row. */
  readonly fresh: Set<string>;
}

export interface Assignment {
  readonly plan: TablePlan;
  readonly plans: RowPlans;
  readonly given: ReadonlyMap<string, Value>;
  readonly fresh: Set<string>;
  /** Filled while parents are made: they may refer to this row before it exists. */
  readonly promised: ReadonlyMap<string, Value>;
  /** The columns that the foreign key points at, of a parent that fits the columns which are set already. */
  readonly parentValues: (
    key: ForeignKeyShape,
    row: ReadonlyMap<string, Value>,
  ) => Promise<ReadonlyMap<string, Value>>;
}

export async function assignRow({
  plan,
  plans,
  given,
  fresh,
  promised,
  parentValues,
}: Assignment): Promise<AttemptedRow> {
  const row = new Map(given);
  const omitted = new Set<string>();
  const fromParents = new Map<string, ForeignKeyShape>();
  const n = plans.next();
  const generated = (name: string, index: number): Value => {
    const column = plan.columns.get(name);
    const all = column ? valuesFor(column.type, n, { unique: plan.unique.has(name), column: name }) : [NULL];
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
        row.set(
          name,
          candidate.make && plan.unique.has(name)
            ? candidate.make(n)
            : candidate.index === undefined
              ? candidate.value
              : generated(name, candidate.index),
        );
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
    // Needed though every column is set: one that shares them with the organization's own key needs its parent made.
    if (!plan.neededKeys.has(key.name) && !free.some(([here]) => must(here))) continue;
    // An organization whose owner is one of its own rows: the constraint is deferred, and never checked in a
    // transaction that is rolled back. Any value will do.
    if (plan.bound?.isOrganizations && key.deferrable && plans.of(key.target)?.bound) continue;
    if (key.target === plan.shape.oid) {
      toItself.push(key);
      continue;
    }
    const values = await parentValues(key, row);
    for (const [here, there] of free) {
      row.set(here, values.get(there) ?? NULL);
      fromParents.set(here, key);
    }
  }
  // A parent that was just made refers to this row already.
  for (const [name, value] of promised) row.set(name, value);
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
