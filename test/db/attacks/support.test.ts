/** The support role, in a session that is not read-only, against the sensitive organization `clinic`. */
import type { Client } from 'pg';
import type { PlatformDatabase } from '../../support/platform';
import { ORGANIZATIONS } from '../../support/tenants';
import { type Attack, attempt, logInToShell } from './attack';
import { createFilledDatabase, DIRECT, ID, idOf, userOf } from './fill';

let database: PlatformDatabase;
let client: Client;
beforeAll(async () => {
  database = await createFilledDatabase();
  client = await logInToShell(database);
}, 30_000);
afterAll(() => client?.end());

const { acme, beta, clinic } = ORGANIZATIONS;
const employee = (tenant: 'acme' | 'beta' | 'clinic') => idOf(tenant, ID.employee);

/** The same statement about the hidden and about an ordinary organization. */
const both = (
  attack: string,
  sql: (organization: string, tenant: 'clinic' | 'acme') => string,
  gets: Attack['gets'] = 0,
): Attack => ({
  attack,
  sql: sql(clinic, 'clinic'),
  gets,
  control: sql(acme, 'acme'),
});

describe('the support role does not reach a sensitive organization', () => {
  const perTable = DIRECT.flatMap(([table, column]): Attack[] => [
    both(`by reading ${table}`, (o) => `select from ${table} where ${column} = '${o}'`),
    ...(table === 'public.organizations'
      ? []
      : [
          both(
            `by updating ${table}`,
            (o) => `update ${table} set ${column} = ${column} where ${column} = '${o}'`,
          ),
          both(
            `by locking rows of ${table}`,
            (o) => `select from ${table} where ${column} = '${o}' for update`,
          ),
        ]),
  ]);
  const statements: Attack[] = [
    both('through a derived table', (_, t) => `select from public.legacy_notes where body = '${t} note'`),
    both('through a shared table', (_, t) => `select from public.users where name = '${t}'`),
    both(
      'by a join from an ordinary one',
      (o) =>
        `select from public.organizations a join public.employees e on e.organization_id = '${o}' where a.id = '${acme}'`,
    ),
    both(
      'by a subquery in the select list',
      (o) => `select 1 where (select count(*) from public.employees where organization_id = '${o}') > 0`,
    ),
    both(
      'by a row comparison',
      (o) =>
        `select from public.employees where (organization_id, name) >= ('${o}', '') and (organization_id, name) <= ('${o}', 'zz')`,
    ),
    both(
      'by EXISTS in RETURNING',
      (o) =>
        `with u as (update public.rooms set name = name where organization_id = '${acme}' returning exists (select from public.employees where organization_id = '${o}') as seen) select from u where seen`,
    ),
    both(
      'by a sequential scan without indexes',
      (o) =>
        `set local enable_indexscan = off; set local enable_bitmapscan = off; select from public.documents where organization_id = '${o}'`,
    ),
    both(
      'in a parallel plan',
      (o) =>
        `set local debug_parallel_query = on; set local parallel_setup_cost = 0; set local parallel_tuple_cost = 0; set local min_parallel_table_scan_size = 0; select from public.employees where organization_id = '${o}'`,
    ),
    both(
      'under a generic plan',
      (o) =>
        `set local plan_cache_mode = force_generic_plan; deallocate all; prepare g as select from public.employees where organization_id = $1; execute g ('${o}')`,
    ),
    both(
      'under another meaning of NULL comparisons',
      (o) =>
        `set local transform_null_equals = on; select from public.employees where organization_id = '${o}'`,
    ),
    both(
      'under another meaning of backslashes',
      (o) =>
        `set local standard_conforming_strings = off; select from public.employees where organization_id = '${o}'`,
    ),
    {
      attack: 'with row security switched off',
      sql: `set local row_security = off; select from public.employees where organization_id = '${clinic}'`,
      gets: '42501',
      control: `set local row_security = on; select from public.employees where organization_id = '${acme}'`,
    },
    {
      attack: 'in a serializable transaction',
      begin: 'isolation level serializable',
      sql: `select from public.employees where organization_id = '${clinic}'`,
      gets: 0,
      control: `select from public.employees where organization_id = '${acme}'`,
    },
    both(
      'by a cursor WITH HOLD',
      (o) =>
        `declare h cursor with hold for select from public.employees where organization_id = '${o}'; fetch all from h`,
    ),
    both('by DELETE', (o) => `delete from public.jobs where organization_id = '${o}'`),
    both(
      'by DELETE ... USING',
      (o) =>
        `delete from public.jobs j using public.organizations x where x.id = '${acme}' and j.organization_id = '${o}'`,
    ),
    both(
      'by DELETE ... RETURNING',
      (o) =>
        `with d as (delete from public.line_notes where organization_id = '${o}' returning *) select * from d`,
    ),
    both(
      'by UPDATE ... FROM',
      (o) =>
        `update public.jobs j set kind = x.name from public.organizations x where x.id = '${acme}' and j.organization_id = '${o}'`,
    ),
    both(
      'by SELECT FOR KEY SHARE',
      (o) => `select from public.employees where organization_id = '${o}' for key share`,
    ),
    both(
      'by SELECT FOR SHARE of a derived table',
      (_, t) => `select from public.legacy_notes where body = '${t} note' for share`,
    ),
    both('by INSERT', (o) => `insert into public.jobs (organization_id, kind) values ('${o}', 'x')`, '42501'),
    both(
      'by INSERT ... SELECT',
      (o) => `insert into public.jobs (organization_id, kind) select '${o}', kind from public.jobs limit 1`,
      '42501',
    ),
    both(
      'by a write in a CTE',
      (o) =>
        `with w as (insert into public.jobs (organization_id, kind) values ('${o}', 'x') returning 1) select * from w`,
      '42501',
    ),
    both(
      'by INSERT through a partitioned table',
      (o) => `insert into public.events (organization_id, kind) values ('${o}', 'x')`,
      '42501',
    ),
    both(
      'by INSERT of a derived row',
      (_, t) => `insert into public.legacy_notes (employee_id, body) values ('${employee(t)}', 'x')`,
      '42501',
    ),
    both(
      'by INSERT of a partnership on one side',
      (o) =>
        `insert into public.partnerships (from_organization_id, to_organization_id) values ('${beta}', '${o}')`,
      '42501',
    ),
    both(
      'by INSERT of a partnership on the other side',
      (o) =>
        `insert into public.partnerships (from_organization_id, to_organization_id) values ('${o}', '${ORGANIZATIONS.zero}')`,
      '42501',
    ),
    both(
      'by upsert on its key',
      (_, t) =>
        `insert into public.rooms (organization_id, id, name) values ('${ORGANIZATIONS[t]}', '${idOf(t, ID.room)}', 'x') on conflict (organization_id, id) do update set name = 'x'`,
      '42501',
    ),
    both(
      'by MERGE',
      (o) =>
        `merge into public.rooms r using (values ('${o}'::uuid)) v (o) on r.organization_id = v.o when matched then update set name = 'taken'`,
    ),
    both(
      'by MERGE ... DELETE',
      (o) =>
        `merge into public.jobs r using (values ('${o}'::uuid)) v (o) on r.organization_id = v.o when matched then delete`,
    ),
    both(
      'by MERGE ... INSERT',
      (o) =>
        `merge into public.jobs r using (values ('${o}'::uuid)) v (o) on false when not matched then insert (organization_id, kind) values (v.o, 'x')`,
      '42501',
    ),
    {
      attack: 'by moving a row into it',
      sql: `update public.jobs set organization_id = '${clinic}' where organization_id = '${acme}'`,
      gets: 'TZ012',
      control: `update public.jobs set organization_id = organization_id where organization_id = '${acme}'`,
    },
    {
      attack: 'by moving a partitioned row into it and into another partition at once',
      sql: `update public.events set organization_id = '${clinic}', occurred_at = '2027-01-05' where organization_id = '${acme}'`,
      gets: 'TZ012',
      control: `update public.events set occurred_at = '2027-01-05' where organization_id = '${acme}' and occurred_at < '2021-01-01'`,
    },
    {
      attack: 'by moving a derived row into it',
      sql: `update public.legacy_notes set employee_id = '${employee('clinic')}' where body = 'acme note'`,
      gets: 'TZ012',
      control: `update public.legacy_notes set employee_id = employee_id where body = 'acme note'`,
    },
    {
      attack: 'by moving one side of a partnership into it',
      sql: `update public.partnerships set to_organization_id = '${clinic}'`,
      gets: 'TZ012',
      control: 'update public.partnerships set created_at = created_at',
    },
    {
      attack: 'by making its user a member of an ordinary one',
      sql: `insert into public.memberships (organization_id, user_id, role_id) select '${beta}', '${userOf('clinic')}', id from public.organization_roles where organization_id = '${beta}'`,
      gets: '42501',
      control: `with r as (insert into public.organization_roles (organization_id, name) values ('${beta}', 'x') returning id) insert into public.memberships (organization_id, user_id, role_id) select '${beta}', '${userOf('acme')}', id from r`,
    },
    {
      attack: 'by handing a membership of an ordinary one to its user',
      sql: `update public.memberships set user_id = '${userOf('clinic')}' where organization_id = '${beta}'`,
      gets: '42501',
      control: `update public.memberships set user_id = '${userOf('acme')}' where organization_id = '${beta}'`,
    },
    ...(
      [
        [
          'employees',
          `insert into public.employees (organization_id, name, manager_id) values ('${acme}', 'x', ':id')`,
          ID.employee,
        ],
        [
          'departments',
          `insert into public.employees (organization_id, name, department_id) values ('${acme}', 'x', ':id')`,
          ID.department,
        ],
        [
          'payslips',
          `insert into public.payslip_lines (organization_id, payslip_id, label, amount) values ('${acme}', ':id', 'x', 1)`,
          ID.payslip,
        ],
        [
          'documents',
          `insert into public.attachments (organization_id, file_name, object_key, document_id) values ('${acme}', 'x', 'x', ':id')`,
          ID.document,
        ],
        [
          'rooms',
          `insert into public.room_bookings (organization_id, room_id, employee_id, during) values ('${acme}', ':id', '${employee('acme')}', '[2030-01-01,2030-01-02)')`,
          ID.room,
        ],
      ] as const
    ).map(
      ([name, sql, table]): Attack => ({
        attack: `by a link to a row of it in ${name}`,
        sql: sql.replace(':id', idOf('clinic', table)),
        gets: '23503',
        control: sql.replace(':id', idOf('acme', table)),
      }),
    ),
  ];
  test.each([...perTable, ...statements])('$attack', (attack) => attempt(client, attack));
});

