import { Keys } from '../../../app/keys';
import { formatSigningKeys } from '../../../sql/db/key-ring';

const SOURCE = { kind: 'secret', name: 'keys' } as const;
const ring = (id: string) => formatSigningKeys({ current: { id, secret: Buffer.alloc(32, 1) } });
const MINUTE = 60_000;

function keysOver(answers: (string | Error)[]) {
  const clock = { now: 0, reads: 0 };
  const keys = new Keys(
    SOURCE,
    async () => {
      clock.reads += 1;
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Error) throw answer;
      return answer ?? '';
    },
    () => clock.now,
  );
  return { clock, id: async () => (await keys.get()).current.id };
}

test('are read once for many requests, and again after five minutes', async () => {
  const { clock, id } = keysOver([ring('k1'), ring('k2')]);
  expect(await Promise.all([id(), id(), id()])).toEqual(['k1', 'k1', 'k1']);
  clock.now = 5 * MINUTE;
  expect(await id()).toBe('k2');
  expect(clock.reads).toBe(2);
});

test('outlive their source for an hour, and no longer', async () => {
  const { clock, id } = keysOver([ring('k1'), new Error('away')]);
  await id();
  clock.now = 59 * MINUTE;
  expect(await id()).toBe('k1');
  clock.now = 60 * MINUTE;
  await expect(id()).rejects.toThrow('away');
});

test('are refused from the start when there are none', async () => {
  await expect(keysOver([new Error('away')]).id()).rejects.toThrow('away');
  await expect(keysOver(['{"state":"not yet"}']).id()).rejects.toThrow('signing keys are wrong');
});
