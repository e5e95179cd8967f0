/** Random sequences of what people do, against a model of a few lines: what must never happen does not, whatever the order. */

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { CallerIdentity } from '../../../sql/approvals/gate';
import type { RequestView } from '../../../sql/approvals/views';
import {
  asks,
  attemptFor,
  clinic,
  createWorld,
  errs,
  forgive,
  gives,
  nextStep,
  PEOPLE,
  refusal,
  type World,
  zero,
} from './world';

const { uma, sam, ada, grace, ivo, bea } = PEOPLE;

jest.setTimeout(240_000);

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Approvers ask too: by another permission set they are the same people. */
const ASKERS: readonly CallerIdentity[] = [uma, sam, { ...ada, persona: 'ProdEngineer' }];
const APPROVERS = [ada, grace, ivo] as const;

type Op =
  | { op: 'ask'; who: number; own: boolean; minutes: number; write: boolean }
  | { op: 'approve' | 'deny' | 'wrong'; who: number; which: number; foreignHash: boolean; replay: boolean }
  | { op: 'revoke'; who: number; which: number }
  | { op: 'break'; own: boolean }
  | { op: 'pass'; minutes: number };

const which = fc.nat({ max: 5 });
const who = fc.nat({ max: 2 });
const operation: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constant('ask' as const),
      who,
      own: fc.boolean(),
      minutes: fc.integer({ min: 1, max: 240 }),
      write: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      op: fc.constantFrom(
        'approve' as const,
        'approve' as const,
        'approve' as const,
        'deny' as const,
        'wrong' as const,
      ),
      who,
      which,
      foreignHash: fc.nat({ max: 9 }).map((n) => n === 0),
      replay: fc.nat({ max: 5 }).map((n) => n === 0),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('revoke' as const), who, which }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('break' as const), own: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constant('pass' as const), minutes: fc.integer({ min: 1, max: 70 }) }),
  },
);

/** What the model knows of a request. */
interface Known {
  readonly view: RequestView;
  readonly asker: CallerIdentity;
  readonly needed: number;
  readonly given: Set<string>;
  ageMinutes: number;
  decided: boolean;
}

interface Grant {
  id: string;
  request: string | null;
  person: string;
  organization: string;
  kind: string;
  access: string;
  ends: string;
  revoked: boolean;
}

const grants = () =>
  world.look<Grant>(`select id, request, person, organization, kind, access, extract(epoch from ends_at)::text as ends, revoked_at is not null as revoked
    from guard.grants order by id`);

test('never a grant without its codes, never a step twice, never a shorter grant, always a whole ledger', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 25 }), async (operations) => {
      await forgive(world);
      await world.look('update guard.grants set revoked_at = clock_timestamp() where revoked_at is null');
      const known: Known[] = [];
      let lastUsed: number | undefined;
      for (const each of operations) {
        const before = await grants();
        const accepted = await perform(
          each,
          known,
          () => lastUsed,
          (step) => {
            lastUsed = step;
          },
        );
        if (each.op !== 'pass') unshortened(before, await grants(), each.op === 'revoke');
        if (accepted !== undefined) expect(accepted).toBe(true);
      }
      await invariants(known);
    }),
    { numRuns: 30 },
  );
});

