/** Every single condition being false refuses; all of them true opens. */
import type { Facts } from '../../../../cli/support-shell/facts';
import { CONDITIONS, conditionLines, failing, notReady } from '../../../../cli/support-shell/readiness';
import { goodFacts, goodTask } from './given';
import { CASES } from './refusals.cases';

function changed(facts: Facts, changes: readonly (readonly [string, unknown])[]): Facts {
  for (const [path, value] of changes) {
    const names = path.split('.');
    const last = names.pop() as string;
    // biome-ignore lint/suspicious/noExplicitAny: a path into whatever there is
    const at = names.reduce<any>((within, name) => within[name], facts);
    if (value === undefined) delete at[last];
    else at[last] = value;
  }
  return facts;
}

test('a shell that is exactly as it should be is opened', () => {
  expect(failing(goodFacts())).toEqual([]);
});

test.each(CASES)('$id: $what', ({ id, change, also = [], passes = false }) => {
  const list = failing(changed(goodFacts(), change));
  expect(list.map(({ condition }) => condition.id).sort()).toEqual([id, ...also].sort());
  expect(list.every(({ passing }) => passing)).toBe(passes);
});

test('every condition has a case of its own, and says who mends it', () => {
  const covered = new Set(CASES.map(({ id }) => id));
  expect(CONDITIONS.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
  expect(new Set(CONDITIONS.map(({ id }) => id)).size).toBe(CONDITIONS.length);
  for (const { what, whoMends } of CONDITIONS)
    expect(Math.min(what.length, whoMends.length)).toBeGreaterThan(10);
});

test('a second task that is not as it should be is not passed over', () => {
  const facts = goodFacts();
  const odd = { ...goodTask(), overrides: { taskRoleArn: 'arn:aws:iam::111122223333:role/admin' } };
  expect(failing({ ...facts, tasks: [goodTask(), odd] }).map(({ condition }) => condition.id)).toEqual([
    'no-overrides',
  ]);
  expect(failing({ ...facts, tasks: [goodTask(), goodTask()] })).toEqual([]);
});

test('what is false for one task counts before what passes for another', () => {
  const pending = { ...goodTask(), lastStatus: 'PENDING' };
  const stopped = { ...goodTask(), lastStatus: 'STOPPED' };
  const [first] = failing({ ...goodFacts(), tasks: [pending, stopped] });
  expect(first).toMatchObject({ condition: { id: 'task-running' }, passing: false });
});

test('a condition that cannot be weighed does not hold', () => {
  const breaking = {
    id: 'x',
    what: 'x',
    whoMends: 'x',
    holds: () => {
      throw new TypeError('no such property');
    },
  };
  expect(failing(goodFacts(), [breaking])).toMatchObject([{ passing: false }]);
});

test('a refusal names what is wrong and who can mend it', () => {
  const list = failing(changed(goodFacts(), [['service.enableExecuteCommand', false]]));
  expect(conditionLines(list)).toEqual([
    'not so: ECS Exec is on for the service [service-enterable]: enableExecuteCommand is false, not true',
    expect.stringContaining('who can mend it: '),
  ]);
  expect(notReady('support-shell of test', list)).toMatchObject({
    code: 'service-enterable',
    message: 'support-shell of test is not ready: service-enterable',
    next: expect.stringContaining('there is no other way in'),
  });
});
