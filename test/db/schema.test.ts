import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { withClient } from '../support/database';
import { createPlatformDatabase, type PlatformDatabase, REGISTRY } from '../support/platform';

let database: PlatformDatabase;
beforeAll(async () => {
  database = await createPlatformDatabase();
});

const names = async (sql: string): Promise<string[]> =>
  withClient(database.superuser, async (client) => {
    const { rows } = await client.query<{ name: string }>(sql);
    return rows.map((row) => row.name);
  });

/** Tables of tenants: those with the column, partitions aside. */
const TENANT_TABLES = `
  select c.oid, c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid
  where a.attname = 'organization_id' and c.relkind in ('r', 'p') and not c.relispartition
    and c.relnamespace in ('public'::regnamespace, 'access'::regnamespace)`;

/** A rule, the query that finds its breakers, what may stay as it is, and DDL that breaks it. */
const rules: { rule: string; sql: string; except?: string[]; breaks: string; finds: string }[] = [
  {
    rule: 'everything belongs to platform_owner',
    sql: `select c.oid::regclass::text as name from pg_class c
          where c.relnamespace in ('public'::regnamespace, 'access'::regnamespace, 'migrations'::regnamespace)
            and c.relowner <> 'platform_owner'::regrole
          union all select p.oid::regprocedure::text from pg_proc p
          where p.pronamespace in ('public'::regnamespace, 'access'::regnamespace)
            and p.proowner <> 'platform_owner'::regrole
          union all select nspname from pg_namespace
          where nspname in ('public', 'access', 'migrations') and nspowner <> 'platform_owner'::regrole`,
    breaks: 'create table public.stray (id int)',
    finds: 'stray',
  },
  {
    rule: 'the organization is never null',
    sql: `select t.name from (${TENANT_TABLES}) t join pg_attribute a on a.attrelid = t.oid
          where a.attname = 'organization_id' and not a.attnotnull`,
    breaks: 'create table public.stray (organization_id uuid)',
    finds: 'stray',
  },
  {
    rule: 'unique and exclusion constraints and secondary indexes are led by the organization',
    sql: `select i.indexrelid::regclass::text as name from (${TENANT_TABLES}) t join pg_index i on i.indrelid = t.oid
            join pg_attribute a on a.attrelid = t.oid and a.attname = 'organization_id'
            join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam
          where i.indkey[0] <> a.attnum and m.amname <> 'gin'`,
    // Each with its reason at its place in the migrations.
    except: ['access.staff_assignments_staff', 'employees_id_key', 'memberships_user'],
    breaks: 'create index stray on public.employees (name)',
    finds: 'stray',
  },
  {
    rule: 'a foreign key between tables of tenants contains the organization on both sides',
    sql: `select c.conrelid::regclass || '.' || c.conname as name from pg_constraint c
          where c.contype = 'f' and c.conparentid = 0
            and c.confrelid in (select oid from (${TENANT_TABLES}) t)
            and not exists (
              select from unnest(c.conkey, c.confkey) as k (here, there)
              join pg_attribute h on h.attrelid = c.conrelid and h.attnum = k.here
              join pg_attribute t on t.attrelid = c.confrelid and t.attnum = k.there
              where t.attname = 'organization_id'
                and h.attname = case c.conrelid when 'public.organizations'::regclass then 'id' else 'organization_id' end)`,
    except: ['legacy_notes.legacy_notes_employee_id_fkey'],
    breaks: 'alter table public.jobs add employee_id uuid constraint stray references public.employees (id)',
    finds: 'jobs.stray',
  },
  {
    rule: 'no foreign key writes: all are NO ACTION',
    sql: `select conname as name from pg_constraint where contype = 'f' and (confdeltype <> 'a' or confupdtype <> 'a')`,
    breaks:
      'alter table public.jobs add constraint stray foreign key (organization_id) references public.organizations on delete cascade',
    finds: 'stray',
  },
  {
    rule: 'every foreign key has an index to find the referring rows by',
    sql: `select c.conrelid::regclass || '.' || c.conname as name from pg_constraint c
          where c.contype = 'f' and c.conparentid = 0
            and c.confrelid in (select oid from (${TENANT_TABLES}) t union all select 'public.organizations'::regclass
              union all select 'public.users'::regclass union all select 'access.staff'::regclass)
            and not exists (
              select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
              where i.indrelid = c.conrelid and i.indkey[0] = any (c.conkey)
                -- the organization alone would leave all its rows to be read
                and (a.attname <> 'organization_id' or cardinality(c.conkey) = 1 or i.indkey[1] = any (c.conkey)))`,
    breaks:
      'alter table public.jobs add room_id uuid, add constraint stray foreign key (organization_id, room_id) references public.rooms',
    finds: 'jobs.stray',
  },
  {
    rule: 'keys are uuids or identities that nobody chooses',
    sql: `select c.oid::regclass || '.' || a.attname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
          where c.relkind in ('r', 'p') and c.relnamespace in ('public'::regnamespace, 'access'::regnamespace)
            and a.attname = 'id' and not (a.atttypid = 'uuid'::regtype or a.attidentity = 'a')`,
    breaks: 'create table public.stray (id bigint generated by default as identity)',
    finds: 'stray.id',
  },
  {
    rule: 'no function is executable by PUBLIC, and none runs as its owner',
    sql: `select p.oid::regprocedure::text as name from pg_proc p
          where p.pronamespace in ('public'::regnamespace, 'access'::regnamespace)
            and (p.prosecdef or has_function_privilege('pg_monitor', p.oid, 'execute')
              or not coalesce(p.proconfig, '{}') @> array['search_path=""'])`,
    breaks: 'create function public.stray() returns int security definer return 1',
    finds: 'stray()',
  },
];

test.each(rules)('$rule', async ({ sql, except = [], breaks, finds }) => {
  expect((await names(sql)).sort()).toEqual(except);
  // Positive control: break it, and it is found.
  await withClient(database.superuser, async (client) => {
    await client.query(`begin; set local search_path = public; ${breaks}`);
    const { rows } = await client.query<{ name: string }>(sql);
    expect(rows.map((row) => row.name)).toContain(finds);
    await client.query('rollback');
  });
});

test('the registry names every table exactly once', async () => {
  const registry = parseDocument(await readFile(REGISTRY, 'utf8')).toJS();
  const registered = [
    registry.organizations.table,
    ...Object.keys(registry.tables),
    ...Object.keys(registry.excluded),
  ];
  const tables = await names(
    `select relnamespace::regnamespace || '.' || relname as name from pg_class
     where relkind in ('r', 'p') and not relispartition
       and relnamespace in ('public'::regnamespace, 'access'::regnamespace, 'migrations'::regnamespace)`,
  );
  expect(registered.sort()).toEqual(tables.sort());
});

test('the registry points editors at its schema', async () => {
  const [first] = (await readFile(REGISTRY, 'utf8')).split('\n');
  const file = first?.replace('# yaml-language-server: $schema=', '') ?? '';
  expect(path.basename(file)).toBe('registry.schema.json');
});
