/** Between many probes and one database: how long an answer holds, and what no answer means. */
import { ReadinessGate } from '../../../app/readiness-gate';

const readiness = { safe: true, current: true, problems: [] as string[] };
const superseded = { safe: true, current: false, problems: ['another'] };
const unsafe = { safe: false, current: false, problems: ['open'] };

function gateOver(states: (object | Error)[]) {
  let now = 0;
  const gate = new ReadinessGate(
    async () => {
      const next = states.shift();
      if (next instanceof Error) throw next;
      return next as never;
    },
    () => now,
  );
  return {
    gate,
    ask: async (accept: boolean) => {
      now += 3000;
      return (await gate.verdict(accept)).ready;
    },
  };
}

test('keeps a task in service while the next state is applied, once it was ready', async () => {
  const { ask } = gateOver([superseded, readiness, superseded, superseded, unsafe]);
  expect([await ask(true), await ask(true), await ask(true), await ask(false), await ask(true)]).toEqual([
    false,
    true,
    true,
    false,
    false,
  ]);
});

test('asks once for many probes, and never says yes for longer than two seconds', async () => {
  let asked = 0;
  let now = 0;
  const gate = new ReadinessGate(
    async () => {
      asked += 1;
      return asked === 1 ? readiness : unsafe;
    },
    () => now,
  );
  await Promise.all([gate.verdict(false), gate.verdict(false), gate.verdict(true)]);
  expect(asked).toBe(1);
  now = 2000;
  expect((await gate.verdict(true)).ready).toBe(false);
});

test('an answer that does not come is a no', async () => {
  const gate = new ReadinessGate(() => new Promise(() => undefined), Date.now, 20);
  expect(await gate.verdict(true)).toEqual({
    ready: false,
    problems: ['the database does not answer: not within 20 ms'],
  });
});

test('an error is a no, and the next probe asks again', async () => {
  const { ask } = gateOver([new Error('gone'), readiness]);
  expect([await ask(true), await ask(true)]).toEqual([false, true]);
});

test('says no from the moment that it stops', async () => {
  const { gate, ask } = gateOver([readiness, readiness]);
  expect(await ask(true)).toBe(true);
  gate.stop();
  expect(await ask(true)).toBe(false);
  expect((await gate.serving(true)).ready).toBe(true);
});