describe('the support role learns nothing of a sensitive organization from an error', () => {
  const divide = (name: string) =>
    `select from public.employees where 1 / (case when name = '${name}' then 0 else 1 end) = 1`;
  const errors: Attack[] = [
    {
      attack: 'of a division',
      sql: `${divide('clinic employee')} and organization_id = '${acme}'`,
      gets: 1,
      control: `select from public.employees where organization_id = '${acme}'`,
    },
    {
      attack: 'of a division over all rows',
      sql: divide('clinic employee'),
      gets: 3,
      control: divide('nobody'),
    },
    {
      attack: 'of a cast',
      sql: `select from public.employees where (case when name like 'clinic%' then name else '1' end)::int = 1`,
      gets: 3,
      control: `select from public.employees where (case when name like 'nobody%' then name else '1' end)::int = 1`,
    },
    {
      attack: 'of a unique key that carries the organization',
      sql: `insert into public.departments (organization_id, name) values ('${acme}', 'clinic')`,
      gets: 1,
      control: `insert into public.departments (organization_id, name) values ('${acme}', 'new')`,
    },
    {
      attack: 'of an exclusion constraint',
      sql: `insert into public.room_bookings (organization_id, room_id, employee_id, during) values ('${clinic}', '${idOf('clinic', ID.room)}', '${employee('clinic')}', '[2026-11-20,2026-11-21)')`,
      gets: '42501',
      control: `insert into public.room_bookings (organization_id, room_id, employee_id, during) values ('${acme}', '${idOf('acme', ID.room)}', '${employee('acme')}', '[2030-11-20,2030-11-21)')`,
    },
    {
      attack: 'of a search pattern that fails on its rows only',
      sql: `select from guard.search_documents_title('clinic l' || chr(92))`,
      gets: '22023',
      control: `select from guard.search_documents_title('acme l%')`,
    },
    {
      attack: 'of a search pattern that fails on nobody',
      sql: `select from guard.search_documents_title('nobody' || chr(92))`,
      gets: '22023',
      control: `select from guard.search_documents_title('acme' || chr(92) || chr(92) || '%') union all select`,
    },
    {
      attack: 'of a search pattern that exhausts the stack',
      sql: `select from guard.search_documents_title(repeat('%c', 100000))`,
      gets: '22023',
      control: `select from guard.search_documents_title('%c%e%')`,
    },
    {
      attack: 'of a search for a document nested a thousandfold',
      sql: `select from guard.search_documents_attributes((repeat('[', 6000) || repeat(']', 6000))::jsonb)`,
      gets: '22023',
      control: `select from guard.search_documents_attributes('{"kind": "letter"}')`,
    },
    {
      attack: 'of a search for nothing',
      sql: 'select from guard.search_documents_title(null)',
      gets: 0,
      control: `select from guard.search_documents_title('%')`,
    },
    {
      attack: 'of a search for its words',
      sql: `select from guard.search_documents_search_vector('clinic')`,
      gets: 0,
      control: `select from guard.search_documents_search_vector('acme')`,
    },
  ];
  test.each(errors)('$attack', (attack) => attempt(client, attack));
});

test('the support role reads by default, and writes only after saying so', async () => {
  const fresh = await logInToShell(database);
  try {
    await expect(fresh.query(`update public.rooms set name = name`)).rejects.toMatchObject({ code: '25006' });
    await fresh.query('set default_transaction_read_only = off');
    const { rowCount } = await fresh.query(`update public.rooms set name = name`);
    expect(rowCount).toBe(3);
  } finally {
    await fresh.end();
  }
});
