/** How access ends, how it begins without anybody's leave, who gives codes; and that no secret is ever told. */
import { generate } from 'otplib';
import { ORGANIZATIONS } from '../../../support/tenants';
import { OWN, WHY, World } from './world';

const world = new World();
const CLINIC = { organization: ORGANIZATIONS.clinic, kind: 'shell', ...WHY } as const;
const REASON = 'the work is done, thank you';

beforeAll(async () => {
  await world.open();
  await world.enrol('ada');
  await world.enrol('grace', 'ada');
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.tick());

describe('revoke', () => {
  test('ends the sessions and the shell, and proves it', async () => {
    const { id } = await world.granted('uma', {}, 'ada');
    const { client, shell } = await world.shell('uma');
    const session = 'ecs-execute-command-0abc';
    await world.call('uma', 'shell-opened', { shell, task: 'task/1', session });
    const seen = () =>
      client.query(`select from public.employees where organization_id = '${ORGANIZATIONS.clinic}'`);
    expect((await seen()).rowCount).toBeGreaterThan(0);

    const revocation = await world.call('uma', 'revoke', { request: id, reason: REASON });
    expect(revocation).toMatchObject({
      proved: true,
      sessions: 1,
      shells: { ended: 1, failed: [] },
      proof: { rows: 0, control: true },
      request: { state: 'revoked' },
    });
    expect(revocation.proof.tables).toBeGreaterThan(5);
    expect(revocation.proof.afterMs).toBeLessThan(10_000);
    await expect(seen()).rejects.toThrow();
    expect(world.ssm.calls.at(-1)).toEqual({ operation: 'TerminateSession', input: { SessionId: session } });
    expect(world.subjects.at(-1)).toContain('Revoked: uma');
    const [proof] = await world.superuser(`select body from guard.ledger where event = 'revocation-proved'`);
    expect(JSON.parse(String(proof?.body)).detail).toMatchObject({ rows: 0, proved: true });
  });

  test('by an approver, of the console: proved with a token of that person', async () => {
    const { id } = await world.granted('sam', { kind: 'console' }, 'ada');
    expect(await world.call('grace', 'revoke', { request: id, reason: REASON })).toMatchObject({
      proved: true,
      proof: { rows: 0, control: true },
    });
  });

  test('a grant that somebody made again meanwhile is seen, and nothing is proved', async () => {
    await world.superuser(`
      create function public.plant() returns trigger language plpgsql as $$ begin
        insert into guard.grants (person, organization, kind, access, starts_at, ends_at)
        values (new.person, '${ORGANIZATIONS.clinic}', 'shell', 'read', now() - interval '1 s', now() + interval '1 hour');
        return new; end $$;
      create trigger plant after insert on vault.tickets for each row when (new.service = 'probe') execute function public.plant()`);
    const { id } = await world.granted('uma', {}, 'grace');
    const revocation = await world.call('ada', 'revoke', { request: id, reason: REASON });
    expect(revocation).toMatchObject({ proved: false, proof: { control: true } });
    expect(revocation.proof.rows).toBeGreaterThan(0);
    expect(world.subjects.at(-1)).toContain('REVOKED BUT NOT PROVED');
    await world.superuser('drop trigger plant on vault.tickets; drop function public.plant()');
    // Asked again, it ends what was made meanwhile, and is proved.
    expect(await world.call('ada', 'revoke', { request: id, reason: REASON })).toMatchObject({
      proved: true,
    });
  });

  test.each([
    [
      'the probe cannot log in',
      `alter role support_shell password 'other'`,
      `alter role support_shell password 'test-support'`,
    ],
    [
      'the probe sees nothing at all',
      'revoke usage on schema public from support_shell',
      'grant usage on schema public to support_shell',
    ],
  ])('revoked but not proved: %s', async (_, breaks, mends) => {
    const { id } = await world.granted('uma', {}, 'ada');
    await world.superuser(breaks);
    const revocation = await world.call('uma', 'revoke', { request: id, reason: REASON });
    await world.superuser(mends);
    expect(revocation).toMatchObject({
      proved: false,
      proof: { control: false },
      request: { state: 'revoked' },
    });
  });

  test('a shell whose channel cannot be ended is named, and then nothing is proved', async () => {
    const { id } = await world.granted('uma', {}, 'ada');
    const { client, shell } = await world.shell('uma');
    await world.call('uma', 'shell-opened', { shell, task: 'task/2', session: 'ecs-execute-command-1' });
    world.down.ssm = true;
    const revocation = await world.call('uma', 'revoke', { request: id, reason: REASON });
    world.down.ssm = false;
    await client.end().catch(() => undefined);
    expect(revocation).toMatchObject({
      proved: false,
      sessions: 1,
      shells: { ended: 0 },
      proof: { rows: 0 },
    });
    expect(revocation.shells.failed).toContain(shell);
  });

  test('a request that nobody has approved is withdrawn', async () => {
    const { id } = await world.call('uma', 'request', CLINIC);
    const revocation = await world.call('uma', 'revoke', { request: id, reason: REASON });
    expect(revocation).toMatchObject({
      proved: true,
      proof: { tables: 0, control: false },
      request: { state: 'revoked' },
    });
  });
});

test('two approvers at once make one grant', async () => {
  const { id, hash } = await world.call('uma', 'request', CLINIC);
  const given = await Promise.all(
    (['ada', 'grace'] as const).map(async (name) =>
      world.codeOf(name, 'approve', { request: id, hash, code: await world.code(name) }),
    ),
  );
  expect(given.sort()).toEqual(['ok', 'request-closed']);
  expect(await world.superuser('select from guard.grants where request = $1', [id])).toHaveLength(1);
});

describe('break glass', () => {
  const GLASS = { organization: 'own', reason: 'nobody answers, and payroll is today', ticket: 'OPS-9' };

  test('opens for half an hour, loudly, and stays open until it is reviewed', async () => {
    const made = await world.call('bea', 'break-glass', GLASS);
    expect(made).toMatchObject({
      breakGlass: true,
      state: 'approved',
      minutes: 30,
      organization: OWN,
      reviewed: null,
    });
    expect(world.subjects.at(-1)).toMatch(/BREAK GLASS by bea@example.com/);
    expect((await world.measure()) as object).toMatchObject({ result: { reviewsOpen: 1 } });
    const given = { request: made.id, hash: made.hash, note: 'seen, it was the only way' };
    expect(await world.codeOf('bea', 'review', { ...given, code: '123456' })).toBe('access-refused');
    const reviewed = await world.call('grace', 'review', { ...given, code: await world.code('grace') });
    expect(reviewed.request.reviewed).toMatchObject({ by: 'grace' });
    expect((await world.measure()) as object).toMatchObject({ result: { reviewsOpen: 0 } });
    expect(world.metrics('BreakGlass')).toEqual([1]);
  });

  test('where nobody can be told, nothing is opened', async () => {
    const grants = () => world.superuser(`select from guard.grants where person = '${world.ids.bea}'`);
    const before = (await grants()).length;
    world.down.sns = true;
    expect(await world.codeOf('bea', 'break-glass', GLASS)).toBe('nobody-can-be-told');
    world.down.sns = false;
    expect(await grants()).toHaveLength(before);
    expect(await world.codeOf('uma', 'break-glass', GLASS)).toBe('access-refused');
    expect(await world.codeOf('bea', 'break-glass', GLASS)).toBe('ok');
  });

  test('is what opens a shell of the backend', async () => {
    const ask = { service: 'backend', ...WHY } as const;
    expect(await world.codeOf('bea', 'ticket', ask)).toBe('ok');
    expect(await world.codeOf('uma', 'ticket', ask)).toBe('service-refused');
    await world.superuser(
      `set session_replication_role = replica; update guard.grants set revoked_at = now() where person = '${world.ids.bea}'`,
    );
    expect(await world.codeOf('bea', 'ticket', ask)).toBe('access-refused');
  });
});

describe('approvers', () => {
  test('set up themselves only, and not while their seed counts', async () => {
    expect(await world.codeOf('grace', 'approver-add', { name: 'ivo' })).toBe('approver-not-yourself');
    expect(await world.codeOf('ada', 'approver-add', { name: 'ada' })).toBe('access-refused');
    expect(await world.codeOf('uma', 'approver-add', { name: 'uma' })).toBe('access-refused');
  });

  test('count after a code of their own and one of another, and are removed with a code', async () => {
    const { secret, otpauth } = await world.call('ivo', 'approver-add', { name: 'ivo' });
    world.seeds.ivo = secret;
    expect(otpauth).toMatch(
      /^otpauth:\/\/totp\/Tenant%20Zero%20test:ivo%40example.com\?secret=[A-Z2-7]{32}&/,
    );
    expect(
      await world.codeOf('ivo', 'approver-confirm', { name: 'ivo', code: await world.wrong('ivo') }),
    ).toBe('code-wrong');
    const confirmed = await world.call('ivo', 'approver-confirm', {
      name: 'ivo',
      code: await world.code('ivo'),
    });
    expect(confirmed).toMatchObject({
      name: 'ivo',
      state: 'waits-for-approval',
      request: { kind: 'approver' },
    });
    if (confirmed.request) await world.approve('ada', confirmed.request);
    const states = async () =>
      Object.fromEntries(
        (await world.call('ada', 'approver-list', {})).approvers.map(({ name, state }) => [name, state]),
      );
    expect(await states()).toMatchObject({ ivo: 'counts' });
    world.tick();
    const removed = await world.call('ada', 'approver-remove', {
      name: 'ivo',
      code: await world.code('ada'),
      reason: 'leaves the company',
    });
    expect(removed).toMatchObject({ name: 'ivo', state: 'removed' });
    expect(JSON.parse(world.secrets.value('tz-test/sensitive/approver/ivo') ?? '{}')).toMatchObject({
      seed: null,
    });
  });

  test('are locked after five wrong codes, which the topic hears; the right one is refused then', async () => {
    const { id, hash } = await world.call('uma', 'request', CLINIC);
    await world.superuser(
      `delete from vault.attempts where approver = 'grace' and outcome is distinct from 'accepted'`,
    );
    const answers: string[] = [];
    for (let i = 0; i < 5; i += 1)
      answers.push(
        await world.codeOf('grace', 'approve', { request: id, hash, code: await world.wrong('grace') }),
      );
    expect(answers).toEqual(Array(5).fill('code-wrong'));
    expect(world.subjects.filter((subject) => subject.includes('Approver grace is locked'))).toHaveLength(1);
    const right = { request: id, hash, code: await world.code('grace') };
    expect(await world.codeOf('grace', 'approve', right)).toBe('approver-locked');
    // Another approver is not.
    expect(await world.codeOf('ada', 'approve', { ...right, code: await world.code('ada') })).toBe('ok');
    expect(world.metrics('CodesRefused').length).toBeGreaterThanOrEqual(6);
  });
});

describe('shells', () => {
  test('are seen and closed by their person, and by approvers with a reason; by nobody else', async () => {
    const { client, shell } = await world.shell('uma');
    const mine = async (name: 'uma' | 'sam' | 'ada') =>
      (await world.call(name, 'shells', {})).shells.some((each) => each.shell === shell);
    expect([await mine('uma'), await mine('sam'), await mine('ada')]).toEqual([true, false, true]);
    expect(await world.codeOf('sam', 'shell-close', { shell, reason: REASON })).toBe('access-unknown');
    await expect(client.query('select 1')).resolves.toBeDefined();
    expect(await world.call('uma', 'shell-close', { shell })).toMatchObject({ endedAt: expect.any(String) });
    await expect(client.query('select 1')).rejects.toThrow();
    const other = await world.shell('sam');
    expect(await world.codeOf('ada', 'shell-close', { shell: other.shell })).toBe('request-invalid');
    expect(await world.codeOf('ada', 'shell-close', { shell: other.shell, reason: REASON })).toBe('ok');
    await expect(other.client.query('select 1')).rejects.toThrow();
  });
});

test('the flag changes with a code, and the other way', async () => {
  const flag = { organization: ORGANIZATIONS.acme, kind: 'flag', ...WHY } as const;
  expect(await world.call('uma', 'preview', { ...flag, sensitive: true })).toMatchObject({ codesNeeded: 1 });
  for (const sensitive of [true, false]) {
    const request = await world.granted('uma', { ...flag, sensitive }, 'ada');
    expect(request).toMatchObject({ kind: 'flag', state: 'approved', sensitive });
    const [row] = await world.superuser('select is_sensitive from public.organizations where id = $1', [
      flag.organization,
    ]);
    expect(row).toEqual({ is_sensitive: sensitive });
  }
  expect(await world.codeOf('uma', 'request', { ...flag, organization: 'own', sensitive: false })).toBe(
    'access-refused',
  );
});

describe('once a minute', () => {
  test('grants are counted, and the head of the ledger is exported when it changed', async () => {
    expect(await world.measure()).toMatchObject({
      ok: true,
      result: { head: expect.stringMatching(/^ledger\/\d{12}\.json$/) },
    });
    const before = world.s3.seen.length;
    await world.measure();
    expect(world.s3.seen).toHaveLength(before);
    await world.call('uma', 'request', CLINIC);
    await world.measure();
    expect(world.s3.seen).toHaveLength(before + 1);
    expect(world.metrics('GrantsAlive').at(-1)).toBeGreaterThan(0);
  });

  test('a bucket that cannot be reached fails, and is tried again', async () => {
    await world.call('uma', 'request', CLINIC);
    world.down.s3 = true;
    await expect(world.measure()).rejects.toMatchObject({ name: 'ApprovalsFailed' });
    world.down.s3 = false;
    await expect(world.measure()).resolves.toMatchObject({ ok: true });
  });
});

test('no code, seed, ticket, token or password is in the log or in a message', async () => {
  const codes = await Promise.all(
    Object.values(world.seeds).flatMap((secret) =>
      Array.from({ length: 200 }, (_, i) =>
        generate({ secret, epoch: Math.floor(world.now().getTime() / 1000) - i * 30 }),
      ),
    ),
  );
  const told = world.told;
  // The search finds what is there.
  expect(told).toContain('uma@example.com');
  expect(told).toContain('"event":"code-accepted"');
  const secrets = [
    ...Object.values(world.seeds),
    ...world.tickets,
    ...Object.values(world.people).flatMap(({ secretAccessKey, sessionToken = '' }) => [
      secretAccessKey,
      sessionToken,
    ]),
    ...['test-gate', 'test-support', 'test-staff'],
  ];
  expect(secrets.length).toBeGreaterThan(15);
  expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
  // As a word of its own: six digits stand in many a hash.
  expect(codes.filter((code) => new RegExp(`(?<![0-9a-f-])${code}(?![0-9a-f-])`).test(told))).toEqual([]);
});
