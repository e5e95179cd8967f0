/** The app's role with tokens of every kind, against the other organizations and against the token itself. */
import type { Client } from 'pg';
import { signToken } from '../../../sql/db/tenant';
import { withClient } from '../../support/database';
import type { PlatformDatabase } from '../../support/platform';
import { ORGANIZATIONS, SIGNING, setToken, tokenFor } from '../../support/tenants';
import { type Attack, attempt, logIn, logInWith, outcome } from './attack';
import { createFilledDatabase, DIRECT, ID, idOf, userOf } from './fill';

let database: PlatformDatabase;
let client: Client;
beforeAll(async () => {
  database = await createFilledDatabase();
  client = await logInWith(database, 'app_backend', { kind: 'tenant', organization: ORGANIZATIONS.acme });
}, 30_000);
afterAll(() => client?.end());

const { acme, beta } = ORGANIZATIONS;
const both = (
  attack: string,
  sql: (organization: string, tenant: 'beta' | 'acme') => string,
  gets: Attack['gets'] = 0,
): Attack => ({ attack, sql: sql(beta, 'beta'), gets, control: sql(acme, 'acme') });

describe('a tenant does not reach another organization', () => {
  const links = (
    [
      [
        'a manager',
        `insert into public.employees (organization_id, name, manager_id) values (':o', 'x', ':id')`,
        ID.employee,
      ],
      ['a department', `update public.employees set department_id = ':id'`, ID.department],
      ['a payslip', `update public.payslip_lines set payslip_id = ':id'`, ID.payslip],
      ['a survey', `update public.survey_responses set survey_id = ':id'`, ID.survey],
      ['a room', `update public.room_bookings set room_id = ':id'`, ID.room],
      ['a document', `update public.attachments set document_id = ':id'`, ID.document],
      [
        'an employee of a file',
        `update public.attachments set document_id = null, employee_id = ':id'`,
        ID.employee,
      ],
      [
        'a payslip of a file',
        `update public.attachments set document_id = null, payslip_id = ':id'`,
        ID.payslip,
      ],
      ['an employee of a booking', `update public.room_bookings set employee_id = ':id'`, ID.employee],
      ['an employee of a payslip', `update public.payslips set employee_id = ':id'`, ID.employee],
    ] as const
  ).map(
    ([what, sql, table]): Attack => ({
      attack: `by a link to ${what} of it`,
      sql: sql.replace(':o', acme).replace(':id', idOf('beta', table)),
      gets: '23503',
      control: sql.replace(':o', acme).replace(':id', idOf('acme', table)),
    }),
  );
  const attacks: Attack[] = [
    ...DIRECT.map(([table, column]) =>
      both(`by reading ${table}`, (o) => `select from ${table} where ${column} = '${o}'`),
    ),
    ...DIRECT.filter(([table]) => table !== 'public.organizations').map(([table, column]) =>
      both(
        `by updating ${table}`,
        (o) => `update ${table} set ${column} = ${column} where ${column} = '${o}'`,
      ),
    ),
    both('by reading a derived table', (_, t) => `select from public.legacy_notes where body = '${t} note'`),
    both('by reading a shared table', (_, t) => `select from public.users where name = '${t}'`),
    both('by deleting', (o) => `delete from public.jobs where organization_id = '${o}'`),
    both(
      'by inserting',
      (o) => `insert into public.jobs (organization_id, kind) values ('${o}', 'x')`,
      '42501',
    ),
    both(
      'by inserting a derived row',
      (_, t) => `insert into public.legacy_notes (employee_id, body) values ('${idOf(t, ID.employee)}', 'x')`,
      '42501',
    ),
    both(
      'by an update that returns the old row',
      (o) => `update public.jobs set kind = 'x' where organization_id = '${o}' returning old.kind, new.kind`,
    ),
    both(
      'by MERGE',
      (o) =>
        `merge into public.jobs j using (values ('${o}'::uuid)) v (o) on j.organization_id = v.o when matched then update set kind = 'x'`,
    ),
    both(
      'by a setting within a function',
      (o) =>
        `do $$ begin perform set_config('tenant_zero.token', '', true); end $$; select set_config('tenant_zero.token', '${'TOKEN'}', true); select from public.jobs where organization_id = '${o}'`,
    ),
    both(
      'through a job that names it in its payload',
      (o) =>
        `insert into public.jobs (organization_id, kind, payload) values ('${acme}', 'x', '{"organization_id": "${o}"}')`,
      '23514',
    ),
    {
      attack: 'by a partnership with itself in the other place',
      sql: `insert into public.partnerships (from_organization_id, to_organization_id) values ('${acme}', '${beta}')`,
      gets: '42501',
      control: `select from public.organizations where id = '${acme}'`,
    },
    {
      attack: 'by an upsert onto its key',
      sql: `insert into public.employees (organization_id, id, name) values ('${acme}', '${idOf('beta', ID.employee)}', 'x') on conflict (id) do update set name = 'taken'`,
      gets: '42501',
      control: `insert into public.employees (organization_id, id, name) values ('${acme}', '${idOf('acme', ID.employee)}', 'x') on conflict (id) do update set name = 'taken'`,
    },
    {
      attack: 'by moving a row to it',
      sql: `update public.jobs set organization_id = '${beta}'`,
      gets: 'TZ012',
      control: 'update public.jobs set organization_id = organization_id',
    },
    {
      attack: 'by moving a derived row to it',
      sql: `update public.legacy_notes set employee_id = '${idOf('beta', ID.employee)}'`,
      gets: 'TZ012',
      control: 'update public.legacy_notes set employee_id = employee_id',
    },
    {
      attack: 'by taking over its key',
      sql: `update public.organizations set id = '${beta}'`,
      gets: 'TZ013',
      control: 'update public.organizations set name = name',
    },
    {
      attack: 'by deleting the organization',
      sql: 'delete from public.organizations',
      gets: '42501',
      control: 'select from public.organizations',
    },
    {
      attack: 'by writing users',
      sql: `update public.users set email = 'x@example.com'`,
      gets: '42501',
      control: 'select from public.users',
    },
    {
      attack: 'by assigning staff',
      sql: `insert into access.staff_assignments (organization_id, staff_id) values ('${acme}', gen_random_uuid())`,
      gets: '42501',
      control: 'select from public.users',
    },
    ...links,
  ].map((attack) => ({
    ...attack,
    sql: attack.sql.replace('TOKEN', tokenFor({ kind: 'tenant', organization: acme }, 3600)),
    control: attack.control.replace('TOKEN', tokenFor({ kind: 'tenant', organization: acme }, 3600)),
  }));
  test.each(attacks)('$attack', (attack) => attempt(client, attack));
});

