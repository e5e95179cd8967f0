/** Who counts as an approver, and how somebody comes to. */
import { randomUUID } from 'node:crypto';
import type { NewAttempt } from '../../../sql/approvals/gate';
import { SQLSTATE } from '../../../sql/db/errors';
import { asks, attemptFor, clinic, createWorld, gives, PEOPLE, refusal, type World, zero } from './world';

jest.setTimeout(120_000);

const { uma, ada, grace, ivo } = PEOPLE;
let world: World;
beforeEach(async () => {
  world = await createWorld([]);
});
afterEach(() => world.close());

const about = (purpose: 'confirm-approver' | 'remove-approver', approver: string): NewAttempt => ({
  id: randomUUID(),
  purpose,
  request: null,
  hash: null,
  approver,
  reason: purpose === 'remove-approver' ? 'has left the company' : null,
});
const sets = async (who: typeof ada) => {
  const name = who.login.split('@')[0] as string;
  await world.gate.addApprover(who, name);
  return gives(world, who, about('confirm-approver', name));
};
const states = async () =>
  Object.fromEntries((await world.gate.approvers(uma)).map(({ name, state }) => [name, state]));

test('the first counts at once, the next when somebody who counts has said so', async () => {
  await world.gate.addApprover(ada, 'ada');
  expect(await states()).toEqual({ ada: 'unconfirmed' });
  expect(await gives(world, ada, about('confirm-approver', 'ada'))).toMatchObject({
    missing: 0,
    request: null,
  });
  const { request, approver, missing } = await sets(grace);
  expect([approver?.state, missing, request]).toMatchObject([
    'waits-for-approval',
    1,
    { kind: 'approver', codesNeeded: 1, organization: null },
  ]);
  const asked = await world.gate.request(uma, asks());
  expect(await refusal(gives(world, grace, attemptFor(asked)))).toBe(SQLSTATE.approverUnknown);
  if (!request) throw new Error('no request');
  expect(await refusal(gives(world, grace, attemptFor(request)))).toBe(SQLSTATE.approverUnknown);
  await gives(world, ada, attemptFor(request));
  expect(await states()).toEqual({ ada: 'counts', grace: 'counts' });
  expect(await refusal(gives(world, grace, attemptFor(asked)))).toBeUndefined();
});

test('two who are first at the same time are not both first', async () => {
  const other = await world.another();
  await world.gate.addApprover(ada, 'ada');
  await world.gate.addApprover(grace, 'grace');
  await Promise.all([
    gives(world, ada, about('confirm-approver', 'ada')),
    gives(other, grace, about('confirm-approver', 'grace')),
  ]);
  expect(Object.values(await states()).sort()).toEqual(['counts', 'waits-for-approval']);
});

test('people set up themselves and nobody else', async () => {
  expect(await refusal(world.gate.addApprover(ada, 'grace'))).toBe(SQLSTATE.accessRefused);
  expect(await refusal(world.gate.addApprover(ada, "x'; drop"))).toBe(SQLSTATE.requestInvalid);
  expect(await refusal(world.gate.addApprover(uma, 'uma'))).toBe(SQLSTATE.accessRefused);
  await sets(ada);
  const { approver } = await sets(grace);
  expect(approver?.state).toBe('waits-for-approval');
  expect(await refusal(gives(world, ada, about('confirm-approver', 'grace')))).toBe(SQLSTATE.accessRefused);
  // The same local part at another company.
  expect(
    await refusal(world.gate.addApprover({ ...grace, person: 'p-2', login: 'grace@elsewhere.com' }, 'grace')),
  ).toBe(SQLSTATE.accessRefused);
  // The same person by another login would be two codes of one.
  expect(await refusal(world.gate.addApprover({ ...grace, login: 'gigi@example.com' }, 'gigi'))).toBe(
    SQLSTATE.accessRefused,
  );
});

