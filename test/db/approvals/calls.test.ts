/** Stored answers: who begins a call is one, and what was answered stays answered. */
import { createWorld, type World } from './world';

jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await createWorld([]);
});
afterAll(() => world.close());

const now = () => Date.now() / 1000;
const record = (given: object = {}) => ({ payload: 'p', until: now() + 30, expires: now() + 3600, ...given });

async function ask(name: string, ...values: unknown[]) {
  const places = values.map((_, index) => `$${index + 1}`).join(', ');
  const { rows } = await world.client.query(
    `select vault.${name}(${places}) as call`,
    values.map((each) => (typeof each === 'object' ? JSON.stringify(each) : each)),
  );
  return rows[0]?.call;
}

test('begins once, finishes, and is read as it was answered', async () => {
  expect(await ask('call_begin', 'a', record())).toBeNull();
  expect(await ask('call_begin', 'a', record({ payload: 'other' }))).toMatchObject({
    status: 'INPROGRESS',
    payload: 'p',
  });
  expect(await ask('call_finish', 'a', { answer: { ok: true }, expires: now() + 3600 })).toMatchObject({
    status: 'COMPLETED',
  });
  expect(await ask('call_begin', 'a', record())).toMatchObject({ status: 'COMPLETED', answer: { ok: true } });
  expect(await ask('call_read', 'a')).toMatchObject({
    status: 'COMPLETED',
    payload: 'p',
    answer: { ok: true },
  });
  // An answer is not replaced, nor forgotten.
  expect(await ask('call_finish', 'a', { answer: 'another', expires: now() })).toBeNull();
  await ask('call_forget', 'a');
  expect(await ask('call_read', 'a')).toMatchObject({ answer: { ok: true } });
});

test('a call that failed is forgotten, one that died is taken over, and one that is old begins anew', async () => {
  await ask('call_begin', 'b', record());
  await ask('call_forget', 'b');
  expect(await ask('call_read', 'b')).toBeNull();
  expect(await ask('call_begin', 'b', record({ until: now() - 1 }))).toBeNull();
  expect(await ask('call_begin', 'b', record())).toBeNull();
  await ask('call_finish', 'b', { answer: 1, expires: now() - 1 });
  expect(await ask('call_begin', 'b', record({ payload: 'q' }))).toBeNull();
  expect(await ask('call_read', 'b')).toMatchObject({ status: 'INPROGRESS', payload: 'q', answer: null });
});

test('of many at once one begins', async () => {
  const hands = await Promise.all(Array.from({ length: 6 }, () => world.another()));
  const answers = await Promise.all(
    hands.map(({ client }) =>
      client.query('select vault.call_begin($1, $2) as call', ['c', JSON.stringify(record())]),
    ),
  );
  expect(answers.filter(({ rows }) => rows[0].call === null)).toHaveLength(1);
});

test.each([
  ['', record()],
  ['d', {}],
  ['d', record({ until: 'soon' })],
  ['d', record({ payload: 7 })],
])('refuses what is no record: %s %j', async (id, value) => {
  await expect(ask('call_begin', id, value)).rejects.toMatchObject({ code: 'TZ052' });
});