describe('a token is refused', () => {
  const good = { kind: 'tenant', organization: acme } as const;
  const raw = (organization: string, kind: 'tenant' = 'tenant') => tokenFor({ kind, organization });
  const fields = (change: (parts: string[]) => void) => {
    const parts = tokenFor(good).split('.');
    change(parts);
    return parts.join('.');
  };
  const bad: { what: string; token: () => string; gets: string }[] = [
    { what: 'in upper case', token: () => tokenFor(good).toUpperCase(), gets: 'TZ003|TZ002' },
    {
      what: 'with its hex in upper case',
      token: () => fields((p) => (p[6] = p[6]?.toUpperCase() ?? '')),
      gets: 'TZ002|TZ003',
    },
    { what: 'with a line after it', token: () => `${tokenFor(good)}\n`, gets: 'TZ002|TZ003' },
    { what: 'with a blank before it', token: () => ` ${tokenFor(good)}`, gets: 'TZ002|TZ003' },
    { what: 'twice', token: () => tokenFor(good) + tokenFor(good), gets: 'TZ002|TZ003' },
    { what: 'with another dot', token: () => fields((p) => (p[3] = `${p[3]}.`)), gets: 'TZ002|TZ003' },
    { what: 'without its organization', token: () => fields((p) => (p[3] = '')), gets: 'TZ003' },
    { what: 'with a later end', token: () => fields((p) => (p[5] = '9999999999')), gets: 'TZ003' },
    {
      what: 'with an end of thirteen digits',
      token: () => fields((p) => (p[5] = '9999999999999')),
      gets: 'TZ002|TZ003',
    },
    { what: 'with a negative end', token: () => fields((p) => (p[5] = '-1')), gets: 'TZ002|TZ003' },
    { what: 'with the kind of another', token: () => fields((p) => (p[2] = 'staff')), gets: 'TZ003' },
    { what: 'with an empty key id', token: () => fields((p) => (p[1] = '')), gets: 'TZ002|TZ003' },
    {
      what: 'with SQL for a key id',
      token: () => fields((p) => (p[1] = `' or true --`)),
      gets: 'TZ002|TZ003',
    },
    { what: 'with an empty signature', token: () => fields((p) => (p[6] = '')), gets: 'TZ002|TZ003' },
    { what: 'with a signature of zeros', token: () => fields((p) => (p[6] = '0'.repeat(64))), gets: 'TZ003' },
    {
      what: 'with letters of another script',
      token: () => fields((p) => (p[3] = 'а'.repeat(8))),
      gets: 'TZ002|TZ003',
    },
    { what: 'signed for the word null', token: () => raw('null'), gets: '22P02' },
    { what: 'signed for a pattern', token: () => raw('%'), gets: '22P02' },
    { what: 'signed for two organizations', token: () => raw(`${acme},${beta}`), gets: '22P02' },
    { what: 'signed for a byte that text cannot hold', token: () => raw('\0'), gets: '22021' },
    {
      what: 'signed for an organization that is not there',
      token: () => raw('00000000-0000-4000-8000-0000000000ff'),
      gets: '0',
    },
    {
      what: 'of a staff member',
      token: () => tokenFor({ kind: 'staff', person: 'p', organization: acme }),
      gets: 'TZ005',
    },
    {
      what: 'of a support engineer',
      token: () => tokenFor({ kind: 'support', person: 'p', organization: acme }),
      gets: 'TZ005',
    },
    {
      what: 'of the year 1970',
      token: () => signToken(SIGNING, { ...good, expiresAt: new Date(1000) }),
      gets: 'TZ004',
    },
  ];
  test.each(bad)('$what', async ({ token, gets }) => {
    await client.query('begin');
    try {
      await client.query(`select set_config('tenant_zero.token', $1, true)`, [token()]);
      expect(gets.split('|')).toContain(String(await outcome(client, 'select from public.employees')));
      await client.query(`select set_config('tenant_zero.token', $1, true)`, [tokenFor(good)]);
      expect(await outcome(client, 'select from public.employees')).toBe(1);
    } finally {
      await client.query('rollback');
    }
  });
});

