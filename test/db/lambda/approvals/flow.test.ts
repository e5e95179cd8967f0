/** From asking to the end, through the real handler: codes, refusals, and what is told to whom. */
import { randomUUID } from 'node:crypto';
import { ORGANIZATIONS } from '../../../support/tenants';
import { WHY, World } from './world';

const world = new World();
const CLINIC = { organization: ORGANIZATIONS.clinic, kind: 'shell', ...WHY } as const;

beforeAll(async () => {
  await world.open();
  await world.enrol('ada');
  await world.enrol('grace', 'ada');
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.tick());

test('asked, approved with a real code, granted; the topic hears of both', async () => {
  const preview = await world.call('uma', 'preview', { ...CLINIC, minutes: 60 });
  expect(preview).toMatchObject({
    organization: ORGANIZATIONS.clinic,
    own: false,
    codesNeeded: 1,
    minutes: 60,
  });
  expect(preview.blast.length).toBeGreaterThan(2);
  expect(preview.narrower).toHaveLength(1);
  const request = await world.call('uma', 'request', CLINIC);
  expect(request).toMatchObject({
    state: 'pending',
    login: 'uma@example.com',
    persona: 'ProdEngineer',
    person: world.ids.uma,
  });
  const decision = await world.approve('ada', request);
  expect(decision).toMatchObject({ drift: 0, missing: 0, request: { state: 'approved' } });
  expect(world.subjects.slice(-2)).toEqual([
    expect.stringContaining('uma@example.com asks for shell access'),
    expect.stringContaining('Approved: uma@example.com'),
  ]);
  const seen = await world.call('uma', 'visibility', {});
  expect(seen.grants).toContainEqual(
    expect.objectContaining({ organization: ORGANIZATIONS.clinic, live: true }),
  );
});

test.each([
  ['more time than the registry gives', { ...CLINIC, minutes: 241 }, 'request-invalid'],
  [
    'an ordinary flag for the own tenant',
    { ...CLINIC, organization: 'own', kind: 'flag', sensitive: false },
    'access-refused',
  ],
  ['the flag that it has', { ...CLINIC, kind: 'flag', sensitive: true }, 'nothing-to-grant'],
] as const)('%s is refused before it is looked at, and when it is asked for', async (_, asked, code) => {
  expect(await world.codeOf('uma', 'preview', asked)).toBe(code);
  expect(await world.codeOf('uma', 'request', asked)).toBe(code);
});

test('the own tenant needs codes of two different approvers', async () => {
  const request = await world.call('sam', 'request', { ...CLINIC, organization: 'own' });
  expect(request).toMatchObject({ own: true, codesNeeded: 2 });
  expect(await world.approve('ada', request)).toMatchObject({
    missing: 1,
    request: { state: 'pending', grant: null },
  });
  world.tick();
  const again = { request: request.id, hash: request.hash, code: await world.code('ada') };
  expect(await world.codeOf('ada', 'approve', again)).toBe('already-approved');
  expect(await world.approve('grace', request)).toMatchObject({ missing: 0, request: { state: 'approved' } });
});

test.each([
  [-1, -1],
  [1, 1],
])('a clock that differs by %d step is tolerated, and told', async (steps, drift) => {
  const { id, hash } = await world.call('uma', 'request', CLINIC);
  for (let i = 0; i < 3; i += 1) world.tick();
  const code = await world.code('grace', steps);
  expect(await world.call('grace', 'approve', { request: id, hash, code })).toMatchObject({
    drift,
    missing: 0,
  });
  for (let i = 0; i < 3; i += 1) world.tick();
});

describe('a code is refused', () => {
  test('a second time, for another request, and for the same', async () => {
    const [one, other] = [
      await world.call('uma', 'request', CLINIC),
      await world.call('sam', 'request', CLINIC),
    ];
    const code = await world.code('ada');
    await world.call('ada', 'approve', { request: one.id, hash: one.hash, code });
    expect(await world.codeOf('ada', 'approve', { request: other.id, hash: other.hash, code })).toBe(
      'code-used',
    );
    expect(await world.codeOf('ada', 'approve', { request: one.id, hash: one.hash, code })).toBe(
      'request-closed',
    );
    expect(await world.call('sam', 'show', { request: other.id })).toMatchObject({ state: 'pending' });
  });

  test('with the hash of something else', async () => {
    const [one, other] = [
      await world.call('uma', 'request', CLINIC),
      await world.call('sam', 'request', CLINIC),
    ];
    const mixed = { request: one.id, hash: other.hash, code: await world.code('ada') };
    expect(await world.codeOf('ada', 'approve', mixed)).toBe('request-changed');
    expect(await world.codeOf('ada', 'approve', { ...mixed, hash: one.hash })).toBe('ok');
  });

  test('for a request of more than an hour ago', async () => {
    const { id, hash } = await world.call('uma', 'request', CLINIC);
    const [row] = await world.rewrite(id, `created_at = created_at - interval '61 minutes'`);
    const given = { request: id, hash: row?.hash ?? hash, code: await world.code('ada') };
    expect(await world.codeOf('ada', 'approve', given)).toBe('request-lapsed');
    expect(await world.call('uma', 'show', { request: id })).toMatchObject({ state: 'lapsed', grant: null });
  });

  test('of somebody who set up no seed, who is no approver of ours, who is no persona for it', async () => {
    const { id, hash } = await world.call('uma', 'request', CLINIC);
    const given = { request: id, hash, code: '123456' };
    expect(await world.codeOf('ivo', 'approve', given)).toBe('approver-not-set-up');
    expect(await world.codeOf('eve', 'approve', given)).toBe('staff-no-approver');
    expect(await world.codeOf('sam', 'approve', given)).toBe('access-refused');
    expect(await world.codeOf('ada', 'approve', { ...given, code: '12345x' })).toBe('input-invalid');
    expect(world.metrics('UnexpectedPrincipals').length).toBeGreaterThanOrEqual(2);
  });

  test('nobody approves what they asked for themselves', async () => {
    const { id, hash } = await world.call('uma', 'request', CLINIC);
    // The same person with the other persona: only the database can tell.
    const [row] = await world.rewrite(id, `person = '${world.ids.ada}'`);
    const given = { request: id, hash: row?.hash ?? hash, code: await world.code('ada') };
    expect(await world.codeOf('ada', 'approve', given)).toBe('self-approval');
    world.tick();
    expect(await world.codeOf('grace', 'approve', { ...given, code: await world.code('grace') })).toBe('ok');
  });
});

test('denied with a code, and closed', async () => {
  const { id, hash } = await world.call('uma', 'request', CLINIC);
  const reason = 'the ticket is about somebody else';
  const denied = await world.call('ada', 'deny', {
    request: id,
    hash,
    code: await world.code('ada'),
    reason,
  });
  expect(denied.request).toMatchObject({ state: 'denied', denied: { reason } });
  expect(world.subjects.at(-1)).toContain('Denied: uma');
  world.tick();
  expect(await world.codeOf('ada', 'approve', { request: id, hash, code: await world.code('ada') })).toBe(
    'request-closed',
  );
});

describe('the same call again', () => {
  test('gets the same answer, and does nothing twice', async () => {
    const id = randomUUID();
    const first = await world.call('uma', 'request', CLINIC, id);
    const told = world.subjects.length;
    expect(await world.call('uma', 'request', CLINIC, id)).toEqual(first);
    expect(world.subjects).toHaveLength(told);
    expect(first.id).toBe(id);
    // A refusal is an answer as well: one wrong code is one failure.
    const wrong = { request: first.id, hash: first.hash, code: await world.wrong('ada') };
    const call = randomUUID();
    const refused = await world.ask('ada', 'approve', wrong, call);
    expect(refused).toMatchObject({ ok: false, error: { code: 'code-wrong' } });
    expect(await world.ask('ada', 'approve', wrong, call)).toEqual(refused);
  });

  test('at the same moment is done once', async () => {
    const id = randomUUID();
    const asked = await Promise.all([1, 2, 3].map(() => world.codeOf('uma', 'request', CLINIC, id)));
    expect(new Set(asked)).toEqual(
      new Set(asked.includes('call-in-progress') ? ['ok', 'call-in-progress'] : ['ok']),
    );
    expect(
      await world.superuser(`select from guard.ledger where event = 'request' and request = $1`, [id]),
    ).toHaveLength(1);
  });

  test('after the function died behind the commit, finds what was made', async () => {
    const id = randomUUID();
    const first = await world.call('uma', 'request', CLINIC, id);
    await world.superuser(
      `update vault.calls set status = 'INPROGRESS', until = now() - interval '1 s', response = null`,
    );
    expect(await world.call('uma', 'request', CLINIC, id)).toEqual(first);
  });

  test('with other words is refused, and of somebody else is another call', async () => {
    const id = randomUUID();
    await world.call('uma', 'ticket', { service: 'support-shell', ...WHY }, id);
    expect(await world.codeOf('uma', 'ticket', { service: 'support-shell', ...WHY, write: true }, id)).toBe(
      'call-id-reused',
    );
    expect(await world.codeOf('uma', 'ticket', { service: 'support-shell', ...WHY }, id)).toBe(
      'answer-given-once',
    );
  });
});

test('who may not see sensitive organizations, or is not active any more, asks in vain', async () => {
  expect(await world.codeOf('ned', 'request', CLINIC)).toBe('person-may-not-see');
  expect(await world.codeOf('ned', 'preview', CLINIC)).toBe('person-may-not-see');
  await world.superuser(`update access.staff set is_active = false where name = 'ned'`);
  expect(await world.codeOf('ned', 'list', {})).toBe('staff-inactive');
});

test('people see their own requests, approvers all of them', async () => {
  const { id } = await world.call('uma', 'request', CLINIC);
  expect(await world.codeOf('sam', 'show', { request: id })).toBe('access-unknown');
  expect(await world.codeOf('sam', 'revoke', { request: id, reason: WHY.reason })).toBe('access-unknown');
  const { requests } = await world.call('sam', 'list', { all: true });
  expect(requests.every(({ login }) => login === 'sam@example.com')).toBe(true);
  expect((await world.call('ada', 'list', { all: true })).requests.map((each) => each.id)).toContain(id);
});

test('with the topic down a decision stands, and the log says that nobody was told', async () => {
  const { id, hash } = await world.call('uma', 'request', CLINIC);
  world.down.sns = true;
  try {
    expect(await world.codeOf('ada', 'approve', { request: id, hash, code: await world.code('ada') })).toBe(
      'ok',
    );
  } finally {
    world.down.sns = false;
  }
  expect(world.lines.join()).toContain('not-notified');
  expect(world.metrics('NotificationsLost')).toEqual([1]);
});

test('with Secrets Manager down nothing is decided, and nothing counts against the approver', async () => {
  const { id, hash } = await world.call('uma', 'request', CLINIC);
  const given = { request: id, hash, code: await world.code('ada') };
  const attempts = () => world.superuser('select from vault.attempts');
  const before = (await attempts()).length;
  world.down.secrets = true;
  const call = randomUUID();
  await expect(world.ask('ada', 'approve', given, call)).rejects.toMatchObject({ name: 'ApprovalsFailed' });
  world.down.secrets = false;
  expect(await attempts()).toHaveLength(before);
  expect(await world.codeOf('ada', 'approve', given, call)).toBe('ok');
});
