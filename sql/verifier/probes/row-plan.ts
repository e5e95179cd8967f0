/** What has been learnt about making a row of each table. Kept over transactions: the second row is made at first try. */
import { randomInt } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { BoundRegistry, BoundTable } from '../../compiler/bound';
import {
  type Catalog,
  type ColumnShape,
  type ForeignKeyShape,
  readCatalog,
  type TableShape,
} from './catalog';
import type { Solution } from './solve';
import type { Value } from './value';

export interface TablePlan {
  readonly shape: TableShape;
  readonly bound: BoundTable | undefined;
  readonly columns: ReadonlyMap<string, ColumnShape>;
  /** Widest first: a composite key fixes the columns that narrower ones share with it. */
  readonly foreignKeys: readonly ForeignKeyShape[];
  readonly samples: Readonly<Record<string, string>>;
  /** Columns that need another value in every row. */
  readonly unique: Set<string>;
  /** Columns to fill although they could be left out. */
  readonly required: Set<string>;
  /** Foreign keys to follow although they may be NULL: the path to the organization, and what a CHECK asks for. */
  readonly neededKeys: Set<string>;
  /** Foreign keys whose parent is never shared: a person who is assigned to A must not come to be assigned to B. */
  readonly freshKeys: ReadonlySet<string>;
  /** Answers to CHECK constraints, by the group of constraints; the current one and those to move on to. */
  readonly solutions: Map<string, { readonly all: readonly Solution[]; at: number }>;
  /** What the parent of a foreign key must look like because a CHECK function looks at it. */
  readonly variants: Map<string, { readonly all: readonly (readonly [string, Value])[]; at: number }>;
  /** Index into the candidates of a column, where the first would not do. */
  readonly alternatives: Map<string, number>;
  /** Nullable columns are filled too: a trigger seems to want them. */
  fill: boolean;
}

export class RowPlans {
  private readonly plans = new Map<number, TablePlan>();
  private readonly bound: ReadonlyMap<number, BoundTable>;
  /** Random start: values must not meet those that an earlier product test left behind. */
  private counter = randomInt(36 ** 4, 36 ** 5 * 10);

  constructor(
    readonly catalog: Catalog,
    readonly registry: BoundRegistry,
  ) {
    this.bound = new Map(registry.tables.map((table) => [table.relation.oid, table]));
  }

  next(): number {
    this.counter += 1;
    return this.counter;
  }

  of(oid: number): TablePlan | undefined {
    const known = this.plans.get(oid);
    const shape = this.catalog.get(oid);
    if (known || !shape) return known;
    const bound = this.bound.get(oid);
    const person = this.personColumn(shape);
    const plan: TablePlan = {
      shape,
      bound,
      columns: new Map(shape.columns.map((column) => [column.name, column])),
      foreignKeys: shape.foreignKeys.toSorted((a, b) => b.columns.length - a.columns.length),
      samples: { ...bound?.entry.samples },
      unique: new Set([...shape.uniques.flatMap((unique) => unique.columns), ...person]),
      freshKeys: new Set(
        shape.foreignKeys
          .filter((key) => key.columns.some(([here]) => person.includes(here)))
          .map((key) => key.name),
      ),
      required: new Set(),
      neededKeys: new Set(pathKeys(shape, bound)),
      solutions: new Map(),
      variants: new Map(),
      alternatives: new Map(),
      fill: false,
    };
    this.plans.set(oid, plan);
    return plan;
  }

  private personColumn(shape: TableShape): string[] {
    const entry = this.registry.registry.assignments;
    return entry?.table.schema === shape.schema && entry.table.name === shape.name ? [entry.person] : [];
  }
}

/** The foreign key through which a `via` table belongs to its organization. */
function pathKeys(shape: TableShape, bound: BoundTable | undefined): string[] {
  const link = bound?.link;
  if (!link || bound.entry.belongs.kind !== 'via') return [];
  const wanted = link.columns.map(([here]) => here).join('\0');
  return shape.foreignKeys
    .filter(
      (key) => key.target === link.relation.oid && key.columns.map(([here]) => here).join('\0') === wanted,
    )
    .map((key) => key.name);
}

/** Reads what making rows needs to know about the database. Inside a transaction; changes nothing. */
export async function planRows(client: ClientBase, bound: BoundRegistry): Promise<RowPlans> {
  return new RowPlans(await readCatalog(client), bound);
}
