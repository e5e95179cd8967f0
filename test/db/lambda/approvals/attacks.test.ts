/** What somebody tries who may call, or who recorded a call: words, ids, crashes and clocks, against the real handler. */
import { randomUUID } from 'node:crypto';
import { createApprovals, type Dependencies } from '../../../../lambda/approvals/handler';
import type { Input, Operation } from '../../../../lambda/approvals/protocol';
import { digestOf, prove } from '../../../support/caller-proof';
import { ORGANIZATIONS } from '../../../support/tenants';
import { type Name, WHY, World } from './world';

const world = new World();
const CLINIC = { organization: ORGANIZATIONS.clinic, kind: 'shell', ...WHY } as const;
const CONTEXT = { getRemainingTimeInMillis: () => 30_000 };
const REASON = 'the work is done, thank you';

beforeAll(async () => {
  await world.open();
  await world.enrol('ada');
  await world.enrol('grace', 'ada');
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.tick());

/** As if each process had died behind its commit, a while ago. */
const diedAll = () =>
  world.superuser(
    `update vault.calls set status = 'INPROGRESS', response = null,
       until = case when until > expires - interval '1 minute' then until else now() - interval '1 s' end`,
  );

describe('words that are shown to an approver', () => {
  test.each([
    ['a row of its own', 'harmless reason\nWhat: nothing at all'],
    ['a carriage return', 'harmless reason\rWhat: nothing'],
    ['an escape', 'harmless \u001b[2J reason'],
    ['an escape of one byte', 'harmless \u009b2J reason'],
    ['the other direction', 'harmless \u202enosaer reason'],
    ['an isolate', 'harmless \u2066reason\u2069 here'],
    ['a separator of lines', 'harmless reason\u2028What: nothing'],
    ['a character that a database has not', 'harmless reason \u0000'],
    ['half a character', 'harmless reason \ud83d'],
  ])('%s in a reason is refused, everywhere', async (_, reason) => {
    const before = world.subjects.length;
    expect(await world.codeOf('uma', 'request', { ...CLINIC, reason })).toBe('input-invalid');
    expect(await world.codeOf('uma', 'preview', { ...CLINIC, reason })).toBe('input-invalid');
    expect(await world.codeOf('uma', 'ticket', { service: 'support-shell', ...WHY, reason })).toBe(
      'input-invalid',
    );
    expect(await world.codeOf('bea', 'break-glass', { ...WHY, organization: 'own', reason })).toBe(
      'input-invalid',
    );
    expect(world.subjects).toHaveLength(before);
  });

  test('letters of any language, accents and signs are words', async () => {
    const reason = 'Gehaltszettel für Müller fehlt — 給与明細 🙂 (dringend)';
    expect(await world.call('uma', 'request', { ...CLINIC, reason })).toMatchObject({ reason });
  });

  test.each(['own\u0000', 'ac\nme', '\ud83d', "x'; drop table guard.grants; --"])(
    'an organization called %j is answered, and is no defect',
    async (organization) => {
      expect(['input-invalid', 'organization-unknown']).toContain(
        await world.codeOf('uma', 'preview', { ...CLINIC, organization }),
      );
      expect(['input-invalid', 'ok']).toContain(await world.codeOf('uma', 'visibility', { organization }));
    },
  );

  test('a task of any other characters is answered, and is no defect', async () => {
    const { shell, ticket } = await world.call('uma', 'ticket', { service: 'support-shell', ...WHY });
    world.tickets.push(ticket);
    expect(await world.codeOf('uma', 'shell-opened', { shell, task: 'a\u0000', session: 'x' })).toBe(
      'input-invalid',
    );
  });
});

describe('what is no input', () => {
  const ask = (input: unknown) => world.codeOf('uma', 'request', input as typeof CLINIC);

  test.each<[string, unknown]>([
    ['a prototype', JSON.parse(`{"__proto__": {"organization": "own"}, "kind": "shell"}`)],
    ['a prototype beside all the rest', { ...CLINIC, ...JSON.parse('{"x": 1}') }],
    ['numbers as text', { ...CLINIC, minutes: '30' }],
    ['a part of a minute', { ...CLINIC, minutes: 1.5 }],
    ['no end', { ...CLINIC, minutes: Number.POSITIVE_INFINITY }],
    ['a list', [CLINIC]],
    ['a reason of a megabyte', { ...CLINIC, reason: 'x'.repeat(1_000_000) }],
    ['text as a truth', { ...CLINIC, kind: 'flag', sensitive: 'false' }],
  ])('%s', async (_, input) => {
    expect(await ask(input)).toBe('input-invalid');
  });

  test('a prototype that is smuggled into a whole input changes nothing', async () => {
    const text = JSON.stringify({ ...CLINIC }).replace('{', '{"__proto__": {"minutes": 240}, ');
    const answer = await world.ask('uma', 'request', JSON.parse(text));
    expect(answer.ok ? answer.result.minutes : answer.error.code).toBe('input-invalid');
  });

  test('a list in a list, a hundred thousand times, is answered', async () => {
    let deep: unknown = [];
    for (let i = 0; i < 100_000; i += 1) deep = [deep];
    const event = {
      ...{ version: 1, id: randomUUID(), operation: 'request', input: deep },
      proof: { authorization: 'x', date: '20261121T100000Z' },
    };
    await expect(world.handler(event, CONTEXT)).resolves.toMatchObject({
      ok: false,
      error: { code: 'call-invalid' },
    });
  });
});

describe('a call that died behind its commit, again with the same id', () => {
  test('a ticket is not made again, and not told again', async () => {
    const id = randomUUID();
    const given = { service: 'support-shell', ...WHY } as const;
    world.tickets.push((await world.call('uma', 'ticket', given, id)).ticket);
    await diedAll();
    expect(await world.codeOf('uma', 'ticket', given, id)).toBe('answer-given-once');
    // Long after: the record is gone, the ticket is not.
    await world.superuser('delete from vault.calls');
    expect(await world.codeOf('uma', 'ticket', given, id)).toBe('answer-given-once');
    expect(await world.codeOf('uma', 'ticket', given)).toBe('ok');
  });

  test('a seed is not made again: whoever recorded the call is not shown one', async () => {
    const id = randomUUID();
    const { secret } = await world.call('ivo', 'approver-add', { name: 'ivo' }, id);
    await diedAll();
    expect(await world.codeOf('ivo', 'approver-add', { name: 'ivo' }, id)).toBe('answer-given-once');
    expect(world.secrets.value('tz-test/sensitive/approver/ivo')).toContain(secret);
  });

  test('broken glass is found, and not broken twice', async () => {
    const id = randomUUID();
    const given = { ...WHY, organization: 'own' };
    const first = await world.call('bea', 'break-glass', given, id);
    const told = world.subjects.length;
    await diedAll();
    expect(await world.call('bea', 'break-glass', given, id)).toEqual(first);
    expect(world.subjects).toHaveLength(told);
    expect(await world.superuser('select from guard.grants where request = $1', [id])).toHaveLength(1);
  });

  test('a refusal of what is shown once stays that refusal', async () => {
    const id = randomUUID();
    const given = { service: 'backend', ...WHY } as const;
    expect(await world.codeOf('uma', 'ticket', given, id)).toBe('service-refused');
    expect(await world.codeOf('uma', 'ticket', given, id)).toBe('service-refused');
  });
});

describe('a recorded call', () => {
  test('of somebody else with the same id is another call', async () => {
    const id = randomUUID();
    const mine = await world.call('uma', 'request', CLINIC, id);
    const answer = await world.ask('sam', 'request', CLINIC, id);
    expect(answer.ok).toBe(false);
    expect(JSON.stringify(answer)).not.toContain(mine.hash);
    expect(await world.call('uma', 'show', { request: id })).toEqual(mine);
  });

  test('is answered to nobody who has lost the right since', async () => {
    const id = randomUUID();
    await world.call('sam', 'request', CLINIC, id);
    await world.superuser(`update access.staff set is_active = false where name = 'sam'`);
    expect(await world.codeOf('sam', 'request', CLINIC, id)).toBe('staff-inactive');
    await world.superuser(`update access.staff set is_active = true where name = 'sam'`);
    expect(await world.codeOf('sam', 'request', CLINIC, id)).toBe('ok');
  });
});

describe('who asked, and may no longer be granted anything,', () => {
  test.each([
    ['is not active any more', 'is_active'],
    ['may not see sensitive organizations any more', 'can_see_sensitive'],
  ])('%s: the code is refused before it is looked at', async (_, column) => {
    const { id, hash } = await world.call('sam', 'request', CLINIC);
    await world.superuser(`update access.staff set ${column} = false where name = 'sam'`);
    const given = { request: id, hash, code: await world.code('ada') };
    expect(await world.codeOf('ada', 'approve', given)).toBe('requester-may-not');
    expect(await world.superuser('select from guard.grants where request = $1', [id])).toEqual([]);
    await world.superuser(`update access.staff set ${column} = true where name = 'sam'`);
    // The same code: nothing was used up.
    expect(await world.codeOf('ada', 'approve', given)).toBe('ok');
  });
});

describe('codes', () => {
  test('of one approver, in many functions at once, are five tries', async () => {
    const { id, hash } = await world.call('uma', 'request', CLINIC);
    await world.superuser(`delete from vault.attempts where outcome is distinct from 'accepted'`);
    const code = await world.wrong('grace');
    const given = await Promise.all(
      Array.from({ length: 12 }, () => world.codeOf('grace', 'approve', { request: id, hash, code })),
    );
    // Those that are being looked at count as well: fewer than five may be enough.
    const wrong = given.filter((each) => each === 'code-wrong').length;
    expect(wrong).toBeGreaterThan(0);
    expect(wrong).toBeLessThanOrEqual(5);
    expect(given.filter((each) => each === 'approver-locked')).toHaveLength(12 - wrong);
    expect(await world.superuser(`select from vault.attempts where outcome = 'wrong'`)).toHaveLength(wrong);
    const right = { request: id, hash, code: await world.code('grace') };
    expect(await world.codeOf('grace', 'approve', right)).toBe('approver-locked');
    await world.superuser(
      `delete from vault.attempts where outcome is distinct from 'accepted'; update vault.approvers set locked_until = null`,
    );
  });

  test('confirming is no way to try codes of a seed that counts', async () => {
    const attempts = () => world.superuser('select from vault.attempts');
    const before = (await attempts()).length;
    const answers = [await world.code('ada'), await world.wrong('ada')].map((code) =>
      world.ask('ada', 'approver-confirm', { name: 'ada', code }),
    );
    const [right, wrong] = await Promise.all(answers);
    expect(right).toEqual(wrong);
    expect(right).toMatchObject({ error: { code: 'request-closed' } });
    expect(await attempts()).toHaveLength(before);
  });

  test('one code at once for yes, for no, and for another request decides one of them', async () => {
    const [one, other] = [
      await world.call('uma', 'request', CLINIC),
      await world.call('sam', 'request', CLINIC),
    ];
    const code = await world.code('ada');
    const about = (view: typeof one) => ({ request: view.id, hash: view.hash, code });
    const given = await Promise.all([
      world.codeOf('ada', 'approve', about(one)),
      world.codeOf('ada', 'deny', { ...about(one), reason: REASON }),
      world.codeOf('ada', 'approve', about(other)),
    ]);
    expect(given.filter((each) => each === 'ok')).toHaveLength(1);
    await world.superuser(`delete from vault.attempts where outcome is distinct from 'accepted'`);
  });

  test('a seed that is exchanged while its first code is on the way: the code is of the seed which is kept', async () => {
    world.seeds.ivo = (await world.call('ivo', 'approver-add', { name: 'ivo' })).secret;
    const code = await world.code('ivo');
    const dependencies = world.dependencies();
    let exchanged = 0;
    // Behind the first reading of the seed somebody with the same session makes another one.
    dependencies.clients.secrets.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        exchanged += 1;
        if (exchanged === 1) await world.call('ivo', 'approver-add', { name: 'ivo' });
        return answer;
      },
      { step: 'initialize' },
    );
    expect(await by(dependencies, 'ivo', 'approver-confirm', { name: 'ivo', code })).toBe('code-wrong');
    expect(exchanged).toBeGreaterThan(0);
    const { approvers } = await world.call('ada', 'approver-list', {});
    expect(approvers.find(({ name }) => name === 'ivo')).toMatchObject({ state: 'unconfirmed' });
  });

  test('for a request that somebody else closes in between cost nothing', async () => {
    await world.superuser(`delete from vault.attempts where outcome is distinct from 'accepted'`);
    const { id, hash } = await world.call('uma', 'request', CLINIC);
    await world.superuser(`
      create function public.close_it() returns trigger language plpgsql security definer as $$ begin
        update guard.requests set outcome = 'denied', decided_at = now(), denied_by = 'grace', denied_reason = 'somebody else did'
          where id = new.request; return null; end $$;
      create constraint trigger close_it after insert on vault.attempts deferrable initially deferred for each row execute function public.close_it()`);
    const given = { request: id, hash, code: await world.code('ada') };
    expect(await world.codeOf('ada', 'approve', given)).toBe('request-closed');
    await world.superuser('drop trigger close_it on vault.attempts; drop function public.close_it()');
    expect(await world.superuser('select outcome from vault.attempts where request = $1', [id])).toEqual([
      { outcome: 'not-looked-at' },
    ]);
    // The code was not used up either, and this is the first failure.
    const next = await world.call('uma', 'request', CLINIC);
    const wrong = { request: next.id, hash: next.hash, code: await world.wrong('ada') };
    expect(await world.ask('ada', 'approve', wrong)).toMatchObject({
      error: { message: expect.stringContaining('; 1 of 5 failures') },
    });
    expect(await world.codeOf('ada', 'approve', { ...wrong, code: given.code })).toBe('ok');
  });

  test('our clock an hour back makes no used code new', async () => {
    const { id, hash } = await world.call('uma', 'request', CLINIC);
    const now = () => new Date(world.now().getTime() - 3_600_000);
    const old = await world.code('ada', -120);
    const given = { request: id, hash, code: old };
    expect(await by({ ...world.dependencies(), now }, 'ada', 'approve', given)).toBe('code-used');
    expect(await world.call('uma', 'show', { request: id })).toMatchObject({ state: 'pending' });
  });
});

/** The same database and secrets, by a function of its own. */
async function by<O extends Operation>(
  dependencies: Dependencies,
  name: Name,
  operation: O,
  input: Input<O>,
): Promise<string> {
  const id = randomUUID();
  const now = dependencies.now?.() ?? new Date();
  const proof = await prove(world.people[name], digestOf({ id, operation, input }), { now });
  const event = { version: 1, id, operation, input, proof };
  const answer = await createApprovals(dependencies).handler(event, CONTEXT);
  return answer.ok ? 'ok' : answer.error.code;
}