describe('a tenant context', () => {
  const other = () => tokenFor({ kind: 'tenant', organization: beta });

  test('decides anew at each execution of a prepared statement', async () => {
    await client.query('begin; deallocate all; set local plan_cache_mode = force_generic_plan');
    await client.query('prepare mine as select organization_id from public.employees');
    expect((await client.query('execute mine')).rows).toEqual([{ organization_id: acme }]);
    await client.query(`select set_config('tenant_zero.token', $1, true)`, [other()]);
    expect((await client.query('execute mine')).rows).toEqual([{ organization_id: beta }]);
    await client.query(`select set_config('tenant_zero.token', '', true)`);
    expect(await outcome(client, 'execute mine')).toBe('TZ001');
    await client.query('rollback');
  });

  test('comes back with a savepoint, and ends with its transaction', async () => {
    await client.query('begin; savepoint before');
    await client.query(`select set_config('tenant_zero.token', $1, true)`, [other()]);
    expect((await client.query('select organization_id from public.jobs')).rows).toEqual([
      { organization_id: beta },
    ]);
    await client.query('rollback to savepoint before');
    expect((await client.query('select organization_id from public.jobs')).rows).toEqual([
      { organization_id: acme },
    ]);
    await client.query('commit');
    const fresh = await logIn(database, 'app_backend');
    try {
      await fresh.query(`begin; select set_config('tenant_zero.token', '${other()}', true); commit; begin`);
      expect(await outcome(fresh, 'select from public.jobs')).toBe('TZ001');
    } finally {
      await fresh.end();
    }
  });

  test('ends inside a transaction when its token does', async () => {
    await client.query('begin');
    await client.query(`select set_config('tenant_zero.token', $1, true)`, [
      signToken(SIGNING, { kind: 'tenant', organization: acme, expiresAt: new Date(Date.now() + 1500) }),
    ]);
    expect(await outcome(client, 'select from public.employees')).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1600));
    expect(await outcome(client, 'select from public.employees')).toBe('TZ004');
    await client.query('rollback');
  });

  test('cannot be made the default of its own role', async () => {
    await client.query('begin');
    expect(await outcome(client, `alter role app_backend set "tenant_zero.token" = 'tz1.forged'`)).toBe(
      '42501',
    );
    // What it may set is found by TZ141.
    expect(await outcome(client, `alter role app_backend set application_name = 'x'; select`)).toBe(1);
    await client.query('rollback');
  });

  test('is the same in parallel workers', async () => {
    await client.query(
      'begin; set local debug_parallel_query = on; set local parallel_setup_cost = 0; set local parallel_tuple_cost = 0; set local min_parallel_table_scan_size = 0',
    );
    expect((await client.query('select distinct organization_id from public.documents')).rows).toEqual([
      { organization_id: acme },
    ]);
    await client.query('rollback');
  });

  test('of a new organization creates that one, ordinary, and no other', async () => {
    const fresh = '00000000-0000-4000-8000-0000000000aa';
    await client.query('begin');
    await setToken(client, tokenFor({ kind: 'tenant', organization: fresh }));
    const create = (id: string) =>
      `select access.create_organization('x', 'x-${id.slice(-2)}', '${userOf('acme')}', '${id}')`;
    expect(await outcome(client, create('00000000-0000-4000-8000-0000000000bb'))).toBe('42501');
    for (const flag of ['is_sensitive', 'is_sensitive, is_own'])
      expect(
        await outcome(
          client,
          `insert into public.organizations (id, name, slug, owner_membership_id, ${flag}) values ('${fresh}', 'x', 'x', gen_random_uuid(), ${flag.replace(/\w+/g, 'true')})`,
        ),
      ).toBe('TZ013');
    expect(await outcome(client, create(fresh))).toBe(1);
    expect(await outcome(client, 'select from public.organizations')).toBe(1);
    await client.query('rollback');
    await setToken(client, tokenFor({ kind: 'tenant', organization: acme }, 3600));
  });

  test('cannot ask which keys are sensitive', async () => {
    await client.query('begin');
    for (const call of [
      `guard.is_hidden('${ORGANIZATIONS.clinic}')`,
      'guard.hidden_organizations()',
      'guard.granted()',
      'guard.assigned_organizations()',
      'guard.console_granted()',
      'guard.session_person()',
      `guard.redeem('ticket')`,
      `guard.verified_token('tenant')`,
      'guard.owner_may()',
      'guard.is_probing()',
    ])
      expect([call, await outcome(client, `select ${call}`)]).toEqual([call, '42501']);
    expect(await outcome(client, 'select guard.current_organization()')).toBe(1);
    await client.query('rollback');
  });

  test('outlives a new key and ends with the one after it', async () => {
    await withClient(database.applier, async (applier) => {
      await applier.query('begin');
      await applier.query('select vault.set_signing_key($1, $2)', ['next', Buffer.alloc(32, 11)]);
      expect(await outcome(applier, `select vault.set_signing_key('next', '\\x00')`)).toBe('22023');
      expect(await outcome(applier, `select vault.set_signing_key('test', sha256('another'))`)).toBe('23505');
      await applier.query('rollback');
    });
    expect(await outcome2(client)).toBe(1);
  });

  const outcome2 = async (connected: Client) =>
    (await connected.query('select from public.employees')).rowCount;
});
