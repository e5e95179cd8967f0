/** Two at once, on several connections: one grant, one answer, and nobody waits in a circle. */
import type { RequestView } from '../../../sql/approvals/views';
import { SQLSTATE } from '../../../sql/db/errors';
import {
  asks,
  attemptFor,
  clinic,
  completes,
  createWorld,
  forgive,
  gives,
  nextStep,
  PEOPLE,
  refusal,
  type World,
  zero,
} from './world';

jest.setTimeout(120_000);

const { uma, ada, grace, ivo } = PEOPLE;
const ROUNDS = 12;
let world: World;
let left: Awaited<ReturnType<World['another']>>;
let right: Awaited<ReturnType<World['another']>>;
beforeAll(async () => {
  world = await createWorld();
  [left, right] = [await world.another(), await world.another()];
});
beforeEach(() => forgive(world));
afterAll(() => world.close());

const grantsFor = (requests: readonly string[]) =>
  world.look('select * from guard.grants where request = any ($1::uuid[])', [requests]);

/** Both begin, then both complete at the same time. */
async function atOnce(requests: [string, string], acts: [() => Promise<unknown>, () => Promise<unknown>]) {
  const outcomes = await Promise.all(acts.map((act) => refusal(act())));
  return { outcomes, grants: await grantsFor(requests) };
}

test('two approvers at once make exactly one grant', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    await forgive(world);
    const request = await world.gate.request(uma, asks());
    const [one, two] = [attemptFor(request), attemptFor(request)];
    await left.gate.attempt(ada, one);
    await right.gate.attempt(grace, two);
    const { outcomes, grants } = await atOnce(
      [request.id, request.id],
      [() => completes(left, one.id), () => completes(right, two.id)],
    );
    expect(outcomes.sort()).toEqual([SQLSTATE.requestClosed, undefined]);
    expect(grants).toHaveLength(1);
  }
});

test('two approvers at once for the own tenant make one grant of two codes', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const request = await world.gate.request(uma, asks({ organization: zero }));
    const [one, two] = [attemptFor(request), attemptFor(request)];
    await left.gate.attempt(ada, one);
    await right.gate.attempt(grace, two);
    const { outcomes, grants } = await atOnce(
      [request.id, request.id],
      [() => completes(left, one.id), () => completes(right, two.id)],
    );
    expect(outcomes).toEqual([undefined, undefined]);
    expect(grants).toHaveLength(1);
    expect((await world.gate.show(uma, request.id)).codesGiven).toHaveLength(2);
  }
});

test('one approver twice at once for the own tenant is one code', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    await forgive(world);
    const request = await world.gate.request(uma, asks({ organization: zero }));
    const [one, two] = [attemptFor(request), attemptFor(request)];
    await left.gate.attempt(ada, one);
    await right.gate.attempt(ada, two);
    const { outcomes, grants } = await atOnce(
      [request.id, request.id],
      [() => completes(left, one.id), () => completes(right, two.id)],
    );
    expect(outcomes.sort()).toEqual([SQLSTATE.alreadyApproved, undefined]);
    expect(grants).toHaveLength(0);
  }
});

test('the same code for two requests at once counts for one', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    await forgive(world);
    const requests = [await world.gate.request(uma, asks()), await world.gate.request(uma, asks())] as const;
    const [one, two] = [attemptFor(requests[0]), attemptFor(requests[1])];
    await left.gate.attempt(ada, one);
    await right.gate.attempt(ada, two);
    const step = nextStep();
    const { outcomes, grants } = await atOnce(
      [requests[0].id, requests[1].id],
      [() => completes(left, one.id, step), () => completes(right, two.id, step)],
    );
    expect(outcomes.sort()).toEqual([SQLSTATE.codeUsed, undefined]);
    expect(grants).toHaveLength(1);
  }
});

test('approve and deny at once: one of them', async () => {
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    await forgive(world);
    const request = await world.gate.request(uma, asks());
    const [one, two] = [attemptFor(request), attemptFor(request, 'deny')];
    await left.gate.attempt(ada, one);
    await right.gate.attempt(grace, two);
    const acts: [() => Promise<unknown>, () => Promise<unknown>] = [
      () => completes(left, one.id),
      () => completes(right, two.id),
    ];
    const { outcomes, grants } = await atOnce(
      [request.id, request.id],
      round % 2 ? acts : [acts[1], acts[0]],
    );
    const { state } = await world.gate.show(uma, request.id);
    expect(outcomes.sort()).toEqual([SQLSTATE.requestClosed, undefined]);
    expect(grants).toHaveLength(state === 'approved' ? 1 : 0);
    seen.add(state);
  }
  expect([...seen].every((state) => state === 'approved' || state === 'denied')).toBe(true);
});

