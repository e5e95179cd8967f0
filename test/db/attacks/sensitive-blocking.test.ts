/** Whoever holds a ticket decides when their transaction ends: nobody else may have to wait for it, and nothing is lost by it. */
import type { Client } from 'pg';
import { issueTicket, redeem } from '../../support/tenants';
import {
  asks,
  attemptFor,
  clinic,
  createWorld,
  forgive,
  gives,
  granted,
  PEOPLE,
  refusal,
  type World,
} from '../approvals/world';
import { logIn, outcome } from './attack';

jest.setTimeout(120_000);

const { uma, ada, bea } = PEOPLE;
let world: World;
const open: Client[] = [];
const session = async () => {
  const client = await logIn(world.database, 'support_shell');
  open.push(client);
  return client;
};
const ticket = () => issueTicket(world.database, { person: uma.person });
const openings = async (): Promise<number> =>
  Number(
    (
      await world.look<{ n: string }>(`select count(*) as n from guard.ledger where event = 'shell-opened'`)
    )[0]?.n,
  );
const CLINIC = `select from public.employees where organization_id = '${clinic}'`;

beforeAll(async () => {
  world = await createWorld();
});
beforeEach(() => forgive(world));
afterEach(() => Promise.all(open.splice(0).map((client) => client.end())));
afterAll(() => world.close());

test('a ticket that is redeemed and not committed keeps nobody from asking, approving, breaking glass, revoking', async () => {
  const live = await granted(world);
  const holder = await session();
  await holder.query('set idle_in_transaction_session_timeout = 0; begin read write');
  await holder.query('select guard.redeem($1)', [await ticket()]);
  await world.client.query(`set statement_timeout = '3s'`);
  const request = await world.gate.request(uma, asks());
  expect((await gives(world, ada, attemptFor(request))).missing).toBe(0);
  expect((await world.gate.breakGlass(bea, asks())).state).toBe('approved');
  expect((await world.gate.revoke(uma, live.id, 'it is not needed any more')).request.state).toBe('revoked');
  await world.gate.shells(uma);
  await world.gate.measure();
  await world.client.query('reset statement_timeout');
  const before = await openings();
  await holder.query('commit');
  expect(await outcome(holder, CLINIC).catch(() => 'no transaction')).toBe('no transaction');
  await world.gate.measure();
  expect(await openings()).toBe(before + 1);
});

test('each opening is in the ledger once, with its time, and one that was taken back is not', async () => {
  await world.gate.measure();
  const before = await openings();
  const client = await session();
  await client.query('begin read write');
  await client.query('select guard.redeem($1)', [await ticket()]);
  await client.query('rollback');
  await redeem(client, await ticket());
  const hands = await Promise.all([world.another(), world.another(), world.another()]);
  await Promise.all(hands.map(({ gate }) => gate.measure()));
  expect(await openings()).toBe(before + 1);
  const [entry] = await world.look<{ late: boolean; person: string }>(
    `select l.person, abs((l.detail ->> 'openedAt')::bigint - extract(epoch from s.opened_at) * 1000000) > 1 as late
     from guard.ledger l join vault.sessions s on s.shell::text = l.detail ->> 'shell' where l.event = 'shell-opened' order by l.sequence desc limit 1`,
  );
  expect(entry).toEqual({ person: uma.person, late: false });
  expect(await world.look('select * from vault.sessions where not recorded')).toEqual([]);
});

test('a session that redeems its next ticket, and does not commit, keeps the ledger waiting for that one entry only', async () => {
  const client = await session();
  const [first, next] = [await ticket(), await ticket()];
  await redeem(client, first);
  await client.query('begin read write');
  await client.query('select guard.redeem($1)', [next]);
  const before = await openings();
  await world.client.query(`set statement_timeout = '3s'`);
  await world.gate.measure();
  await world.client.query('reset statement_timeout');
  expect(await openings()).toBe(before);
  expect(await refusal(client.query(CLINIC))).toBe('TZ030');
  await client.query('rollback');
  await world.gate.measure();
  expect(await openings()).toBe(before + 1);
});

test('what the ledger has not heard yet, the audit tells all the same', async () => {
  await granted(world);
  await world.gate.measure();
  const auditor = await logIn(world.database, 'auditor');
  open.push(auditor);
  const did = async () =>
    (
      await auditor.query(
        `select 1 from guard.audit($1, now() - interval '1 h', now() + interval '1 h') where how = 'did' and person = $2`,
        [clinic, uma.person],
      )
    ).rowCount ?? 0;
  await auditor.query('set default_transaction_read_only = on');
  const before = await did();
  await redeem(await session(), await ticket());
  expect(await world.look('select 1 from vault.sessions where not recorded')).toHaveLength(1);
  const told = await did();
  expect(told).toBeGreaterThan(before);
  await world.gate.measure();
  expect(await did()).toBe(told);
});
