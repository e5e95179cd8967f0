/** A table that is searched by operators which are not leakproof. One tenant owns most of its rows. */
import type { Client } from 'pg';
import type { Sizes } from '../sizes';
import type { Copy, ExtraTables } from './items';
import { organizationKey } from './items';

/** Every search finds this many rows, give or take: documents of one code. */
const PER_CODE = 20;

export interface Search {
  readonly column: string;
  readonly operator: 'ilike' | '@@' | '@>';
  /** The hand-written condition on `$1`. */
  readonly condition: string;
  /** What is searched for, by the code of the documents. */
  readonly value: (code: string) => string;
}

export const SEARCHES: readonly Search[] = [
  {
    column: 'title',
    operator: 'ilike',
    condition: 'title ILIKE $1',
    value: (code) => `%${code.slice(4, 20)}%`,
  },
  {
    column: 'words',
    operator: '@@',
    condition: `words @@ websearch_to_tsquery('simple', $1)`,
    value: (code) => code,
  },
  {
    column: 'attributes',
    operator: '@>',
    condition: 'attributes @> $1',
    value: (code) => JSON.stringify({ code }),
  },
];

/** The code of document `number`, as SQL. */
export const codeOf = (number: string, documents: number): string =>
  `md5('code' || (${number} % ${Math.floor(documents / PER_CODE)}))`;

/** The organization that owns most of the documents: the first one that is not hidden. */
export const bigTenant = (sizes: Sizes): string => organizationKey(String(sizes.hidden));

async function create(client: Client, copy: Copy, sizes: Sizes): Promise<void> {
  const { documents, bigTenant: big, organizations } = sizes;
  const code = codeOf('n', documents);
  // Spread over the table as they would be after years, not in one block.
  const owner = `CASE WHEN n % ${documents} * 7919::bigint % ${documents} < ${big} THEN ${bigTenant(sizes)} ELSE ${organizationKey(`n % ${organizations}`)} END`;
  await client.query(`
    CREATE TABLE ${copy}.documents (
      id bigint NOT NULL, organization_id uuid NOT NULL, title text NOT NULL, words tsvector NOT NULL, attributes jsonb NOT NULL
    );
    INSERT INTO ${copy}.documents
      SELECT n, ${owner}, 'Report ' || ${code}, to_tsvector('simple', 'report ' || ${code}), jsonb_build_object('code', ${code}, 'kind', n % 7)
      FROM generate_series(0, ${documents - 1}) n;
    ALTER TABLE ${copy}.documents ADD PRIMARY KEY (id), ADD UNIQUE (organization_id, id),
      ADD FOREIGN KEY (organization_id) REFERENCES ${copy}.organizations;
    CREATE INDEX ON ${copy}.documents USING gin (title extensions.gin_trgm_ops);
    CREATE INDEX ON ${copy}.documents USING gin (words);
    CREATE INDEX ON ${copy}.documents USING gin (attributes);
  `);
}

export function documents(sizes: Sizes): ExtraTables {
  const search = SEARCHES.map(({ column, operator }) => `{ column: ${column}, operator: "${operator}" }`);
  return {
    create: (client, copy) => create(client, copy, sizes),
    registry: `  app.documents: { organization: organization_id, search: [${search.join(', ')}] }\n`,
  };
}