test('approve and revoke at once: whichever is second sees what the first did', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    await forgive(world);
    const request = await world.gate.request(uma, asks());
    const one = attemptFor(request);
    await left.gate.attempt(ada, one);
    const acts: [() => Promise<unknown>, () => Promise<unknown>] = [
      () => completes(left, one.id),
      () => right.gate.revoke(uma, request.id, 'it is not needed any more'),
    ];
    const { outcomes, grants } = await atOnce(
      [request.id, request.id],
      round % 2 ? acts : [acts[1], acts[0]],
    );
    expect([
      [undefined, undefined],
      [SQLSTATE.requestClosed, undefined],
    ]).toContainEqual(outcomes.sort());
    expect((await world.gate.show(uma, request.id)).state).toBe('revoked');
    expect(grants.every((grant) => (grant as { revoked_at: unknown }).revoked_at !== null)).toBe(true);
  }
});

test('extending and revoking at once leaves nothing of what was granted before', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    await forgive(world);
    const first = await world.gate.request(uma, asks());
    await gives(world, ivo, attemptFor(first));
    const more = await world.gate.request(uma, asks({ minutes: 120 }));
    const one = attemptFor(more);
    await left.gate.attempt(ada, one);
    const { outcomes } = await atOnce(
      [first.id, more.id],
      [() => completes(left, one.id), () => right.gate.revoke(uma, first.id, 'it is not needed any more')],
    );
    expect(outcomes).toEqual([undefined, undefined]);
    expect((await world.gate.show(uma, first.id)).state).toBe('revoked');
    const { state } = await world.gate.show(uma, more.id);
    // After a revocation a grant is a new decision; before it, it ended with the rest.
    expect(['approved', 'revoked']).toContain(state);
    if (state === 'approved') await world.gate.revoke(uma, more.id, 'the round is over');
    expect((await world.gate.context(uma, clinic)).live).toEqual([]);
  }
});

test('a grant that runs out while it is extended is not cut, and not brought back', async () => {
  const first = await world.gate.request(uma, asks());
  await gives(world, ivo, attemptFor(first));
  await world.look(
    `update guard.grants set ends_at = clock_timestamp() + interval '150 milliseconds' where request = $1`,
    [first.id],
  );
  const more = await world.gate.request(uma, asks({ minutes: 60 }));
  const one = attemptFor(more);
  await left.gate.attempt(ada, one);
  await left.client.query('begin');
  await left.gate.weigh(one.id);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await left.gate.accept(one.id, nextStep(), 0);
  await left.client.query('commit');
  expect((await world.gate.show(uma, first.id)).state).toBe('ended');
  const { live } = await world.gate.context(uma, clinic);
  expect(live).toHaveLength(1);
  await world.gate.revoke(uma, more.id, 'the test is over');
});

test('overlapping grants get the later end, whichever comes first', async () => {
  for (const [a, b] of [
    [20, 90],
    [90, 20],
  ] as const) {
    const [long, short] = [
      await world.gate.request(uma, asks({ minutes: a })),
      await world.gate.request(uma, asks({ minutes: b })),
    ];
    const before = Date.now();
    await gives(world, ada, attemptFor(long));
    await gives(world, grace, attemptFor(short));
    const shown = [await world.gate.show(uma, long.id), await world.gate.show(uma, short.id)];
    const ends = shown.map(({ grant }) => grant?.endsAt);
    expect(new Set(ends).size).toBe(1);
    expect(Date.parse(ends[0] ?? '') - before).toBeGreaterThanOrEqual(90 * 60_000 - 1000);
    await world.gate.revoke(uma, long.id, 'the round is over');
    expect((await world.gate.context(uma, clinic)).live).toEqual([]);
  }
});

test('reading and writing, console and shell, are not merged', async () => {
  const kinds = [
    asks({ minutes: 10 }),
    asks({ minutes: 20, access: 'write' }),
    asks({ minutes: 40, kind: 'console' }),
  ];
  for (const each of kinds) await gives(world, ada, attemptFor(await world.gate.request(uma, each)));
  const { live } = await world.gate.context(uma, clinic);
  expect(new Set(live.map(({ until }) => until)).size).toBe(3);
  const [first] = kinds;
  await world.gate.revoke(uma, first?.id ?? '', 'all of it ends together');
  expect((await world.gate.context(uma, clinic)).live).toEqual([]);
});

test('many decisions of everybody about everything at once: none waits in a circle', async () => {
  const hands = await Promise.all(Array.from({ length: 6 }, () => world.another()));
  const requests: RequestView[] = [];
  for (const organization of [zero, clinic, clinic])
    requests.push(await world.gate.request(uma, asks({ organization })));
  const outcomes = await Promise.all(
    hands.flatMap((hand, i) => [
      (async () => {
        const seen: (string | undefined)[] = [];
        for (let n = 0; n < 4; n++) {
          const request = requests[(i + n) % 3] as RequestView;
          const who = [ada, grace, ivo][(i + n) % 3] as typeof ada;
          seen.push(await refusal(gives(hand, who, attemptFor(request, n === 3 ? 'deny' : 'approve'))));
          seen.push(await refusal(hand.gate.revoke(uma, request.id, 'it is not needed any more')));
        }
        return seen;
      })(),
    ]),
  );
  const known = new Set<string | undefined>([undefined, ...Object.values(SQLSTATE)]);
  expect(outcomes.flat().filter((code) => !known.has(code))).toEqual([]);
});
