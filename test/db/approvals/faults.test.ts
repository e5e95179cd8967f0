/**
 * The path of an approval, killed before and after each of its statements: no grant without a code, no code used twice, and an
 * attempt that ended in a crash counts as a failure.
 */
import type { Client } from 'pg';
import { type Gate, gateOf, type NewAttempt } from '../../../sql/approvals/gate';
import type { RequestView } from '../../../sql/approvals/views';
import {
  asks,
  attemptFor,
  createWorld,
  forgive,
  gives,
  nextStep,
  PEOPLE,
  refusal,
  type World,
  zero,
} from './world';

const { uma, ada, grace } = PEOPLE;

jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

interface Run {
  readonly client: Client;
  readonly gate: Gate;
  readonly attempt: NewAttempt;
  readonly step: number;
}

/** What the function does, one statement at a time. */
const PATH: readonly (readonly [name: string, run: (run: Run) => Promise<unknown>])[] = [
  ['attempt', ({ gate, attempt }) => gate.attempt(ada, attempt)],
  ['begin', ({ client }) => client.query('begin')],
  ['weigh', ({ gate, attempt }) => gate.weigh(attempt.id)],
  ['accept', ({ gate, attempt, step }) => gate.accept(attempt.id, step, 0)],
  ['commit', ({ client }) => client.query('commit')],
];

type Kill = (hand: { client: Client; pid: number }) => Promise<unknown>;
const KILLS: readonly (readonly [name: string, kill: Kill])[] = [
  [
    'the server ends the session',
    async ({ pid }) => world.look('select pg_terminate_backend($1, 5000)', [pid]),
  ],
  ['the caller goes away', async ({ client }) => client.end()],
];

const committed = PATH.length;
const cases = KILLS.flatMap(([how, kill]) =>
  PATH.flatMap(([name], at) => [
    { title: `${how} before ${name}`, kill, done: at },
    { title: `${how} after ${name}`, kill, done: at + 1 },
  ]),
);

async function state(request: RequestView, attempt: NewAttempt, step: number) {
  const one = async (sql: string, value: unknown) =>
    (await world.look<{ n: number }>(sql, [value]))[0]?.n ?? Number.NaN;
  return {
    grants: await one('select count(*)::int as n from guard.grants where request = $1', request.id),
    approvals: await one('select count(*)::int as n from guard.approvals where request = $1', request.id),
    used: await one('select count(*)::int as n from vault.used_steps where step = $1', step),
    accepted: await one(
      `select count(*)::int as n from vault.attempts where id = $1 and outcome = 'accepted'`,
      attempt.id,
    ),
    failed: await one(
      'select count(*)::int as n from vault.attempts where id = $1 and outcome is null',
      attempt.id,
    ),
    told: await one(
      `select count(*)::int as n from guard.ledger where event in ('approval', 'grant') and request = $1::text`,
      request.id,
    ),
  };
}

test.each(cases)('$title', async ({ kill, done }) => {
  await forgive(world);
  const hand = await world.another();
  const request = await world.gate.request(uma, asks());
  const run: Run = { ...hand, attempt: attemptFor(request), step: nextStep() };
  for (const [, act] of PATH.slice(0, done)) await act(run);
  await kill(hand);
  // The next statement of a session that is gone fails; nothing is carried on by itself.
  for (const [, act] of PATH.slice(done)) expect(await refusal(act(run))).toBeDefined();
  await gone(hand.pid);
  const finished = done === committed;
  expect(await state(request, run.attempt, run.step)).toEqual(
    finished
      ? { grants: 1, approvals: 1, used: 1, accepted: 1, failed: 0, told: 2 }
      : { grants: 0, approvals: 0, used: 0, accepted: 0, failed: done > 0 ? 1 : 0, told: 0 },
  );
  // Whoever comes next is not held up: the same code is good when it was not used, and never twice.
  const again = await refusal(gives(world, ada, attemptFor(request), run.step));
  expect(again).toBe(finished ? 'TZ042' : undefined);
  expect((await state(request, run.attempt, run.step)).grants).toBe(1);
});

/** Until the server has noticed, and let go of its locks. */
async function gone(pid: number): Promise<void> {
  while ((await world.look('select from pg_stat_activity where pid = $1', [pid])).length > 0)
    await new Promise((resolve) => setTimeout(resolve, 5));
}

test('five crashes lock, like five wrong codes', async () => {
  await forgive(world);
  const request = await world.gate.request(uma, asks());
  for (let i = 0; i < 5; i++) {
    const hand = await world.another();
    await hand.gate.attempt(grace, attemptFor(request));
    await hand.client.end();
  }
  expect(await refusal(world.gate.attempt(grace, attemptFor(request)))).toBe('TZ046');
});

describe('a statement within the functions that fails', () => {
  const tables = [
    'guard.approvals',
    'guard.grants',
    'guard.ledger',
    'guard.ledger_end',
    'guard.requests',
    'vault.approvers',
    'vault.used_steps',
    'vault.attempts',
  ];

  test.each(tables)('%s refuses every write: nothing is granted, and nothing half', async (table) => {
    await forgive(world);
    const request = await world.gate.request(uma, asks({ organization: zero }));
    await gives(world, grace, attemptFor(request));
    const attempt = attemptFor(request);
    const step = nextStep();
    await world.gate.attempt(ada, attempt);
    await world.look(
      `create or replace function public.broken() returns trigger language plpgsql as $$ begin raise 'broken' using errcode = 'XX000'; end $$`,
    );
    await world.look(
      `create trigger broken before insert or update on ${table} for each row execute function public.broken()`,
    );
    const before = await state(request, attempt, step);
    const code = await refusal(complete(attempt, step));
    await world.look(`drop trigger broken on ${table}`);
    expect(code).toBe('XX000');
    expect(await state(request, attempt, step)).toEqual(before);
    expect(before).toMatchObject({ grants: 0, approvals: 1, failed: 1 });
    // The same attempt, now that nothing is broken.
    expect(await refusal(complete(attempt, step))).toBeUndefined();
    expect(await state(request, attempt, step)).toMatchObject({
      grants: 1,
      approvals: 2,
      used: 1,
      accepted: 1,
    });
  });
});

async function complete(attempt: NewAttempt, step: number): Promise<void> {
  const { client } = world;
  const gate = gateOf(client);
  await client.query('begin');
  try {
    await gate.weigh(attempt.id);
    await gate.accept(attempt.id, step, 0);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}
