/** Breaking glass, locking, and who may know of what: what is refused, and the same call allowed for whoever may. */
import { randomUUID } from 'node:crypto';
import { SQLSTATE } from '../../../sql/db/errors';
import {
  acme,
  asks,
  attemptFor,
  clinic,
  createWorld,
  errs,
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

const ask = (given: Parameters<typeof asks>[0] = {}, who: typeof uma = uma) =>
  world.gate.request(who, asks(given));

describe('breaking glass', () => {
  test('is for BreakGlassAdmin only, is half an hour, and stays open until an approver has looked', async () => {
    expect(await refusal(world.gate.breakGlass(uma, asks()))).toBe(SQLSTATE.accessRefused);
    expect(await refusal(world.gate.breakGlass(bea, asks({ organization: acme })))).toBe(
      SQLSTATE.nothingToGrant,
    );
    const before = await world.gate.measure();
    const request = await world.gate.breakGlass(bea, asks({ organization: zero, minutes: 240 }));
    expect(request).toMatchObject({
      state: 'approved',
      breakGlass: true,
      minutes: 30,
      codesNeeded: 0,
      reviewed: null,
    });
    await world.look(
      `update guard.grants set starts_at = starts_at - interval '1 hour', ends_at = ends_at - interval '1 hour' where request = $1`,
      [request.id],
    );
    const open = async () =>
      (await world.gate.list(ada, { all: false, limit: 500 })).some(({ id }) => id === request.id);
    expect([await open(), (await world.gate.show(bea, request.id)).state]).toEqual([true, 'ended']);
    expect((await world.gate.measure()).reviewsOpen).toBe(before.reviewsOpen + 1);
    expect(await refusal(gives(world, ada, attemptFor(request)))).toBe(SQLSTATE.requestClosed);
    const { request: reviewed } = await gives(world, ada, attemptFor(request, 'review'));
    expect(reviewed?.reviewed).toMatchObject({ by: 'ada', note: 'it was looked at closely' });
    expect([await open(), (await world.gate.measure()).reviewsOpen]).toEqual([false, before.reviewsOpen]);
    expect(await refusal(gives(world, grace, attemptFor(request, 'review')))).toBe(SQLSTATE.requestClosed);
  });

  test('is not reviewed by whoever broke it, and nothing else is reviewed', async () => {
    const request = await world.gate.breakGlass({ ...ada, persona: 'BreakGlassAdmin' }, asks());
    expect(await refusal(gives(world, ada, attemptFor(request, 'review')))).toBe(SQLSTATE.selfApproval);
    expect(await refusal(gives(world, grace, attemptFor(request, 'review')))).toBeUndefined();
    expect(await refusal(gives(world, grace, attemptFor(await ask(), 'review')))).toBe(
      SQLSTATE.requestInvalid,
    );
  });

  test('does not lengthen other grants, nor they it', async () => {
    const person = { ...bea, person: 'p-both', login: 'both@example.com' };
    const broken = await world.gate.breakGlass(person, asks());
    const long = await world.gate.request(person, asks({ minutes: 200 }));
    await gives(world, ada, attemptFor(long));
    const { grant } = await world.gate.show(person, broken.id);
    expect(Date.parse(grant?.endsAt ?? '') - Date.parse(grant?.startsAt ?? '')).toBe(30 * 60_000);
  });
});

describe('locking', () => {
  test('five failures lock, the sixth attempt is refused and not counted, and the lock ends by itself', async () => {
    const request = await ask();
    const answers = [];
    for (let i = 0; i < 5; i++) answers.push(await errs(world, ivo, attemptFor(request)));
    expect(answers.map(({ failures, lockedNow }) => [failures, lockedNow])).toEqual([
      [1, false],
      [2, false],
      [3, false],
      [4, false],
      [5, true],
    ]);
    expect(await refusal(gives(world, ivo, attemptFor(request)))).toBe(SQLSTATE.approverLocked);
    const [{ count } = { count: '' }] = await world.look<{ count: string }>(
      `select count(*) from vault.attempts where request = $1`,
      [request.id],
    );
    expect(count).toBe('5');
    const locked = (await world.gate.approvers(ada)).find(({ name }) => name === 'ivo')?.lockedUntil ?? '';
    expect(Date.parse(locked) - Date.now()).toBeGreaterThan(14 * 60_000);
    // Another approver is not touched by it.
    expect(await refusal(world.gate.attempt(grace, attemptFor(request)))).toBeUndefined();
    await world.look(`update vault.attempts set at = at - interval '15 minutes' where approver = 'ivo'`);
    await world.look(
      `update vault.approvers set locked_until = locked_until - interval '15 minutes' where name = 'ivo'`,
    );
    expect(await refusal(gives(world, ivo, attemptFor(request)))).toBeUndefined();
  });

  test('attempts that never end count as well', async () => {
    const request = await ask();
    for (let i = 0; i < 5; i++) await world.gate.attempt(ivo, attemptFor(request));
    expect(await refusal(world.gate.attempt(ivo, attemptFor(request)))).toBe(SQLSTATE.approverLocked);
    expect((await world.gate.approvers(ada)).find(({ name }) => name === 'ivo')?.lockedUntil).not.toBeNull();
    await world.look(`update vault.attempts set at = at - interval '15 minutes'`);
    expect(await refusal(world.gate.attempt(ivo, attemptFor(request)))).toBeUndefined();
  });

  test('a refusal says a known reason, once', async () => {
    const attempt = attemptFor(await ask());
    await world.gate.attempt(ivo, attempt);
    expect(await refusal(world.gate.refuse(attempt.id, 'tired' as never))).toBe(SQLSTATE.requestInvalid);
    expect((await world.gate.refuse(attempt.id, 'malformed')).failures).toBe(1);
    expect(await refusal(world.gate.refuse(attempt.id, 'wrong'))).toBe(SQLSTATE.requestClosed);
    expect(await refusal(world.gate.accept(attempt.id, nextStep(), 0))).toBe(SQLSTATE.requestClosed);
  });
});

describe('knowing', () => {
  test('people see what they asked for, approvers see everything', async () => {
    const request = await ask();
    expect(await refusal(world.gate.show(sam, request.id))).toBe(SQLSTATE.accessUnknown);
    expect(await refusal(world.gate.revoke(sam, request.id, 'I do not like it at all'))).toBe(
      SQLSTATE.accessUnknown,
    );
    expect((await world.gate.show(ada, request.id)).id).toBe(request.id);
    const seen = async (who: typeof uma) =>
      (await world.gate.list(who, { all: true, limit: 500 })).some(({ id }) => id === request.id);
    expect([await seen(uma), await seen(sam), await seen(ada)]).toEqual([true, false, true]);
  });

  test('grants are the own ones, merged into one where they are live', async () => {
    await granted(world, { minutes: 10 });
    await granted(world, { minutes: 60 });
    const { live, past } = await world.gate.context(uma, clinic);
    expect(live.filter(({ kind, access }) => kind === 'shell' && access === 'read')).toHaveLength(1);
    expect(past.grants).toBeGreaterThan(1);
    expect(await world.gate.grantsOf(sam, clinic)).toEqual([]);
    expect(await world.gate.grantsOf(sam, randomUUID())).toEqual([]);
    expect((await world.gate.grantsOf(uma, null))[0]).toMatchObject({
      organization: clinic,
      live: true,
      revoked: false,
    });
  });
});
