import type { Client } from 'pg';
import { type Advice, adviceJson, adviceText, advise, belongingsOfReach } from '../../../sql/advisor';
import { discover, organizationsTable, readSchema } from '../../../sql/discovery';
import { createDatabase, urlFor, withClient } from '../../support/database';

const SIZE = { children: 4000, parents: 400, organizations: 20, rounds: 5 };

async function advices(client: Client): Promise<Advice[]> {
  const schema = await readSchema(client);
  const organizations = organizationsTable(schema, { organizations: 'tenants' });
  const belongings = belongingsOfReach(discover(schema, organizations));
  return advise(client, schema, { organizations, belongings, size: SIZE });
}

/** Sends a step as its reader is told to: a transaction whole, anything else statement by statement. */
async function run(client: Client, sql: string): Promise<void> {
  const parts = sql.startsWith('BEGIN') ? [sql] : sql.split(/;\n(?=CALL|DROP)/);
  for (const part of parts) await client.query(part);
}

const SCHEMA = `
  create table tenants (id uuid primary key default gen_random_uuid());
  create table users (id int primary key);
  create table members (tenant_id uuid not null references tenants, user_id int not null references users,
    primary key (tenant_id, user_id));
  create table sessions (id int primary key, user_id int not null references users);
  create table "Orders" (id bigint primary key, tenant_id uuid not null references tenants);
  create table lines (
    "order" bigint not null references "Orders" on delete cascade, no int, primary key ("order", no));
  create table scans (code text, line_order bigint not null, line_no int not null,
    foreign key (line_order, line_no) references lines ("order", no));
  insert into tenants select gen_random_uuid() from generate_series(1, 5);
  insert into "Orders" select row_number() over (), id from tenants, generate_series(1, 20);
  insert into lines select id, n from "Orders", generate_series(1, 120) n;
  insert into scans select 'c', "order", no from lines where no < 60;`;

test('each derived table is measured, leaves nothing behind, and its migration runs as written', async () => {
  const database = await createDatabase();
  await withClient(urlFor(database), async (client) => {
    await client.query(SCHEMA);
    const found = await advices(client);
    expect(found.map(({ table, depth, migration }) => [table, depth, migration.kind])).toEqual([
      ['public.lines', 1, 'steps'],
      ['public.scans', 2, 'steps'],
      ['public.sessions', 1, 'blocked'],
    ]);
    expect(found[0]?.measured.aggregate.ratio).toBeGreaterThan(1);
    const left = await client.query("select 1 from pg_roles where rolname like 'tenant_zero_advice%'");
    expect(left.rows).toEqual([]);

    for (const { migration } of found) {
      for (const step of migration.kind === 'steps' ? migration.steps : []) await run(client, step.sql);
    }
    const wrong = await client.query(
      `select count(*)::int as n from scans s join "Orders" o on o.id = s.line_order where s.tenant_id is distinct from o.tenant_id`,
    );
    expect(wrong.rows).toEqual([{ n: 0 }]);
    const filled = await client.query(
      'insert into scans (code, line_order, line_no) values ($1, 1, 1) returning tenant_id is not null as filled',
      ['new'],
    );
    expect(filled.rows).toEqual([{ filled: true }]);
    await expect(
      client.query(
        `insert into lines ("order", no, tenant_id) select 1, 999, id from tenants
          where id <> (select tenant_id from "Orders" where id = 1) limit 1`,
      ),
    ).rejects.toMatchObject({ code: '23503' });

    const after = await advices(client);
    expect(after.map((advice) => advice.table)).toEqual(['public.sessions']);
  });
}, 60_000);

test('a role without TEMPORARY is told what it needs', async () => {
  const database = await createDatabase();
  await withClient(urlFor(database), async (client) => {
    await client.query(`${SCHEMA}
      revoke temporary on database ${database} from public;
      create role r_${database}; grant select on all tables in schema public to r_${database};`);
    await client.query(`set role r_${database}`);
    await expect(advices(client)).rejects.toMatchObject({ code: 'advice-no-temp' });
  });
});

test('a role under row security measures as itself', async () => {
  const database = await createDatabase();
  await withClient(urlFor(database), async (client) => {
    await client.query(`${SCHEMA} create role s_${database};`);
    await client.query(`set role s_${database}`);
    const found = await advices(client);
    expect(found).toHaveLength(3);
    expect(adviceText(found)).toContain('public.scans: organization through public.lines, 2 foreign keys');
    expect(JSON.parse(adviceJson(found))).toHaveLength(3);
  });
}, 60_000);
