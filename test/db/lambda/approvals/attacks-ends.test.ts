/** Tricks with what nobody approves, with ends that are none, with seeds, and with questions whose answer is the secret. */
import { randomUUID } from 'node:crypto';
import { ORGANIZATIONS } from '../../../support/tenants';
import { OWN, WHY, World } from './world';

const world = new World();
const CLINIC = { organization: ORGANIZATIONS.clinic, kind: 'shell', ...WHY } as const;
const GLASS = { organization: ORGANIZATIONS.clinic, ...WHY };
const REASON = 'the work is done, thank you';
const MINUTE = 60_000;

beforeAll(async () => {
  await world.open();
  await world.enrol('ada');
  await world.enrol('grace', 'ada');
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.tick());

describe('broken glass', () => {
  const ends = (view: { grant: { endsAt: string } | null }) => Date.parse(view.grant?.endsAt ?? '');

  test('beside a grant lengthens neither, and a grant does not lengthen it', async () => {
    const normal = await world.granted('bea', { minutes: 20 }, 'ada');
    const glass = await world.call('bea', 'break-glass', GLASS);
    expect(ends(glass) - Date.now()).toBeLessThanOrEqual(30 * MINUTE);
    expect(ends(await world.call('bea', 'show', { request: normal.id }))).toBe(ends(normal));
    await world.granted('bea', { minutes: 240 }, 'ada');
    expect(ends(await world.call('bea', 'show', { request: glass.id }))).toBe(ends(glass));
  });

  test('broken again is another one: told again, and open in the list until each is reviewed', async () => {
    const before = world.subjects.length;
    const first = await world.call('bea', 'break-glass', GLASS);
    const second = await world.call('bea', 'break-glass', GLASS);
    expect(second.id).not.toBe(first.id);
    expect(world.subjects.slice(before).filter((each) => each.includes('BREAK GLASS'))).toHaveLength(2);
    const given = { request: first.id, hash: first.hash, note: REASON, code: await world.code('ada') };
    await world.call('ada', 'review', given);
    const open = (await world.call('ada', 'list', {})).requests.filter(
      ({ breakGlass, reviewed }) => breakGlass && reviewed === null,
    );
    expect(open.map(({ id }) => id)).toContain(second.id);
    // A review is for the one that was read.
    const other = { ...given, request: second.id, code: await world.code('grace') };
    expect(await world.codeOf('grace', 'review', other)).toBe('request-changed');
  });

  test('is not reviewed by the same person with another permission set', async () => {
    const { id } = await world.call('bea', 'break-glass', GLASS);
    const [row] = await world.rewrite(id, `person = '${world.ids.grace}'`);
    const given = { request: id, hash: row?.hash ?? '', note: REASON, code: await world.code('grace') };
    expect(await world.codeOf('grace', 'review', given)).toBe('self-approval');
  });

  test('is not opened when the message could be sent and the database then says no', async () => {
    const grants = () => world.superuser(`select from guard.grants where person = '${world.ids.bea}'`);
    const before = (await grants()).length;
    await world.superuser(`
      create function public.fail() returns trigger language plpgsql as $$ begin raise 'too late'; end $$;
      create constraint trigger fail after insert on guard.grants deferrable initially deferred for each row execute function public.fail()`);
    const told = world.subjects.length;
    await expect(world.ask('bea', 'break-glass', GLASS)).rejects.toMatchObject({ name: 'ApprovalsFailed' });
    await world.superuser('drop trigger fail on guard.grants; drop function public.fail()');
    expect(await grants()).toHaveLength(before);
    // Said too loudly is safe; opened in silence is not.
    expect(world.subjects.length).toBe(told + 1);
  });

  test('no engineer and no approver breaks any, and bea may not when she may see nothing sensitive', async () => {
    expect(await world.codeOf('ada', 'break-glass', GLASS)).toBe('access-refused');
    expect(await world.codeOf('uma', 'break-glass', GLASS)).toBe('access-refused');
    await world.superuser(`update access.staff set can_see_sensitive = false where name = 'bea'`);
    expect(await world.codeOf('bea', 'break-glass', GLASS)).toBe('person-may-not-see');
    await world.superuser(`update access.staff set can_see_sensitive = true where name = 'bea'`);
    expect(await world.codeOf('bea', 'break-glass', GLASS)).toBe('ok');
  });
});

describe('the end of access', () => {
  test('of a grant to write is proved by the same probe, and grants of every kind end', async () => {
    const read = await world.granted('uma', { kind: 'console' }, 'ada');
    const write = await world.granted('uma', { access: 'write' }, 'grace');
    const done = await world.call('uma', 'revoke', { request: write.id, reason: REASON });
    expect(done).toMatchObject({ proved: true, proof: { rows: 0, control: true } });
    expect(await world.call('uma', 'show', { request: read.id })).toMatchObject({ state: 'revoked' });
  });

  test('is not proved while a grant to write, made again meanwhile, still shows', async () => {
    const { id } = await world.granted('uma', {}, 'ada');
    await world.superuser(`
      create function public.plant() returns trigger language plpgsql as $$ begin
        insert into guard.grants (person, organization, kind, access, starts_at, ends_at)
        values (new.person, '${ORGANIZATIONS.clinic}', 'shell', 'write', now() - interval '1 s', now() + interval '1 hour');
        return new; end $$;
      create trigger plant after insert on vault.tickets for each row when (new.service = 'probe') execute function public.plant()`);
    expect(await world.call('uma', 'revoke', { request: id, reason: REASON })).toMatchObject({
      proved: false,
    });
    await world.superuser('drop trigger plant on vault.tickets; drop function public.plant()');
    expect(await world.call('uma', 'revoke', { request: id, reason: REASON })).toMatchObject({
      proved: true,
    });
  });

  test('of somebody else is nobody’s but theirs and the approvers’', async () => {
    const { id } = await world.granted('uma', {}, 'ada');
    expect(await world.codeOf('sam', 'revoke', { request: id, reason: REASON })).toBe('access-unknown');
    expect(await world.codeOf('bea', 'revoke', { request: id, reason: REASON })).toBe('access-unknown');
    expect(await world.codeOf('sam', 'revoke', { request: randomUUID(), reason: REASON })).toBe(
      'access-unknown',
    );
    expect(await world.codeOf('grace', 'revoke', { request: id, reason: REASON })).toBe('ok');
  });
});

describe('a stolen session of an approver, without the telephone,', () => {
  test('exchanges no seed that counts, and removes nobody', async () => {
    expect(await world.codeOf('ada', 'approver-add', { name: 'ada' })).toBe('access-refused');
    for (const name of ['ada', 'grace'])
      expect(
        await world.codeOf('ada', 'approver-remove', {
          name,
          code: await world.wrong('ada'),
          reason: REASON,
        }),
      ).toBe('code-wrong');
    await world.superuser(`delete from vault.attempts where outcome is distinct from 'accepted'`);
  });

  test('that sets up at the same moment: one of the two seeds is kept, and only that one is confirmed', async () => {
    const [one, two] = await Promise.all([
      world.call('ivo', 'approver-add', { name: 'ivo' }),
      world.call('ivo', 'approver-add', { name: 'ivo' }),
    ]);
    const stored = world.secrets.value('tz-test/sensitive/approver/ivo') ?? '';
    expect([one, two].filter(({ secret }) => stored.includes(secret))).toHaveLength(1);
    const [kept, lost] = stored.includes(one.secret) ? [one, two] : [two, one];
    world.seeds.ivo = lost.secret;
    const confirm = async () =>
      world.codeOf('ivo', 'approver-confirm', { name: 'ivo', code: await world.code('ivo') });
    expect(await confirm()).toBe('code-wrong');
    world.seeds.ivo = kept.secret;
    expect(await confirm()).toBe('ok');
    // And still counts for nothing.
    const { id, hash } = await world.call('uma', 'request', CLINIC);
    world.tick();
    expect(await world.codeOf('ivo', 'approve', { request: id, hash, code: await world.code('ivo') })).toBe(
      'approver-unknown',
    );
  });
});

describe('questions whose answer would be the secret', () => {
  const unknown = '99999999-0000-4000-8000-000000000000';

  test('visibility says the same of an organization that is sensitive, ordinary, and none', async () => {
    const asked = await Promise.all(
      [ORGANIZATIONS.clinic, ORGANIZATIONS.acme, OWN, unknown].map((organization) =>
        world.call('sam', 'visibility', { organization }),
      ),
    );
    for (const each of asked) expect(each).toEqual({ ...asked[0], grants: [] });
    expect((await world.call('uma', 'visibility', {})).grants).not.toEqual([]);
  });

  test('preview counts no people: one digit, and zeros', async () => {
    const { blast } = await world.call('uma', 'preview', CLINIC);
    expect(blast.length).toBeGreaterThan(2);
    for (const { rows } of blast) expect(String(rows)).toMatch(/^[1-9]0*$/);
    // Whoever may not see it is told nothing, whatever they name.
    for (const organization of [ORGANIZATIONS.clinic, ORGANIZATIONS.acme, OWN, unknown])
      expect(await world.codeOf('ned', 'preview', { ...CLINIC, organization })).toBe('person-may-not-see');
  });

  test('requests of others are as unknown as none, to everybody who does not approve', async () => {
    const { id } = await world.call('uma', 'request', CLINIC);
    const said = await Promise.all(
      [id, randomUUID()].map((request) => world.ask('sam', 'show', { request })),
    );
    expect(said[0]).toEqual(said[1]);
    for (const operation of ['approver-list', 'approve', 'deny', 'review', 'approver-add'] as const)
      expect(await world.codeOf('uma', operation, {} as never)).toBe('access-refused');
  });

  test('who has no part is told which command, and nothing of what there is', async () => {
    const answer = await world.ask('ada', 'preview', CLINIC);
    expect(answer).toMatchObject({
      error: { code: 'access-refused', message: 'SensitiveApprover may not run `request`' },
    });
    expect(await world.ask('uma', 'approver-list', {})).toMatchObject({
      error: { message: 'ProdEngineer may not run `approver list`' },
    });
  });
});
