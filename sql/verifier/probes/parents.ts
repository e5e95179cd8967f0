/** Rows for foreign keys to point at: one that was made before, one that is there, or a new one. */
import type { Frame, Wanted } from './building';
import { CannotBuildError } from './cannot-build';
import type { ForeignKeyShape } from './catalog';
import type { RowPlans, TablePlan } from './row-plan';
import { type MadeRow, matches } from './row-text';
import { textOrNull, type Value, valuesFor } from './value';

/** What it takes to make rows; `RowMaker` is the one that does. */
export interface Rows {
  readonly plans: RowPlans;
  readonly made: ReadonlyMap<number, readonly MadeRow[]>;
  readonly building: readonly Frame[];
  insertRow(table: number, wanted: Wanted): Promise<MadeRow>;
  existing(
    plan: TablePlan,
    fixed: ReadonlyMap<string, Value>,
    organizations: readonly string[],
  ): Promise<MadeRow | undefined>;
}

export class Parents {
  constructor(private readonly maker: Rows) {}

  async valuesOf(
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
        const parent = await this.row(plan, key, wanted, organizations, fresh);
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

  private async row(
    plan: TablePlan,
    key: ForeignKeyShape,
    fixed: ReadonlyMap<string, Value>,
    organizations: readonly string[],
    fresh: boolean,
  ): Promise<MadeRow | Map<string, Value>> {
    const target = this.maker.plans.of(key.target);
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
    const known = (this.maker.made.get(key.target) ?? []).filter((each) => matches(each, fixed));
    if (bound?.isOrganizations) {
      const id = bound.columns[0]?.name as string;
      const own = known.find((each) => fixed.has(id) || each.values[id] === organizations[0]) ?? known[0];
      if (own) return own;
    } else if (!fresh) {
      const own = known.find((each) => !bound || same(each.organizations, its));
      if (own) return own;
      const existing = bound ? undefined : await this.maker.existing(target, fixed, its);
      if (existing) return existing;
    }
    const frame = this.maker.building.find((each) => each.table === key.target);
    if (!frame) return this.insertOrOwe(target, key, { organizations: its, given: fixed });
    if (key.deferrable) return this.promise(target, key, fixed, frame.promised);
    const existing = await this.maker.existing(target, fixed, []);
    if (existing) return existing;
    throw new CannotBuildError(
      plan.shape.text,
      `foreign key ${key.name} closes a cycle of NOT NULL foreign keys, none of them deferrable`,
      key.columns.map(([here]) => here),
      undefined,
    );
  }

  /** A deferred foreign key can be satisfied afterwards: where the parent needs this very row first. */
  private async insertOrOwe(
    target: TablePlan,
    key: ForeignKeyShape,
    wanted: Wanted,
  ): Promise<MadeRow | Map<string, Value>> {
    try {
      return await this.maker.insertRow(key.target, wanted);
    } catch (error) {
      if (!(error instanceof CannotBuildError) || !key.deferrable) throw error;
      const given = this.promise(target, key, wanted.given ?? new Map(), new Map());
      this.maker.building.at(-1)?.debts.push({ table: key.target, wanted: { ...wanted, given } });
      return given;
    }
  }

  /** The constraint is not checked before the end, and the end is a rollback: a debt that stays open does no harm. */
  async settle({ table, wanted }: Frame['debts'][number]): Promise<void> {
    try {
      await this.maker.insertRow(table, wanted);
    } catch (error) {
      if (!(error instanceof CannotBuildError)) throw error;
    }
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
          (valuesFor(column.type, this.maker.plans.next(), { unique: true, column: there })[0] as Value),
      );
    }
    return promised;
  }
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}

function textOf(value: Value | undefined): string | undefined {
  return value?.kind === 'text' ? value.text : undefined;
}
