/** A grant to read, in a session that may write: every kind of statement that could write while the transaction turns read-only. */
import type { Client } from 'pg';
import { withClient } from '../../support/database';
import type { PlatformDatabase } from '../../support/platform';
import { ORGANIZATIONS } from '../../support/tenants';
import { logInToShell, outcome } from './attack';
import { createFilledDatabase } from './fill';

jest.setTimeout(60_000);

const { clinic } = ORGANIZATIONS;
let database: PlatformDatabase;
let support: Client;
const admin = (sql: string, values: unknown[] = []) =>
  withClient(database.superuser, async (client) => (await client.query(sql, values)).rows);
const access = (to: 'read' | 'write') => admin('update guard.grants set access = $1', [to]);
const jobs = () =>
  admin(`select md5(string_agg(j::text, '' order by id)) as jobs, count(*) from public.jobs j`);

beforeAll(async () => {
  database = await createFilledDatabase();
  await admin(
    `insert into guard.grants (person, organization, kind, ends_at) values ('eng', $1, 'shell', now() + interval '1 h')`,
    [clinic],
  );
  support = await logInToShell(database, { person: 'eng', write: true });
}, 60_000);
beforeEach(() => access('read'));
afterEach(() => support.query('rollback; deallocate all').catch(() => undefined));
afterAll(() => support.end());

const FLIP = `(select set_config('transaction_read_only', 'on', true)) = 'on'`;
const MINE = `organization_id = '${clinic}'`;
const INSERT = `insert into public.jobs (id, organization_id, kind)`;

/** `sql` as it would work with a grant to write, `flip` replaced by a condition that is true. */
const WRITES: readonly (readonly [what: string, sql: string])[] = [
  ['UPDATE ... RETURNING', `update public.jobs set kind = 'x' where ${MINE} and flip returning *`],
  [
    'UPDATE ... FROM',
    `update public.jobs j set kind = 'x' from public.rooms r where j.${MINE} and r.${MINE} and flip`,
  ],
  [
    'DELETE ... USING',
    `delete from public.jobs j using public.rooms r where j.${MINE} and r.${MINE} and flip`,
  ],
  [
    'INSERT ... SELECT',
    `${INSERT} select gen_random_uuid(), organization_id, kind from public.jobs where ${MINE} and flip`,
  ],
  [
    'INSERT ... ON CONFLICT DO UPDATE',
    `${INSERT} select id, organization_id, kind from public.jobs where ${MINE} and flip on conflict (organization_id, id) do update set kind = 'x'`,
  ],
  [
    'MERGE',
    `merge into public.jobs j using (select 1 where flip) f on j.${MINE} when matched then update set kind = 'x'`,
  ],
  [
    'MERGE that deletes',
    `merge into public.jobs j using (select 1 where flip) f on j.${MINE} when matched then delete`,
  ],
  [
    'a CTE',
    `with w as (update public.jobs set kind = 'x' where ${MINE} and flip returning 1) select * from w`,
  ],
  ['EXPLAIN ANALYZE', `explain (analyze) update public.jobs set kind = 'x' where ${MINE} and flip`],
  ['a DO block', `do $$ begin update public.jobs set kind = 'x' where ${MINE} and flip; end $$`],
  [
    'a DO block that catches what it gets',
    `do $$ begin begin update public.jobs set kind = 'x' where ${MINE} and flip; exception when others then null; end; end $$`,
  ],
  [
    'a prepared statement with a plan of read-only days',
    `set plan_cache_mode = force_generic_plan; prepare p as update public.jobs set kind = 'x' where ${MINE} and flip; execute p`,
  ],
];

test.each(WRITES)('writes nothing by %s', async (_, sql) => {
  const before = await jobs();
  await support.query('begin read write');
  expect(['25006', 0]).toContain(await outcome(support, sql.replace('flip', FLIP)).then((got) => got ?? 0));
  await support.query('commit');
  expect(await jobs()).toEqual(before);
  await support.query('deallocate all');
  await access('write');
  await support.query('begin read write');
  await support.query(sql.replace('flip', 'true'));
  const { rows } = await support.query(
    `select count(*) filter (where kind = 'x') as changed, count(*) from public.jobs where ${MINE}`,
  );
  await support.query('rollback');
  expect(rows[0]).not.toEqual({ changed: '0', count: '1' });
});

test('a plan that was made and run in a read-only transaction shows nothing in one that may write', async () => {
  await support.query(`set plan_cache_mode = force_generic_plan`);
  await support.query(`prepare s as select from public.jobs where ${MINE}`);
  for (const [mode, rows] of [
    ['read only', 1],
    ['read write', 0],
    ['read only', 1],
  ] as const) {
    await support.query(`begin ${mode}`);
    expect(await outcome(support, 'execute s')).toBe(rows);
    await support.query('rollback');
  }
  await access('write');
  await support.query('begin read write');
  expect(await outcome(support, 'execute s')).toBe(1);
});

test('rows are locked by such a statement, as by LOCK TABLE, and stay as they are', async () => {
  const before = await jobs();
  await support.query('begin read write; savepoint s');
  expect(await outcome(support, `select from public.jobs where ${MINE} for update`)).toBe(0);
  await support.query(`declare c cursor for select id from public.jobs where ${MINE} and ${FLIP} for update`);
  expect((await support.query('fetch 1 from c')).rowCount).toBe(1);
  await support.query('release savepoint s');
  expect(await outcome(support, `update public.jobs set kind = 'x' where current of c`)).toBe(0);
  await support.query('commit');
  expect(await jobs()).toEqual(before);
});

test('nothing that this role may call takes back a setting in the middle of a statement', async () => {
  // A function with an exception block, or settings of its own, around SQL of the caller's would: none runs any.
  const functions = await admin(
    `select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
     where n.nspname not in ('pg_catalog', 'information_schema') and l.lanname in ('plpgsql', 'sql')
       and has_schema_privilege('support_shell', n.oid, 'usage') and has_function_privilege('support_shell', p.oid, 'execute')
       and p.prorettype <> 'trigger'::regtype and (p.prosrc ~* '\\mexecute\\M|\\mexception\\s+when\\M')`,
  );
  expect(functions).toEqual([]);
  const guarded = await admin(
    `select count(*)::int as n from pg_proc p where pronamespace = 'guard'::regnamespace and has_function_privilege('support_shell', p.oid, 'execute')`,
  );
  expect(guarded[0].n).toBeGreaterThan(5);
});
