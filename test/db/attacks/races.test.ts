/** Two sessions at once: the list of hidden organizations, open transactions, rows that come and go. */
import { Client } from 'pg';
import { withClient } from '../../support/database';
import type { PlatformDatabase } from '../../support/platform';
import { markSensitive, ORGANIZATIONS, withoutApprovals } from '../../support/tenants';
import { logIn, logInWith, outcome } from './attack';
import { createFilledDatabase } from './fill';

let database: PlatformDatabase;
const open: Client[] = [];
const session = async (login: string) => {
  const client = await logIn(database, login);
  open.push(client);
  return client;
};
beforeAll(async () => {
  // Without an approval path, the gate stands alone.
  database = await createFilledDatabase(withoutApprovals);
}, 30_000);
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.end()));
  for (const tenant of ['acme', 'beta'] as const) await markSensitive(database, ORGANIZATIONS[tenant], false);
});

const { acme, beta, clinic } = ORGANIZATIONS;
const set = (organization: string, sensitive: boolean) =>
  `select set_config('tenant_zero.sensitive_change', '${organization}', true), guard.set_sensitive('${organization}', ${sensitive})`;
const hidden = () =>
  withClient(database.superuser, async (client) => {
    const { rows } = await client.query('select organizations from guard.hidden');
    return rows[0].organizations as string[];
  });
const employees = (client: Client, organization: string) =>
  outcome(client, `select from public.employees where organization_id = '${organization}'`);

test('of two changes of the list at the same time none is lost', async () => {
  const [one, two] = [await session('sensitive_gate'), await session('sensitive_gate')];
  await one.query('begin');
  await two.query('begin');
  await one.query(set(acme, true));
  const waiting = two.query(set(beta, true));
  await new Promise((resolve) => setTimeout(resolve, 100));
  await one.query('commit');
  await waiting;
  await two.query('commit');
  expect(await hidden()).toEqual([acme, beta, clinic]);
});

test.each(['repeatable read', 'serializable'])(
  'nor in %s: the second one is told to try again',
  async (level) => {
    const [one, two] = [await session('sensitive_gate'), await session('sensitive_gate')];
    await one.query('begin');
    await two.query(`begin isolation level ${level}; savepoint s`);
    await two.query('select 1');
    await one.query(set(acme, true));
    const waiting = two.query(set(beta, true)).then(
      () => undefined,
      (error: { code: string }) => error.code,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    await one.query('commit');
    expect(await waiting).toBe('40001');
    await two.query('rollback');
    expect(await hidden()).toEqual([acme, clinic]);
  },
);

test('one hides and another lifts at the same time: both hold', async () => {
  await markSensitive(database, acme);
  const [one, two] = [await session('sensitive_gate'), await session('sensitive_gate')];
  await one.query('begin');
  await two.query('begin');
  await one.query(set(acme, false));
  const waiting = two.query(set(beta, true));
  await new Promise((resolve) => setTimeout(resolve, 100));
  await one.query('commit');
  await waiting;
  await two.query('commit');
  expect(await hidden()).toEqual([beta, clinic]);
});

test('a change that is rolled back leaves the list as it was', async () => {
  const gate = await session('sensitive_gate');
  await gate.query('begin');
  await gate.query(set(clinic, false));
  await gate.query('rollback');
  expect(await hidden()).toEqual([clinic]);
  await gate.query('begin; savepoint s');
  await gate.query(set(clinic, false));
  await gate.query('rollback to savepoint s');
  await gate.query('commit');
  expect(await hidden()).toEqual([clinic]);
});

test('an organization is hidden from the next statement of an open transaction, prepared ones too', async () => {
  const support = await session('support_shell');
  await support.query('begin; set local plan_cache_mode = force_generic_plan');
  await support.query('prepare all_of as select from public.employees where organization_id = $1');
  expect(await outcome(support, `execute all_of ('${acme}')`)).toBe(1);
  await markSensitive(database, acme);
  expect(await outcome(support, `execute all_of ('${acme}')`)).toBe(0);
  expect(await outcome(support, `execute all_of ('${beta}')`)).toBe(1);
  await support.query('rollback');
});

test('an update that waits for a row of an organization that is hidden meanwhile ends with that statement', async () => {
  const support = await session('support_shell');
  const app = await logInWith(database, 'app_backend', { kind: 'tenant', organization: acme });
  open.push(app);
  await app.query(`begin; update public.jobs set kind = 'held'`);
  await support.query('set default_transaction_read_only = off');
  await support.query('begin');
  const waiting = support.query(`update public.jobs set kind = 'support' where organization_id = '${acme}'`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await markSensitive(database, acme);
  await app.query('commit');
  await waiting;
  expect(
    await outcome(support, `update public.jobs set kind = 'again' where organization_id = '${acme}'`),
  ).toBe(0);
  await support.query('rollback');
});

test('a snapshot taken before ends with its transaction', async () => {
  const support = await session('support_shell');
  await support.query('begin isolation level repeatable read');
  expect(await employees(support, acme)).toBe(1);
  await markSensitive(database, acme);
  // What remains: MVCC shows the whole transaction one moment. The approval path ends such sessions.
  expect(await employees(support, acme)).toBe(1);
  await support.query('commit');
  expect(await employees(await inTransaction(support), acme)).toBe(0);
  await support.query('rollback');
});

async function inTransaction(client: Client): Promise<Client> {
  await client.query('begin');
  return client;
}

test('deleting and inserting an organization at the same time does not make its key ordinary', async () => {
  const insert = `insert into public.organizations (id, name, slug, owner_membership_id) values ('${clinic}', 'x', 'again', gen_random_uuid())`;
  const [one, two] = [new Client(database.superuser), new Client(database.superuser)];
  for (const client of [one, two]) await client.connect();
  open.push(one, two);
  // As if somebody had got rid of the row: the guard is off for the deletion only.
  await one.query(
    `begin; set local session_replication_role = replica; alter table public.organizations disable trigger zz_tenant_zero_flag; delete from public.organizations where id = '${clinic}'; alter table public.organizations enable always trigger zz_tenant_zero_flag`,
  );
  await two.query(`begin; set local lock_timeout = '300ms'`);
  expect(await outcome(two, insert)).toBe('55P03');
  expect(await outcome(one, insert)).toBe('TZ013');
  await one.query('rollback');
  await two.query('rollback');
  expect(await hidden()).toEqual([clinic]);
});

test('a damaged list shows nobody anything, and does not pass for an empty one', async () => {
  const superuser = new Client(database.superuser);
  await superuser.connect();
  open.push(superuser);
  await superuser.query('begin; delete from guard.hidden; set local session authorization support_shell');
  expect(await outcome(superuser, 'select from public.employees')).toBe('TZ020');
  expect(await outcome(superuser, `select from guard.search_documents_title('%')`)).toBe('TZ020');
  await superuser.query('rollback; begin; set local session authorization support_shell');
  expect(await outcome(superuser, 'select from public.employees')).toBe(3);
  await superuser.query('rollback');
  for (const sql of [
    `update guard.hidden set organizations = '{}'`,
    `update guard.hidden set organizations = array[null]::uuid[], members = 1`,
    `update guard.hidden set organizations = null`,
    `insert into guard.hidden (only_row, organizations, members) values (false, '{}', 0)`,
  ]) {
    await superuser.query('begin');
    expect([sql, ['23514', '23502'].includes(String(await outcome(superuser, sql)))]).toEqual([sql, true]);
    await superuser.query('rollback');
  }
});
