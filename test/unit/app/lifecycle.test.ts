import { EventEmitter } from 'node:events';
import { endOnSignal } from '../../../app/lifecycle';

function processThat(stop: () => Promise<void>, withinMs?: number) {
  const exits: number[] = [];
  const fake = Object.assign(new EventEmitter(), { exit: (code: number) => void exits.push(code) });
  endOnSignal(stop, fake, withinMs);
  return { exits, send: (signal: string) => fake.emit(signal) };
}
const soon = (ms = 5) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const never = () => new Promise<void>(() => undefined);

test('the first signal ends when everything is closed', async () => {
  const { exits, send } = processThat(() => soon());
  send('SIGTERM');
  expect(exits).toEqual([]);
  await soon(30);
  expect(exits).toEqual([0]);
});

test('the second signal ends at once, whichever it is', () => {
  const { exits, send } = processThat(never);
  send('SIGTERM');
  send('SIGINT');
  expect(exits).toEqual([1]);
});

test('a stop that fails, or never ends, is told by the exit code', async () => {
  const failing = processThat(async () => {
    throw new Error('no');
  });
  const hanging = processThat(never, 10);
  failing.send('SIGTERM');
  hanging.send('SIGTERM');
  await soon(40);
  expect([failing.exits, hanging.exits]).toEqual([[1], [1]]);
});
