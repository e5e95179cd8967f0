/**
 * Three copies of one table of items: `app` protected by the engine, `plain` without row security for the baseline,
 * `textbook` with the policies that are usually recommended. Same rows, same order on disk, same indexes.
 */
import type { Client } from 'pg';
import { applyRegistry } from './engine';
import type { BenchServer } from './server';
import { APPROVALS } from './shell';
import { addTextbookPolicies } from './textbook-policies';
import { setSigningKey } from './tokens';

export interface ItemSizes {
  readonly rows: number;
  readonly organizations: number;
  readonly hidden: number;
}

export interface ItemsWorld {
  readonly database: string;
  readonly sizes: ItemSizes;
  /** Keys of the hidden organizations. */
  readonly hidden: readonly string[];
  /** A visible organization and an item of it; another one every time. */
  pick(round: number): Pick;
}

export interface Pick {
  readonly organization: string;
  readonly item: string;
  /** The item's number, from which the keys of the rows that hang on it are computed. */
  readonly number: number;
}

export const COPIES = ['app', 'plain', 'textbook'] as const;
export type Copy = (typeof COPIES)[number];

/** The owner of the baseline tables: a login that reads them as their owner, without any policy. */
export const PLAIN_OWNER = 'plain_owner';

const key = (prefix: string, number: string) => `md5('${prefix}' || ${number})::uuid`;

/** Everything is computed from the row's number: each copy, and each run, has the same rows. */
export const organizationKey = (number: string): string => key('organization', number);
export const itemKey = (number: string): string => key('item', number);

/** Hidden are the first ones, so that the rest can be counted from there. */
async function createCopy(client: Client, copy: Copy, sizes: ItemSizes): Promise<void> {
  await client.query(`
    CREATE SCHEMA ${copy};
    CREATE TABLE ${copy}.organizations (id uuid PRIMARY KEY, name text NOT NULL, is_sensitive boolean NOT NULL);
    INSERT INTO ${copy}.organizations
      SELECT ${organizationKey('n')}, 'Organization ' || n, n < ${sizes.hidden} FROM generate_series(0, ${sizes.organizations - 1}) n;
    CREATE TABLE ${copy}.items (
      id uuid NOT NULL, organization_id uuid NOT NULL, created_at timestamptz NOT NULL, amount integer NOT NULL, title text NOT NULL
    );
    INSERT INTO ${copy}.items
      SELECT ${itemKey('n')}, ${organizationKey(`n % ${sizes.organizations}`)}, timestamptz '2026-01-01' + n * interval '1 second', n % 997, 'Item ' || n
      FROM generate_series(0, ${sizes.rows - 1}) n;
    ALTER TABLE ${copy}.items ADD PRIMARY KEY (id), ADD UNIQUE (organization_id, id),
      ADD FOREIGN KEY (organization_id) REFERENCES ${copy}.organizations;
    CREATE INDEX ON ${copy}.items (organization_id, created_at DESC);
  `);
}

export const ITEMS_REGISTRY = `
organizations: { table: app.organizations, id: id, sensitive: is_sensitive, ${APPROVALS.gate} }
${APPROVALS.section}
owner: platform_owner
appliers: [registry_applier]
roles:
  app_backend: { sees: current-organization, login: true }
  support_shell: { sees: non-sensitive, login: true }
${APPROVALS.roles}
tables:
  app.items: { organization: organization_id }
`;

export interface ExtraTables {
  /** Makes its tables in one copy, filled. */
  create(client: Client, copy: Copy): Promise<void>;
  /** Lines under `tables:`. */
  readonly registry: string;
}

/** Makes the database and applies the registry. The copies without protection come after: the engine seals what it does not know. */
export async function createItems(
  server: BenchServer,
  database: string,
  sizes: ItemSizes,
  extra?: ExtraTables,
): Promise<ItemsWorld> {
  await server.createDatabase(database);
  const admin = await server.connect(database, 'postgres');
  await createCopy(admin, 'app', sizes);
  await extra?.create(admin, 'app');
  await ownTables(admin, 'app', 'platform_owner');
  await applyRegistry(server, database, ITEMS_REGISTRY + (extra?.registry ?? ''));
  await setSigningKey(server, database);
  for (const login of ['app_backend', 'support_shell', 'sensitive_gate', PLAIN_OWNER])
    await server.admit(database, login);
  for (const copy of ['plain', 'textbook'] as const) {
    await createCopy(admin, copy, sizes);
    if (copy === 'plain') await extra?.create(admin, copy);
    await ownTables(admin, copy, PLAIN_OWNER);
  }
  await addTextbookPolicies(server, admin, database);
  await admin.query('VACUUM (ANALYZE)');
  await admin.query('CHECKPOINT');
  const { rows } = await admin.query<Pick>(
    `SELECT ${organizationKey(`n % ${sizes.organizations}`)} AS organization, ${itemKey('n')} AS item, n::int AS number
     FROM (SELECT (i::bigint * 7919) % ${sizes.rows} AS n FROM generate_series(1, 5000) i) numbers WHERE n % ${sizes.organizations} >= ${sizes.hidden}`,
  );
  const hidden = await admin.query<{ id: string }>('SELECT id FROM plain.organizations WHERE is_sensitive');
  await server.disconnect(admin);
  return {
    database,
    sizes,
    hidden: hidden.rows.map(({ id }) => id),
    pick: (round) => rows[round % rows.length] as Pick,
  };
}

async function ownTables(client: Client, schema: string, owner: string): Promise<void> {
  await client.query(`
    DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${owner}') THEN CREATE ROLE ${owner} NOINHERIT; END IF; END $$;
    ALTER SCHEMA ${schema} OWNER TO ${owner};
    DO $$ DECLARE t regclass; BEGIN
      FOR t IN SELECT oid FROM pg_class WHERE relnamespace = '${schema}'::regnamespace AND relkind = 'r' LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO ${owner}', t);
      END LOOP;
    END $$`);
}
