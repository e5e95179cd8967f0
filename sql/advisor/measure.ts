/** What a policy through foreign keys costs against one on a column of the table's own, on tables of the same shape. */
import { randomBytes } from 'node:crypto';
import type { ClientBase } from 'pg';
import { CommandError } from '../db/errors';
import { ident } from '../db/names';

/** Key types that cost alike. Any other type is measured as text. */
export type KeyFamily = 'integer' | 'uuid' | 'text';

/** What the ratio depends on. Tables of one shape are measured once. */
export interface Shape {
  readonly depth: number;
  readonly organization: KeyFamily;
  readonly link: KeyFamily;
}

export interface Size {
  readonly children: number;
  readonly parents: number;
  readonly organizations: number;
  /** Timed rounds; each runs both tables, one after the other. */
  readonly rounds: number;
}

export const DEFAULT_SIZE: Size = { children: 20_000, parents: 2_000, organizations: 100, rounds: 21 };

/** Medians of planning and execution together, in milliseconds. */
export interface Ratio {
  readonly derivedMs: number;
  readonly directMs: number;
  readonly ratio: number;
}

export interface Measured {
  readonly shape: Shape;
  readonly size: Size;
  /** One row by primary key. */
  readonly lookup: Ratio;
  /** Count and sum over all that one organization may see. */
  readonly aggregate: Ratio;
}

const CAST: Readonly<Record<KeyFamily, (number: string) => string>> = {
  integer: (number) => `(${number})::bigint`,
  uuid: (number) => `md5((${number})::text)::uuid`,
  text: (number) => `'k' || md5((${number})::text)`,
};

const SQL_TYPE: Readonly<Record<KeyFamily, string>> = { integer: 'bigint', uuid: 'uuid', text: 'text' };

/**
 * Creates temporary tables with made-up rows, measures, and rolls everything back. `client` must not be in a
 * transaction. A role that row security does not apply to measures as a role made for it, rolled back with the rest.
 * @throws CommandError `advice-no-temp` where the role may not create temporary tables
 */
export async function measureShape(
  client: Pick<ClientBase, 'query'>,
  shape: Shape,
  size: Size = DEFAULT_SIZE,
): Promise<Measured> {
  await client.query('begin');
  try {
    await becomeSubject(client);
    const leaf = await createTables(client, shape, size);
    const pick = async (round: number) => {
      // The organizations and rows walk through the data, so that no round finds just what the last one left in cache.
      const organization = (round * 7) % size.organizations;
      await client.query(
        `select set_config('tenant_zero.advice', (${CAST[shape.organization]('$1::int')})::text, true)`,
        [organization],
      );
      // Child n belongs to parent n % parents, which belongs to organization n % organizations.
      return CAST.integer(String(organization + size.organizations * round));
    };
    const lookup = await compare(
      client,
      size.rounds,
      pick,
      leaf,
      (table, id) => `select * from ${table} where id = ${id}`,
    );
    const aggregate = await compare(
      client,
      size.rounds,
      pick,
      leaf,
      (table) => `select count(*), sum(n) from ${table}`,
    );
    return { shape, size, lookup, aggregate };
  } finally {
    await client.query('rollback');
  }
}

async function becomeSubject(client: Pick<ClientBase, 'query'>): Promise<void> {
  const { rows } = await client.query<{ bypasses: boolean; temp: boolean; database: string }>(
    `select rolsuper or rolbypassrls as bypasses, current_database() as database,
            has_database_privilege(current_database(), 'TEMPORARY') as temp
       from pg_catalog.pg_roles where rolname = current_user`,
  );
  const me = rows[0];
  if (!me?.temp) {
    throw new CommandError(
      'advice-no-temp',
      `This role may not create temporary tables in ${me?.database}.`,
      'Measure as a role that has TEMPORARY on the database, or on a copy of it.',
    );
  }
  if (!me.bypasses) return;
  const role = `tenant_zero_advice_${randomBytes(4).toString('hex')}`;
  await client.query(`create role ${role}`);
  await client.query(`grant temporary on database ${ident(me.database)} to ${role}`);
  await client.query(`set local role ${role}`);
}

