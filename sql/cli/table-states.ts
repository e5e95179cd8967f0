/** Where every table stands, from a plan. Pure. */
import type { Relation } from '../compiler/bound';
import { GUARD_UNIT, ROLES_UNIT } from '../planner/change';
import type { Plan } from '../planner/plan';

export type TableState = 'protected' | 'pending' | 'gap' | 'excluded';

export interface TableStatus {
  readonly table: string;
  readonly state: TableState;
  /** Changes of its own and of its partitions. */
  readonly pending: number;
  /** Partitions and inheriting tables that are protected with it. */
  readonly children: number;
  /** `until 2027-06-30, platform`, or why `init` did not decide. */
  readonly note: string | undefined;
}

export interface Status {
  readonly database: string;
  readonly tables: readonly TableStatus[];
  /** Views that stand in no list: warnings, no gaps. */
  readonly unlistedViews: readonly string[];
  /** Changes outside of tables: roles and the schema guard. While there are any, no table is safe. */
  readonly engine: readonly { readonly unit: string; readonly pending: number }[];
  readonly counts: Readonly<Record<TableState, number>>;
  /** Everything but what is excluded. */
  readonly total: number;
  readonly registry: {
    readonly file: string;
    readonly hash: string;
    /** Hash that was applied completely; undefined: none was, or the last apply left something undone. */
    readonly applied: string | undefined;
    readonly appliedAt: string | undefined;
    readonly appliedBy: string | undefined;
  };
}

export function tableStates(plan: Plan): Status {
  const pendingOf = (units: readonly string[]) =>
    plan.changes.filter((change) => units.includes(change.unit)).length;
  const one = (
    relation: Relation,
    children: readonly Relation[],
    settled: TableState,
    note?: string,
  ): TableStatus => {
    const pending = pendingOf([relation.text, ...children.map((child) => child.text)]);
    const state = settled === 'protected' && pending > 0 ? 'pending' : settled;
    return { table: relation.text, state, pending, children: children.length, note };
  };
  const { bound } = plan;
  const isView = ({ relation }: { relation: Relation }) => relation.kind === 'v';
  const tables = [
    ...bound.tables.map((table) => one(table.relation, table.children, 'protected')),
    ...bound.unregistered
      .filter((each) => !isView(each))
      .map(({ relation, undecided }) => one(relation, [], 'gap', undecided?.because)),
    ...bound.excluded.map(({ relation, entry, children }) =>
      one(relation, children, 'excluded', `until ${entry.until}, ${entry.owner}`),
    ),
  ].sort((a, b) => (a.table < b.table ? -1 : 1));
  const count = (state: TableState) => tables.filter((table) => table.state === state).length;
  const counts = {
    protected: count('protected'),
    pending: count('pending'),
    gap: count('gap'),
    excluded: count('excluded'),
  };
  const { state } = plan.observed;
  return {
    database: bound.database,
    tables,
    unlistedViews: bound.unregistered.filter(isView).map(({ relation }) => relation.text),
    engine: [ROLES_UNIT, GUARD_UNIT]
      .map((unit) => ({ unit, pending: pendingOf([unit]) }))
      .filter(({ pending }) => pending > 0),
    counts,
    total: tables.length - counts.excluded,
    registry: {
      file: bound.registry.file,
      hash: bound.registry.hash,
      applied: state?.registryHash,
      appliedAt: state?.appliedAt,
      appliedBy: state?.appliedBy,
    },
  };
}
