/** Checks that stand behind others: each is the last one where the one before it is passed by. */
import { randomUUID } from 'node:crypto';
import type { NewAttempt } from '../../../sql/approvals/gate';
import { issueTicket } from '../../support/tenants';
import {
  asks,
  attemptFor,
  clinic,
  completes,
  createWorld,
  forgive,
  gives,
  granted,
  nextStep,
  PEOPLE,
  refusal,
  type World,
  zero,
} from './world';

jest.setTimeout(120_000);

const { uma, sam, ada, grace, ivo, bea } = PEOPLE;
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
beforeEach(() => forgive(world));
afterAll(() => world.close());

test.each(['person', 'login'] as const)(
  'two codes for the own tenant are not of one %s by two names',
  async (same) => {
    const request = await world.gate.request(uma, asks({ organization: zero }));
    await gives(world, ada, attemptFor(request));
    // As if somebody had been set up twice, past the check that forbids it.
    await world.look(`update guard.approvals set ${same} = $1 where request = $2`, [grace[same], request.id]);
    expect(await refusal(gives(world, grace, attemptFor(request)))).toBe('TZ047');
    expect((await gives(world, ivo, attemptFor(request))).missing).toBe(0);
  },
);

test.each([
  ['minutes', `minutes = 240`],
  ['the organization', `organization = '${zero}'`],
  ['whom it is for', `person = 'p-sam'`],
  ['how many codes it takes', `codes_needed = 0`],
])('a request whose row was changed in %s is not approved, whatever hash stands in it', async (_, set) => {
  const request = await world.gate.request(uma, asks());
  await world.look(`update guard.requests set ${set} where id = $1`, [request.id]);
  expect(await refusal(gives(world, ada, attemptFor(request)))).toBe('TZ041');
  const other = await world.gate.request(uma, asks());
  expect((await gives(world, ada, attemptFor(other))).missing).toBe(0);
});

test('a request from when the organization was not the own one takes no code any more', async () => {
  const request = await world.gate.request(uma, asks({ organization: zero }));
  // Sealed anew, as if it had been asked when one code was enough.
  for (const set of ['own = false', 'codes_needed = 1', 'own = false, codes_needed = 1']) {
    await world.look(`update guard.requests set own = true, codes_needed = 2 where id = $1`, [request.id]);
    await world.look(`update guard.requests set ${set} where id = $1`, [request.id]);
    await world.look('update guard.requests r set hash = guard.request_hash(r) where id = $1', [request.id]);
    const { hash } = await world.gate.show(uma, request.id);
    expect(await refusal(gives(world, ada, attemptFor({ id: request.id, hash })))).toBe('TZ041');
    await forgive(world);
  }
});

test('whoever is removed between the two transactions of a code confirms nothing', async () => {
  const confirm = (): NewAttempt => ({
    id: randomUUID(),
    purpose: 'confirm-approver',
    request: null,
    hash: null,
    approver: 'sam',
    reason: null,
  });
  const samApproves = { ...sam, persona: 'SensitiveApprover' };
  await world.gate.addApprover(samApproves, 'sam');
  const [late, intime] = [confirm(), confirm()];
  await world.gate.attempt(samApproves, late);
  await gives(world, ada, {
    id: randomUUID(),
    purpose: 'remove-approver',
    request: null,
    hash: null,
    approver: 'sam',
    reason: 'they have left the company',
  });
  expect(await refusal(completes(world, late.id))).toBe('TZ045');
  await world.gate.addApprover(samApproves, 'sam');
  expect((await gives(world, samApproves, intime)).missing).toBe(1);
});

test('accept checks by itself: a request that was decided after it was weighed is not decided again', async () => {
  const request = await world.gate.request(uma, asks());
  const attempt = attemptFor(request);
  await world.gate.attempt(ada, attempt);
  await world.gate.weigh(attempt.id);
  await gives(world, grace, attemptFor(request, 'deny'));
  expect(await refusal(world.gate.accept(attempt.id, nextStep(), 0))).toBe('TZ042');
});

test('a login that has become another person is no approver', async () => {
  expect(
    await refusal(
      world.gate.attempt({ ...ada, person: 'p-new' }, attemptFor(await world.gate.request(uma, asks()))),
    ),
  ).toBe('TZ045');
});

