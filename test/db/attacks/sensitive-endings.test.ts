/** What is granted or revoked at the very moment of something else: access is the union of what was given, and nothing outlives its end. */
import type { Client } from 'pg';
import { issueTicket, redeem } from '../../support/tenants';
import {
  asks,
  attemptFor,
  clinic,
  completes,
  createWorld,
  forgive,
  granted,
  nextStep,
  PEOPLE,
  type World,
} from '../approvals/world';
import { logIn, outcome } from './attack';

jest.setTimeout(120_000);

const { uma, ada, grace } = PEOPLE;
let world: World;
const open: Client[] = [];
const shell = async (write = false) => {
  const client = await logIn(world.database, 'support_shell');
  open.push(client);
  await redeem(client, await issueTicket(world.database, { person: uma.person, write }));
  return client;
};
const CLINIC = `select from public.employees where organization_id = '${clinic}'`;
const sees = async (client: Client, begin = 'begin read only') => {
  await client.query(begin);
  const got = await outcome(client, CLINIC);
  await client.query('rollback');
  return got;
};
const WHY = 'it is not needed any more';

beforeAll(async () => {
  world = await createWorld();
});
beforeEach(async () => {
  await forgive(world);
  await world.look('delete from guard.grants');
});
afterEach(() => Promise.all(open.splice(0).map((client) => client.end())));
afterAll(() => world.close());

test('two grants that are made at the same instant keep ends of their own, and access is to the later one', async () => {
  const [long, short] = [
    await world.gate.request(uma, asks({ minutes: 120 })),
    await world.gate.request(uma, asks({ minutes: 10 })),
  ];
  const [first, second] = [await world.another(), await world.another()];
  const [one, two] = [attemptFor(long), attemptFor(short)];
  await first.gate.attempt(ada, one);
  await second.gate.attempt(grace, two);
  // Neither sees the other's row: both are written before either is committed, but for the end of the ledger.
  await first.client.query('begin');
  await first.gate.weigh(one.id);
  await first.gate.accept(one.id, nextStep(), 0);
  const other = completes(second, two.id);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await first.client.query('commit');
  await other;
  const rows = await world.look<{ ends: Date }>('select ends_at as ends from guard.grants order by ends_at');
  expect(rows).toHaveLength(2);
  const client = await shell();
  expect(await sees(client)).toBe(1);
  // Past the end of the short one, before that of the long one, whichever rows were merged.
  await world.look(
    `update guard.grants set starts_at = starts_at - interval '1 h', ends_at = ends_at - interval '1 h'`,
  );
  expect(await sees(client)).toBe(1);
  await world.gate.revoke(uma, long.id, WHY);
  expect(await sees(client)).toBe(0);
});

test('a session that begins while somebody revokes sees nothing afterwards', async () => {
  const request = await granted(world);
  const ticket = await issueTicket(world.database, { person: uma.person });
  const hand = await world.another();
  await hand.client.query('begin');
  await hand.gate.revoke(uma, request.id, WHY);
  const client = await logIn(world.database, 'support_shell');
  open.push(client);
  await redeem(client, ticket);
  expect(await sees(client)).toBe(1);
  await hand.client.query('commit');
  expect(await sees(client)).toBe(0);
});

test('a snapshot from while somebody revoked goes on; asked once more, the revocation names its session', async () => {
  const request = await granted(world);
  const ticket = await issueTicket(world.database, { person: uma.person });
  const hand = await world.another();
  await hand.client.query('begin');
  const { backends } = await hand.gate.revoke(uma, request.id, WHY);
  const client = await logIn(world.database, 'support_shell');
  open.push(client);
  client.on('error', () => undefined);
  await redeem(client, ticket);
  const { rows } = await client.query('select pg_backend_pid() as pid');
  await client.query('begin isolation level repeatable read read only');
  expect(await outcome(client, CLINIC)).toBe(1);
  await hand.client.query('commit');
  // PostgreSQL's snapshots: docs/security.md. Ending the session ends it.
  expect(await outcome(client, CLINIC)).toBe(1);
  expect(backends.map(({ pid }) => pid)).not.toContain(rows[0].pid);
  const again = await world.gate.revoke(uma, request.id, WHY);
  expect(again.backends.map(({ pid }) => pid)).toContain(rows[0].pid);
  const peer = await logIn(world.database, 'support_shell');
  open.push(peer);
  await peer.query('select pg_terminate_backend($1, 5000)', [rows[0].pid]);
  await expect(client.query(CLINIC)).rejects.toThrow();
});

test('a shell that is closed while its ticket is being redeemed is not opened by that', async () => {
  const ticket = await issueTicket(world.database, { person: uma.person });
  const [row] = await world.look<{ id: string }>(
    'select id from vault.tickets order by issued_at desc limit 1',
  );
  const client = await logIn(world.database, 'support_shell');
  open.push(client);
  const hand = await world.another();
  await hand.client.query('begin');
  await hand.gate.closeShell(uma, row?.id as string, null);
  const redeeming = redeem(client, ticket).then(
    () => 'redeemed',
    (error: { code: string }) => error.code,
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  await hand.client.query('commit');
  expect(await redeeming).toBe('TZ031');
  // The other way round: the closing waits, and ends what was opened.
  const next = await issueTicket(world.database, { person: uma.person });
  const [last] = await world.look<{ id: string }>(
    'select id from vault.tickets order by issued_at desc limit 1',
  );
  await client.query('begin read write');
  await client.query('select guard.redeem($1)', [next]);
  const closing = world.gate.closeShell(uma, last?.id as string, null);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await client.query('commit');
  await closing;
  expect(await sees(client)).toBe('TZ030');
  expect(await sees(await shell())).toBe(0);
});

test('of the tickets that a peer sees being redeemed none is left to be redeemed', async () => {
  const [client, peer] = [
    await logIn(world.database, 'support_shell'),
    await logIn(world.database, 'support_shell'),
  ];
  open.push(client, peer);
  const ticket = await issueTicket(world.database, { person: uma.person });
  // As psql sends it, in the text of the statement: the worst case.
  await client.query('begin read write');
  await client.query(`select guard.redeem('${ticket}')`);
  const seen = await peer.query(
    `select query from pg_stat_activity where query like '%${ticket}%' and pid <> pg_backend_pid()`,
  );
  expect(seen.rowCount).toBe(1);
  const racing = redeem(peer, ticket).then(
    () => 'redeemed',
    (error: { code: string }) => error.code,
  );
  await client.query('commit');
  expect(await racing).toBe('TZ031');
  await granted(world);
  expect(await sees(client)).toBe(1);
  expect(await sees(peer)).toBe('TZ030');
});

test('a session belongs to the login that redeemed its ticket, also in a process of the same number', async () => {
  await granted(world);
  const client = await shell();
  const [was, ended] = [
    `update vault.sessions set role = 'support_shell' where ended_at is null`,
    `'app_backend'`,
  ];
  expect(await sees(client)).toBe(1);
  await world.look(was.replace(`'support_shell'`, ended));
  expect(await sees(client)).toBe('TZ030');
  await world.look(was);
  expect(await sees(client)).toBe(1);
});