/** Does it, and compares whether it was taken with what the model says. */
async function perform(
  each: Op,
  known: Known[],
  last: () => number | undefined,
  used: (step: number) => void,
): Promise<boolean | undefined> {
  if (each.op === 'ask') {
    const asker = ASKERS[each.who] as CallerIdentity;
    const view = await world.gate.request(
      asker,
      asks({
        organization: each.own ? zero : clinic,
        minutes: each.minutes,
        access: each.write ? 'write' : 'read',
      }),
    );
    known.push({ view, asker, needed: each.own ? 2 : 1, given: new Set(), ageMinutes: 0, decided: false });
    return undefined;
  }
  if (each.op === 'break') {
    await world.gate.breakGlass(bea, asks({ organization: each.own ? zero : clinic }));
    return undefined;
  }
  if (each.op === 'pass') return passes(each.minutes, known);
  const one = known[each.which % Math.max(known.length, 1)];
  if (!one) return undefined;
  if (each.op === 'revoke') {
    const asker = ASKERS[each.who] as CallerIdentity;
    const code = await refusal(world.gate.revoke(asker, one.view.id, 'it is not needed any more'));
    if (code === undefined) one.decided = true;
    return code === undefined ? asker.person === one.asker.person : true;
  }
  const approver = APPROVERS[each.who] as CallerIdentity;
  const other = known.find(({ view }) => view.id !== one.view.id);
  const hash = each.foreignHash && other ? other.view.hash : one.view.hash;
  const attempt = attemptFor({ id: one.view.id, hash }, each.op === 'deny' ? 'deny' : 'approve');
  if (each.op === 'wrong') {
    await refusal(errs(world, approver, attempt));
    await world.client.query('rollback');
    await forgive(world);
    return undefined;
  }
  const replayed = each.replay ? last() : undefined;
  const step = replayed ?? nextStep();
  const [spent] = await world.look<{ n: number }>(
    `select coalesce(max(last_step), 0)::int as n from vault.approvers where name = $1`,
    [approver.login.split('@')[0]],
  );
  const code = await refusal(gives(world, approver, attempt, step));
  const may =
    hash === one.view.hash &&
    !one.decided &&
    one.ageMinutes < 60 &&
    step > (spent?.n ?? 0) &&
    (each.op === 'deny' || (approver.person !== one.asker.person && !one.given.has(approver.person)));
  await forgive(world);
  if (code === undefined) {
    used(step);
    if (each.op === 'deny') one.decided = true;
    else one.given.add(approver.person);
    if (one.given.size >= one.needed) one.decided = true;
  }
  return (code === undefined) === may;
}

/** Time passes for everything that was written. */
async function passes(minutes: number, known: Known[]): Promise<undefined> {
  for (const one of known) one.ageMinutes += minutes;
  await world.look(
    `update guard.grants set starts_at = starts_at - $1 * interval '1 minute', ends_at = ends_at - $1 * interval '1 minute'`,
    [minutes],
  );
  await world.look(`update guard.requests set created_at = created_at - $1 * interval '1 minute'`, [minutes]);
  await world.look('update guard.requests r set hash = guard.request_hash(r) where id = any ($1::uuid[])', [
    known.map(({ view }) => view.id),
  ]);
  for (const one of known) {
    const { hash } = await world.gate.show(one.asker, one.view.id);
    Object.assign(one, { view: { ...one.view, hash } });
  }
  return undefined;
}

function unshortened(before: readonly Grant[], after: readonly Grant[], revoking: boolean): void {
  for (const old of before) {
    const now = after.find(({ id }) => id === old.id);
    expect(Number(now?.ends)).toBeGreaterThanOrEqual(Number(old.ends));
    if (!revoking) expect(now?.revoked).toBe(old.revoked);
  }
}

async function invariants(known: readonly Known[]): Promise<void> {
  for (const { view, asker, needed, given } of known) {
    const made = (await grants()).filter(({ request }) => request === view.id);
    expect(made.length).toBe(given.size >= needed ? 1 : 0);
    expect(given.has(asker.person)).toBe(false);
  }
  // In the tables themselves, without the model.
  expect(
    await world.look(`select r.id from guard.requests r join guard.grants g on g.request = r.id
      where not r.break_glass and (select count(distinct a.person) from guard.approvals a where a.request = r.id and a.person <> r.person and a.login <> r.login)
        < case when r.own then 2 else 1 end`),
  ).toEqual([]);
  expect(await world.look('select g.id from guard.grants g where g.request is null')).toEqual([]);
  expect(
    await world.look('select approver, step from guard.approvals group by 1, 2 having count(*) > 1'),
  ).toEqual([]);
  expect(
    await world.look(
      `select a.id from vault.attempts a where (a.outcome is not distinct from 'accepted') <> exists (select from vault.used_steps u where u.attempt = a.id)`,
    ),
  ).toEqual([]);
  let before: Buffer = Buffer.alloc(32);
  for (const { body, previous, hash } of await world.look<{ body: string; previous: Buffer; hash: Buffer }>(
    'select body, previous, hash from guard.ledger order by sequence',
  )) {
    expect(previous.equals(before)).toBe(true);
    before = createHash('sha256').update(before).update(body).digest();
    expect(hash.equals(before)).toBe(true);
  }
}