test('five failures lock for 15 minutes after the last of them, not only while all five are remembered', async () => {
  const request = await world.gate.request(uma, asks());
  for (let n = 0; n < 5; n += 1) {
    const attempt = attemptFor(request);
    await world.gate.attempt(ada, attempt);
    await world.gate.refuse(attempt.id, 'wrong');
  }
  await world.look(`update vault.attempts set at = at - interval '15 minutes'`);
  expect(await refusal(world.gate.attempt(ada, attemptFor(request)))).toBe('TZ046');
  await world.look(`update vault.approvers set locked_until = locked_until - interval '15 minutes'`);
  expect((await gives(world, ada, attemptFor(request))).missing).toBe(0);
});

describe('a ticket of BreakGlassAdmin', () => {
  const ticket = () =>
    refusal(
      world.gate.ticket(bea, {
        id: randomUUID(),
        hash: randomUUID().replaceAll('-', '').repeat(2),
        service: 'backend',
        reason: 'the night shift does not answer',
        ticket: 'OPS-1',
        write: false,
      }),
    );

  test('is for broken glass that is live, not ended, not revoked, not for a grant of another kind', async () => {
    expect(await ticket()).toBe('TZ049');
    const asked = await world.gate.request({ ...bea, persona: 'ProdEngineer' }, asks());
    await gives(world, ada, attemptFor(asked));
    expect(await ticket()).toBe('TZ049');
    const broken = await world.gate.breakGlass(bea, asks());
    expect(await ticket()).toBeUndefined();
    await world.look(
      `update guard.grants set starts_at = starts_at - interval '1 h', ends_at = clock_timestamp() where request = $1`,
      [broken.id],
    );
    expect(await ticket()).toBe('TZ049');
    const again = await world.gate.breakGlass(bea, asks());
    expect(await ticket()).toBeUndefined();
    await world.gate.revoke(bea, again.id, 'somebody has answered');
    expect(await ticket()).toBe('TZ049');
  });
});

test('shells of others are neither closed nor told about by an engineer, or by who breaks the glass', async () => {
  await issueTicket(world.database, { person: uma.person });
  const [shell] = await world.look<{ id: string }>(
    'select id from vault.tickets order by issued_at desc limit 1',
  );
  const id = shell?.id as string;
  expect(await refusal(world.gate.shellOpened(sam, id, 'task', 'session'))).toBe('TZ040');
  for (const who of [sam, bea]) {
    expect(await refusal(world.gate.closeShell(who, id, 'it is not needed any more'))).toBe('TZ040');
    expect((await world.gate.shells(who)).map(({ shell }) => shell)).not.toContain(id);
  }
  expect((await world.gate.shells(ada)).map(({ shell }) => shell)).toContain(id);
  expect(await refusal(world.gate.closeShell(ada, id, null))).toBe('TZ052');
  await world.gate.shellOpened(uma, id, 'task', 'session');
  expect((await world.gate.closeShell(ada, id, 'it is not needed any more')).view.endedAt).not.toBeNull();
});

test('a probe looks as somebody who was granted something, and as nobody else', async () => {
  const hash = () => randomUUID().replaceAll('-', '').repeat(2);
  expect(await refusal(world.gate.probeTicket(ada, 'p-nobody', hash()))).toBe('TZ052');
  await granted(world, { organization: clinic });
  expect(await refusal(world.gate.probeTicket(ada, uma.person, hash()))).toBeUndefined();
});

test('a change of the flag leaves nothing open behind it, in its own transaction either', async () => {
  const request = await world.gate.request(
    uma,
    asks({ kind: 'flag', organization: '00000000-0000-4000-8000-00000000000b', sensitive: true }),
  );
  const attempt = attemptFor(request);
  await world.gate.attempt(ada, attempt);
  await world.client.query('begin');
  await world.gate.weigh(attempt.id);
  await world.gate.accept(attempt.id, nextStep(), 0);
  const { rows } = await world.client.query(
    `select current_setting('tenant_zero.sensitive_change', true) as left`,
  );
  await world.client.query('commit');
  expect(rows).toEqual([{ left: '' }]);
  expect(
    await world.look(
      `select is_sensitive as is from public.organizations where id = '00000000-0000-4000-8000-00000000000b'`,
    ),
  ).toEqual([{ is: true }]);
});