/** A chain of `depth` parents over the direct one, and the leaf twice: with EXISTS, and with a column. */
async function createTables(client: Pick<ClientBase, 'query'>, shape: Shape, size: Size) {
  const key = SQL_TYPE[shape.organization];
  const link = SQL_TYPE[shape.link];
  const visible = `organization_id = (select nullif(current_setting('tenant_zero.advice', true), '')::${key})`;
  const organization = CAST[shape.organization](`i % ${size.organizations}`);
  const parent = CAST[shape.link](`i % ${size.parents}`);
  const sql = ['set local jit = off'];
  for (let level = 0; level < shape.depth; level++) {
    const table = `pg_temp.tz_parent_${level}`;
    const own = level === 0 ? `organization_id ${key} not null` : `parent_id ${link} not null`;
    sql.push(
      `create temp table tz_parent_${level} (id ${link} primary key, ${own})`,
      `insert into ${table} select ${CAST[shape.link]('i')}, ${level === 0 ? organization : parent} from generate_series(0, ${size.parents - 1}) i`,
      `create index on ${table} (${level === 0 ? 'organization_id' : 'parent_id'})`,
      ...secured(table, level === 0 ? visible : exists(table, level - 1)),
    );
  }
  const columns = `id bigint primary key, parent_id ${link} not null, organization_id ${key} not null, n int not null`;
  for (const leaf of ['tz_derived', 'tz_direct']) {
    const table = `pg_temp.${leaf}`;
    sql.push(
      `create temp table ${leaf} (${columns})`,
      `insert into ${table} select i, ${parent}, ${organization}, i % 97 from generate_series(0, ${size.children - 1}) i`,
      `create index on ${table} (parent_id)`,
    );
  }
  sql.push(
    'create index on pg_temp.tz_direct (organization_id, parent_id)',
    ...secured('pg_temp.tz_derived', exists('pg_temp.tz_derived', shape.depth - 1)),
    ...secured('pg_temp.tz_direct', visible),
  );
  for (const statement of sql) await client.query(statement);
  return { derived: 'pg_temp.tz_derived', direct: 'pg_temp.tz_direct' };
}

function exists(table: string, level: number): string {
  return `exists (select 1 from pg_temp.tz_parent_${level} p where p.id = ${table.replace('pg_temp.', '')}.parent_id)`;
}

function secured(table: string, using: string): string[] {
  return [
    `analyze ${table}`,
    `alter table ${table} enable row level security, force row level security`,
    `create policy visible on ${table} using (${using})`,
  ];
}

async function compare(
  client: Pick<ClientBase, 'query'>,
  rounds: number,
  pick: (round: number) => Promise<string>,
  leaf: { derived: string; direct: string },
  sql: (table: string, id: string) => string,
): Promise<Ratio> {
  const times = { derived: [] as number[], direct: [] as number[] };
  const WARM_UP = 3;
  for (let round = 0; round < rounds + WARM_UP; round++) {
    const id = await pick(round);
    for (const which of ['derived', 'direct'] as const) {
      const took = await timed(client, sql(leaf[which], id));
      if (round >= WARM_UP) times[which].push(took);
    }
  }
  const derivedMs = median(times.derived);
  const directMs = median(times.direct);
  return { derivedMs, directMs, ratio: derivedMs / directMs };
}

/** On the server's clock: the network is no part of the ratio. */
async function timed(client: Pick<ClientBase, 'query'>, sql: string): Promise<number> {
  const { rows } = await client.query(`explain (analyze, timing off, summary on, format json) ${sql}`);
  const [plan] = rows[0]['QUERY PLAN'] as [{ 'Planning Time': number; 'Execution Time': number }];
  return plan['Planning Time'] + plan['Execution Time'];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
