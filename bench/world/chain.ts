/** Tables that hang on items at depth 1 to 3: `level<n>` with an organization column of its own, `derived<n>` without. */
import type { Client } from 'pg';
import type { Copy, ExtraTables } from './items';
import { organizationKey } from './items';

export const DEPTHS = [1, 2, 3] as const;

/** Keys of row `number` at a depth, as SQL. Depth 0 are the items. */
const rowKey = (depth: number, number: string) =>
  `md5('${depth === 0 ? 'item' : `row${depth}`}' || ${number})::uuid`;

/** The key of the row that hangs on item `number`, at this depth. */
export const keyAt = (depth: number, number: number): string => rowKey(depth, String(number));

async function create(client: Client, copy: Copy, rows: number, organizations: number): Promise<void> {
  for (const depth of DEPTHS) {
    const [parent, derivedParent] =
      depth === 1 ? ['items', 'items'] : [`level${depth - 1}`, `derived${depth - 1}`];
    const from = `FROM generate_series(0, ${rows - 1}) n`;
    await client.query(`
      CREATE TABLE ${copy}.level${depth} (id uuid NOT NULL, organization_id uuid NOT NULL, parent_id uuid NOT NULL, amount integer NOT NULL);
      INSERT INTO ${copy}.level${depth}
        SELECT ${rowKey(depth, 'n')}, ${organizationKey(`n % ${organizations}`)}, ${rowKey(depth - 1, 'n')}, n % 997 ${from};
      ALTER TABLE ${copy}.level${depth} ADD PRIMARY KEY (id), ADD UNIQUE (organization_id, id),
        ADD FOREIGN KEY (organization_id, parent_id) REFERENCES ${copy}.${parent} (organization_id, id);
      CREATE INDEX ON ${copy}.level${depth} (organization_id, parent_id);

      CREATE TABLE ${copy}.derived${depth} (id uuid NOT NULL, parent_id uuid NOT NULL, amount integer NOT NULL);
      INSERT INTO ${copy}.derived${depth} SELECT ${rowKey(depth, 'n')}, ${rowKey(depth - 1, 'n')}, n % 997 ${from};
      ALTER TABLE ${copy}.derived${depth} ADD PRIMARY KEY (id),
        ADD FOREIGN KEY (parent_id) REFERENCES ${copy}.${derivedParent} (id);
      CREATE INDEX ON ${copy}.derived${depth} (parent_id);
    `);
  }
}

export function chain(rows: number, organizations: number): ExtraTables {
  return {
    create: (client, copy) => create(client, copy, rows, organizations),
    registry: DEPTHS.map(
      (depth) =>
        `  app.level${depth}: { organization: organization_id }\n  app.derived${depth}: { via: parent_id }\n`,
    ).join(''),
  };
}
