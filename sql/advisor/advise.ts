/** What each derived table costs, measured, and the migration that gives it an organization column of its own. */
import type { ClientBase } from 'pg';
import type { OrganizationsKey } from '../discovery/choices';
import type { Schema, SchemaColumn } from '../discovery/schema';
import { type Belongings, type Derived, derivedTables } from './derived';
import { DEFAULT_SIZE, type KeyFamily, type Measured, measureShape, type Shape, type Size } from './measure';
import { migrationSteps, type Step } from './migration';

export type Way =
  | {
      readonly kind: 'steps';
      readonly steps: readonly Step[];
      /** The entry that replaces `via:` afterwards. */
      readonly registry: { readonly organization: string };
    }
  /** No column could say it. */
  | { readonly kind: 'blocked'; readonly reason: string };

export interface Advice {
  readonly table: string;
  readonly parent: string;
  /** Foreign keys to walk to the organization's column. */
  readonly depth: number;
  /** The real table's, from statistics; undefined when it was never analysed. */
  readonly estimatedRows: number | undefined;
  readonly measured: Measured;
  readonly migration: Way;
}

export interface AdviseOptions {
  readonly organizations: OrganizationsKey;
  /** Which tables are derived: `belongingsOfBound`, `belongingsOfReach`. */
  readonly belongings: Belongings;
  readonly size?: Size;
}

/** One advice per `via` table, parents first: the order in which to migrate. Leaves nothing behind. */
export async function advise(
  client: Pick<ClientBase, 'query'>,
  schema: Schema,
  { organizations, belongings, size = DEFAULT_SIZE }: AdviseOptions,
): Promise<Advice[]> {
  const root = schema.relations.get(organizations.oid);
  const key = root?.columns.find((column) => column.name === organizations.idColumn);
  const measured = new Map<string, Measured>();
  const advices: Advice[] = [];
  for (const derived of derivedTables(schema, belongings, organizations)) {
    const shape = shapeOf(derived, key);
    const id = JSON.stringify(shape);
    const result = measured.get(id) ?? (await measureShape(client, shape, size));
    measured.set(id, result);
    advices.push({
      table: derived.table.text,
      parent: derived.parent.text,
      depth: derived.depth,
      estimatedRows: derived.table.estimatedRows,
      measured: result,
      migration:
        derived.blocked === undefined
          ? {
              kind: 'steps',
              steps: migrationSteps(derived, schema.serverVersion),
              registry: { organization: derived.column },
            }
          : { kind: 'blocked', reason: derived.blocked },
    });
  }
  return advices;
}

function shapeOf({ depth, table, key }: Derived, organization: SchemaColumn | undefined): Shape {
  const [only, second] = key.columns;
  const link = second === undefined ? table.columns.find((column) => column.name === only) : undefined;
  return { depth, organization: family(organization), link: family(link) };
}

/** By pg_type's fixed oids: int2, int4, int8 and uuid. */
function family(column: SchemaColumn | undefined): KeyFamily {
  if (column === undefined) return 'text';
  if ([20, 21, 23].includes(column.baseType)) return 'integer';
  return column.baseType === 2950 ? 'uuid' : 'text';
}
