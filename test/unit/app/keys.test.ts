import { Keys } from '../../../app/keys';
import { formatSigningKeys } from '../../../sql/db/key-ring';

const SOURCE = { kind: 'secret', name: 'keys' } as const;
const ring = (id: string) => formatSigningKeys({ current: { id, secret: Buffer.alloc(32, 1) } });
const [SECOND, MINUTE] = [1000, 60_000];

function keysOver(answers: (string | Error)[]) {
  const clock = { now: 0, reads: 0 };
  const failures: string[] = [];
  const keys = new Keys(SOURCE, {
    read: async () => {
      clock.reads += 1;
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Error) throw answer;
      return answer ?? '';
    },
    now: () => clock.now,
    failed: (error) => failures.push(error.message),
  });
  const id = async () => (await keys.get()).current.id;
  /** What is read meanwhile is there for the next. */
  const settled = async () => {
    await id();
    await new Promise(setImmediate);
    return id();
  };
  return { keys, clock, failures, id, settled };
}

test('are read once for many requests, and again after five minutes', async () => {
  const { clock, id, settled } = keysOver([ring('k1'), ring('k2')]);
  expect(await Promise.all([id(), id(), id()])).toEqual(['k1', 'k1', 'k1']);
  clock.now = 5 * MINUTE;
  expect(await settled()).toBe('k2');
  expect(clock.reads).toBe(2);
});

test('nobody waits for a source that hangs while there are keys', async () => {
  const clock = { now: 0 };
  const answers = [Promise.resolve(ring('k1')), new Promise<string>(() => undefined)];
  const keys = new Keys(SOURCE, { read: () => answers.shift() as Promise<string>, now: () => clock.now });
  await keys.get();
  clock.now = 10 * MINUTE;
  expect((await keys.get()).current.id).toBe('k1');
});

test('outlive their source for an hour, and no longer; each failure is told', async () => {
  const { clock, id, settled, failures } = keysOver([ring('k1'), new Error('away')]);
  await id();
  clock.now = 59 * MINUTE;
  expect(await settled()).toBe('k1');
  clock.now = 60 * MINUTE;
  await expect(id()).rejects.toThrow('away');
  expect(failures).toEqual(['away', 'away']);
});

test('are refused from the start when there are none', async () => {
  await expect(keysOver([new Error('away')]).id()).rejects.toThrow('away');
  await expect(keysOver(['{"state":"not yet"}']).id()).rejects.toThrow('signing keys are wrong');
});

test('a key that is not known is looked for at once, but not more often than every ten seconds', async () => {
  const { keys, clock, id } = keysOver([ring('k1'), ring('k2'), ring('k3')]);
  await id();
  const again = async () => (await keys.again()).current.id;
  clock.now = 9 * SECOND;
  expect(await again()).toBe('k1');
  clock.now = 10 * SECOND;
  expect(await Promise.all([again(), again()])).toEqual(['k2', 'k2']);
  clock.now = 19 * SECOND;
  expect(await again()).toBe('k2');
  expect(clock.reads).toBe(2);
});

test('a source that fails is not asked by each request', async () => {
  const { clock, id } = keysOver([new Error('away'), ring('k1')]);
  await expect(id()).rejects.toThrow('away');
  await expect(id()).rejects.toThrow('away');
  expect(clock.reads).toBe(1);
  clock.now = 10 * SECOND;
  expect(await id()).toBe('k1');
});
