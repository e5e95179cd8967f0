/** A code that nobody looked at is no failure; one that somebody could have looked at is. */
import { asks, attemptFor, createWorld, errs, forgive, gives, PEOPLE, refusal, type World } from './world';

jest.setTimeout(120_000);

const { uma, ada, grace } = PEOPLE;
let world: World;
beforeAll(async () => {
  world = await createWorld(['ada', 'grace']);
});
beforeEach(() => forgive(world));
afterAll(() => world.close());

/** Failures that one more wrong code of ada's makes: itself, and what counted before. */
const failures = async () =>
  (await errs(world, ada, attemptFor(await world.gate.request(uma, asks())))).failures;

test('a request that somebody else decided in between costs nothing', async () => {
  const request = await world.gate.request(uma, asks());
  const attempt = attemptFor(request);
  await world.gate.attempt(ada, attempt);
  await gives(world, grace, attemptFor(request, 'deny'));
  expect(await refusal(world.gate.weigh(attempt.id))).toBe('TZ042');
  expect(await failures()).toBe(2);
  await world.gate.abandon(attempt.id);
  expect(await failures()).toBe(2);
  expect(await refusal(world.gate.abandon(attempt.id))).toBe('TZ042');
  expect(await refusal(world.gate.refuse(attempt.id, 'wrong'))).toBe('TZ042');
  expect(await refusal(world.gate.accept(attempt.id, 1, 0))).toBe('TZ042');
});

test('an attempt that could be weighed, was refused, or is old, counts whatever the function says', async () => {
  const request = await world.gate.request(uma, asks());
  const [open, wrong, old] = [attemptFor(request), attemptFor(request), attemptFor(request)];
  await world.gate.attempt(ada, open);
  expect(await refusal(world.gate.abandon(open.id))).toBe('TZ052');
  await errs(world, ada, wrong);
  expect(await refusal(world.gate.abandon(wrong.id))).toBe('TZ042');
  await world.gate.attempt(ada, old);
  await world.look(`update vault.attempts set at = at - interval '2 minutes' where id = $1`, [old.id]);
  expect(await refusal(world.gate.abandon(old.id))).toBe('TZ042');
  expect(await failures()).toBe(4);
  expect(await refusal(world.gate.abandon('00000000-0000-4000-8000-000000000000'))).toBe('TZ040');
});

test('an attempt of an approver who was locked meanwhile counts', async () => {
  const attempt = attemptFor(await world.gate.request(uma, asks()));
  await world.gate.attempt(ada, attempt);
  await world.look(
    `update vault.approvers set locked_until = now() + interval '1 minute' where name = 'ada'`,
  );
  expect(await refusal(world.gate.abandon(attempt.id))).toBe('TZ046');
  await world.look('update vault.approvers set locked_until = null');
  expect(await failures()).toBe(2);
});
