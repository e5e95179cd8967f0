/** Each rule of the approval path: what it refuses, and the same call allowed for whoever may. */
import { randomUUID } from 'node:crypto';
import { SQLSTATE } from '../../../sql/db/errors';
import {
  ADA_ASKS,
  acme,
  asks,
  attemptFor,
  clinic,
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

const { uma, ada, grace, ivo } = PEOPLE;
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
beforeEach(() => forgive(world));
afterAll(() => world.close());

const ask = (given: Parameters<typeof asks>[0] = {}, who: typeof uma = uma) =>
  world.gate.request(who, asks(given));

describe('asking', () => {
  const refused: [title: string, given: object, code: keyof typeof SQLSTATE, who?: typeof uma][] = [
    ['an approver, as an approver', {}, 'accessRefused', ada],
    ['somebody of no persona', {}, 'accessRefused', { ...uma, persona: 'Administrator' }],
    ['an auditor', {}, 'accessRefused', { ...uma, persona: 'SecurityAuditor' }],
    ['a login in capitals', {}, 'requestInvalid', { ...uma, login: 'Uma@example.com' }],
    ['a caller without a person', {}, 'requestInvalid', { ...uma, person: '' }],
    ['a caller with more than that', {}, 'requestInvalid', { ...uma, admin: true } as never],
    ['for an ordinary organization', { organization: acme }, 'nothingToGrant'],
    ['for an unknown organization', { organization: randomUUID() }, 'organizationUnknown'],
    ['for something that is no key', { organization: 'acme' }, 'organizationUnknown'],
    ['for the empty text', { organization: '' }, 'requestInvalid'],
    ['for a number', { organization: 7 }, 'requestInvalid'],
    ['with nine characters of reason', { reason: 'too short' }, 'requestInvalid'],
    ['with ten characters, of which some are blanks', { reason: '  short   \n' }, 'requestInvalid'],
    ['without a ticket', { ticket: ' ' }, 'requestInvalid'],
    ['for longer than the registry allows', { minutes: 241 }, 'requestInvalid'],
    ['for no time', { minutes: 0 }, 'requestInvalid'],
    ['for a negative time', { minutes: -5 }, 'requestInvalid'],
    ['for one and a half minutes', { minutes: 1.5 }, 'requestInvalid'],
    ['for minutes in words', { minutes: '30' }, 'requestInvalid'],
    ['for a kind that is none', { kind: 'root' }, 'requestInvalid'],
    ['for an approver, which nobody asks for by hand', { kind: 'approver' }, 'requestInvalid'],
    ['for an access that is none', { access: 'all' }, 'requestInvalid'],
    ['under an id that is none', { id: 'x' }, 'requestInvalid'],
    ['saying a flag with a grant', { sensitive: false }, 'requestInvalid'],
    ['a flag without saying which', { kind: 'flag' }, 'requestInvalid'],
    ['a flag that is so already', { kind: 'flag', sensitive: true }, 'nothingToGrant'],
    [
      'an ordinary one to be ordinary',
      { kind: 'flag', sensitive: false, organization: acme },
      'nothingToGrant',
    ],
    [
      'the own tenant to be ordinary',
      { kind: 'flag', sensitive: false, organization: 'own' },
      'accessRefused',
    ],
  ];
  test.each(refused)('refuses %s', async (_, given, code, who = uma) => {
    expect(await refusal(ask(given, who))).toBe(SQLSTATE[code]);
  });

  test('answers whoever may, and says what it would open', async () => {
    const request = await ask({ minutes: 240 });
    expect(request).toMatchObject({
      state: 'pending',
      organization: clinic,
      own: false,
      codesNeeded: 1,
      minutes: 240,
      grant: null,
    });
    expect(request.blast).toContainEqual({ table: 'public.employees', rows: 1 });
    expect(await world.look('select current_setting($1, true) as left', ['tenant_zero.counting'])).toEqual([
      { left: null },
    ]);
  });

  test('takes the default where nobody says how long, and two codes for the own tenant', async () => {
    const { minutes: _, ...rest } = asks({ organization: 'own' });
    const request = await world.gate.request(uma, rest);
    expect(request).toMatchObject({ organization: zero, own: true, codesNeeded: 2, minutes: 30 });
  });

  test('refuses an id that was used', async () => {
    const first = await ask();
    expect(await refusal(ask({ id: first.id }))).toBe(SQLSTATE.requestInvalid);
  });

  test('counts in one digit and zeros', async () => {
    const numbers = [0, 7, 10, 11, 99, 101, 2001];
    const rows = await world.look<{ r: string }>(
      'select guard.rounded_up(n) as r from unnest($1::bigint[]) n',
      [numbers],
    );
    expect(rows.map(({ r }) => Number(r))).toEqual([0, 7, 10, 20, 100, 200, 3000]);
  });

  test('the hash is over every field of the request', async () => {
    const { id, hash } = await ask();
    const changes = {
      kind: `'console'`,
      access: `'write'`,
      organization: `'x'`,
      own: 'true',
      sensitive: 'true',
      approver: `'x'`,
      person: `'x'`,
      login: `'x'`,
      persona: `'x'`,
      reason: `'x'`,
      ticket: `'x'`,
      minutes: '31',
      blast: `'[1]'`,
      codes_needed: '0',
      break_glass: 'true',
      created_at: `created_at + interval '1 microsecond'`,
      id: 'gen_random_uuid()',
    };
    for (const [column, value] of Object.entries(changes)) {
      await world.look('begin');
      await world.look(`update guard.requests set ${column} = ${value} where id = $1`, [id]);
      const [row] = await world.look<{ hash: string; stored: string }>(
        'select guard.request_hash(r) as hash, r.hash as stored from guard.requests r where r.hash = $1',
        [hash],
      );
      await world.look('rollback');
      expect([column, row?.hash === hash]).toEqual([column, false]);
    }
    const [row] = await world.look<{ hash: string }>(
      'select guard.request_hash(r) as hash from guard.requests r where id = $1',
      [id],
    );
    expect(row?.hash).toBe(hash);
  });
});

describe('approving', () => {
  const begin = async (who: typeof uma, given: object = {}, request?: { id: string; hash: string }) =>
    refusal(world.gate.attempt(who, attemptFor(request ?? (await ask()), 'approve', given)));

  test('makes the grant, and tells the drift', async () => {
    const request = await ask();
    const attempt = attemptFor(request);
    expect(await world.gate.attempt(ada, attempt)).toMatchObject({ approver: 'ada' });
    const { request: approved, missing } = await gives(world, grace, attemptFor(request));
    expect(missing).toBe(0);
    expect(approved).toMatchObject({ state: 'approved', codesGiven: [{ approver: 'grace', drift: 0 }] });
    const { startsAt, endsAt } = approved?.grant ?? { startsAt: '', endsAt: '' };
    expect(Date.parse(endsAt) - Date.parse(startsAt)).toBe(30 * 60_000);
  });

  const refused: [title: string, code: keyof typeof SQLSTATE, run: () => Promise<string | undefined>][] = [
    ['an engineer', 'accessRefused', () => begin(uma)],
    [
      'an approver who is not set up',
      'approverUnknown',
      () => begin({ person: 'p-eve', login: 'eve@example.com', persona: 'SensitiveApprover' }),
    ],
    [
      'the login of an approver as another person',
      'approverUnknown',
      () => begin({ ...ada, person: 'p-eve' }),
    ],
    [
      'the person of an approver with another login',
      'approverUnknown',
      () => begin({ ...ada, login: 'eve@example.com' }),
    ],
    ['a request that is not there', 'accessUnknown', () => begin(ada, { request: randomUUID() })],
    ['the hash of another request', 'requestChanged', async () => begin(ada, { hash: (await ask()).hash })],
    ['no hash', 'requestInvalid', () => begin(ada, { hash: null })],
    ['a purpose that is none', 'requestInvalid', () => begin(ada, { purpose: 'grant' })],
    ['whoever asked', 'selfApproval', async () => begin(ada, {}, await ask({}, ADA_ASKS))],
    [
      'the same person by another login',
      'selfApproval',
      async () => begin(ada, {}, await ask({}, { ...ADA_ASKS, login: 'other@example.com' })),
    ],
    [
      'the same login as another person',
      'selfApproval',
      async () => begin(ada, {}, await ask({}, { ...ADA_ASKS, person: 'p-other' })),
    ],
    ['what is approved already', 'requestClosed', async () => begin(ada, {}, await granted(world))],
    [
      'what is denied',
      'requestClosed',
      async () => {
        const request = await ask();
        await gives(world, grace, attemptFor(request, 'deny'));
        return begin(ada, {}, request);
      },
    ],
    [
      'what was withdrawn',
      'requestClosed',
      async () => {
        const request = await ask();
        await world.gate.revoke(uma, request.id, 'it is not needed any more');
        return begin(ada, {}, request);
      },
    ],
    [
      'a second code of the same approver',
      'alreadyApproved',
      async () => {
        const request = await ask({ organization: zero });
        await gives(world, ada, attemptFor(request));
        return begin(ada, {}, request);
      },
    ],
  ];
  test.each(refused)('refuses %s', async (_, code, run) => {
    expect(await run()).toBe(SQLSTATE[code]);
  });

  test('refuses a request of one hour, and takes one of 59 minutes', async () => {
    const late = await ask();
    const age = async (minutes: number) => {
      await world.look(
        `with moved as (update guard.requests set created_at = statement_timestamp() - $2 * interval '1 minute' where id = $1 returning *)
        select 1`,
        [late.id, minutes],
      );
      await world.look('update guard.requests r set hash = guard.request_hash(r) where id = $1', [late.id]);
      return world.gate.show(uma, late.id);
    };
    const lapsed = await age(60);
    expect(lapsed.state).toBe('lapsed');
    expect(await begin(ada, {}, lapsed)).toBe(SQLSTATE.requestLapsed);
    const fresh = await age(59);
    expect(await begin(ada, {}, fresh)).toBeUndefined();
  });

  test('the own tenant takes codes of two different approvers', async () => {
    const request = await ask({ organization: zero });
    const first = await gives(world, ada, attemptFor(request));
    expect(first).toMatchObject({ missing: 1, request: { state: 'pending', grant: null } });
    const second = await gives(world, grace, attemptFor(request));
    expect(second).toMatchObject({ missing: 0, request: { state: 'approved' } });
  });

  test('a step is used once, and never an earlier one', async () => {
    const step = nextStep();
    await gives(world, ivo, attemptFor(await ask()), step);
    const again = async (at: number) => refusal(gives(world, ivo, attemptFor(await ask()), at));
    expect(await again(step)).toBe(SQLSTATE.codeUsed);
    expect(await again(step - 1)).toBe(SQLSTATE.codeUsed);
    expect(await again(nextStep())).toBeUndefined();
  });

  test('a step far ahead, or a drift of two, is not taken', async () => {
    const attempt = attemptFor(await ask());
    await world.gate.attempt(grace, attempt);
    expect(await refusal(world.gate.accept(attempt.id, nextStep() + 10_000, 0))).toBe(
      SQLSTATE.requestInvalid,
    );
    expect(await refusal(world.gate.accept(attempt.id, nextStep(), 2))).toBe(SQLSTATE.requestInvalid);
    expect(await refusal(world.gate.accept(attempt.id, nextStep(), -1))).toBeUndefined();
  });

  test('an attempt ends with its outcome, and after a minute', async () => {
    const attempt = attemptFor(await ask());
    await gives(world, grace, attempt);
    expect(await refusal(world.gate.weigh(attempt.id))).toBe(SQLSTATE.requestClosed);
    const old = attemptFor(await ask());
    await world.gate.attempt(grace, old);
    await world.look(`update vault.attempts set at = at - interval '1 minute' where id = $1`, [old.id]);
    expect(await refusal(world.gate.weigh(old.id))).toBe(SQLSTATE.requestClosed);
  });

  test('what has become ordinary since is not granted', async () => {
    const request = await ask();
    const flag = await ask({ kind: 'flag', sensitive: false });
    await gives(world, ada, attemptFor(flag));
    expect(await begin(grace, {}, request)).toBe(SQLSTATE.nothingToGrant);
    const back = await ask({ kind: 'flag', sensitive: true });
    await gives(world, ada, attemptFor(back));
    expect(await begin(grace, {}, request)).toBeUndefined();
  });
});

describe('the flag', () => {
  test('changes with one code, and the setting that allows it does not stay', async () => {
    const request = await ask({ kind: 'flag', sensitive: true, organization: acme });
    expect(request).toMatchObject({ codesNeeded: 1, minutes: 0 });
    const { request: done } = await gives(world, ada, attemptFor(request));
    expect(done).toMatchObject({ state: 'approved', grant: null });
    const { rows } = await world.client.query(
      `select current_setting('tenant_zero.sensitive_change', true) as left`,
    );
    expect(rows).toEqual([{ left: '' }]);
    expect(await world.gate.context(uma, acme)).toMatchObject({ sensitive: true });
    await gives(world, grace, attemptFor(await ask({ kind: 'flag', sensitive: false, organization: acme })));
    expect(await world.gate.context(uma, acme)).toMatchObject({ sensitive: false });
  });

  test('changes for the gate through nothing else', async () => {
    await world.client.query('begin');
    await world.client.query(`select set_config('tenant_zero.sensitive_change', $1, true)`, [clinic]);
    expect(await refusal(world.client.query('select guard.set_sensitive($1, false)', [clinic]))).toBe(
      '42501',
    );
    await world.client.query('rollback');
  });
});