test('who counts cannot be set up anew without a code, and the last one is not removed', async () => {
  await sets(ada);
  expect(await refusal(world.gate.addApprover(ada, 'ada'))).toBe(SQLSTATE.accessRefused);
  expect(await refusal(gives(world, ada, about('remove-approver', 'ada')))).toBe(SQLSTATE.accessRefused);
  const { request } = await sets(grace);
  if (request) await gives(world, ada, attemptFor(request));
  expect((await gives(world, grace, about('remove-approver', 'ada'))).approver?.state).toBe('removed');
  expect(await refusal(gives(world, ada, about('remove-approver', 'grace')))).toBe(SQLSTATE.approverUnknown);
  // And back, by somebody else's code.
  expect((await sets(ada)).approver?.state).toBe('waits-for-approval');
});

test('a new seed has to be proved and approved anew: an old approval does not count for it', async () => {
  await sets(ada);
  const { request } = await sets(grace);
  if (!request) throw new Error('no request');
  await world.gate.addApprover(grace, 'grace');
  expect(await refusal(gives(world, ada, attemptFor(request)))).toBe(SQLSTATE.requestClosed);
  expect((await world.gate.show(ada, request.id)).state).toBe('lapsed');
  const again = await gives(world, grace, about('confirm-approver', 'grace'));
  expect(again.request?.id).not.toBe(request.id);
});

test('removing takes back the codes for what is open, and leaves what was granted', async () => {
  await sets(ada);
  for (const who of [grace, ivo]) {
    const { request } = await sets(who);
    if (request) await gives(world, ada, attemptFor(request));
  }
  // A day later.
  await world.look('update vault.approvers set own_from = null');
  const done = await world.gate.request(uma, asks());
  await gives(world, grace, attemptFor(done));
  const open = await world.gate.request(uma, asks({ organization: zero }));
  expect((await gives(world, grace, attemptFor(open))).missing).toBe(1);
  await gives(world, ada, about('remove-approver', 'grace'));
  expect((await world.gate.show(uma, open.id)).codesGiven).toEqual([]);
  expect((await world.gate.show(uma, done.id)).state).toBe('approved');
  expect((await gives(world, ada, attemptFor(open))).missing).toBe(1);
  expect((await gives(world, ivo, attemptFor(open))).missing).toBe(0);
});

test('denying an enrolment begins it anew', async () => {
  await sets(ada);
  const { request } = await sets(grace);
  if (!request) throw new Error('no request');
  await gives(world, ada, attemptFor(request, 'deny'));
  expect(await states()).toMatchObject({ grace: 'unconfirmed' });
});

describe('one approver is not two, whoever else has a session', () => {
  const enrols = async (who: typeof ada) => {
    const { request } = await sets(who);
    if (request) await gives(world, ada, attemptFor(request));
  };
  const approves = async (who: typeof ada, organization: string) => {
    const request = await world.gate.request(uma, asks({ organization }));
    return refusal(gives(world, who, attemptFor(request)));
  };
  beforeEach(async () => {
    await enrols(ada);
    await enrols(grace);
  });

  test('while a stage is set up, the first two give codes for the own tenant at once', async () => {
    expect([await approves(ada, zero), await approves(grace, zero)]).toEqual([undefined, undefined]);
  });

  test.each<[string, typeof ada, () => Promise<unknown>]>([
    [
      'who comes back after a removal',
      grace,
      async () => {
        await gives(world, ada, about('remove-approver', 'grace'));
        await enrols(grace);
      },
    ],
    ['a third one', ivo, () => enrols(ivo)],
  ])('%s gives none for the own tenant on the first day', async (_, who, comes) => {
    await comes();
    expect(await approves(who, zero)).toBe(SQLSTATE.accessRefused);
    expect(await approves(who, clinic)).toBeUndefined();
    const [name] = who.login.split('@');
    const view = (await world.gate.approvers(ada)).find((each) => each.name === name);
    expect(Date.parse(view?.ownFrom ?? '') - Date.now()).toBeGreaterThan(23 * 3600_000);
    await world.look(`update vault.approvers set own_from = own_from - interval '1 day' where name = $1`, [
      name,
    ]);
    expect(await approves(who, zero)).toBeUndefined();
  });
});
