/** The one endpoint of a tenant: the whole way from a session to rows, with tenant zero in the same tables. */
import { randomUUID } from 'node:crypto';
import { urlFor, withClient } from '../../support/database';
import { AppWorld, ring } from './world';

jest.setTimeout(60_000);
const world = new AppWorld();
const [ada, ben] = [randomUUID(), randomUUID()];
const [bakery, books, own] = [randomUUID(), randomUUID(), randomUUID()];

beforeAll(async () => {
  await world.open();
  await world.tenant(ada, bakery, ['Mia', 'Noah', 'Ole']);
  await world.tenant(ben, books, ['Pia']);
  await world.tenantZero(ben, own, ['Zoe']);
});
afterAll(() => world.close());

const names = ({ body }: { body: { employees: { name: string }[] } }) =>
  body.employees.map(({ name }) => name).sort();

test('shows the people of the session’s organization, and of no other', async () => {
  expect(names(await world.get('/v1/employees', world.session(ada, bakery)))).toEqual(['Mia', 'Noah', 'Ole']);
  expect(names(await world.get('/v1/employees', world.session(ben, books)))).toEqual(['Pia']);
});

test('shows our own company’s people to those who belong to it', async () => {
  expect(names(await world.get('/v1/employees', world.session(ben, own)))).toEqual(['Zoe']);
});

test('shows each request its own tenant when many share few connections', async () => {
  const whose = [
    [ada, bakery, ['Mia', 'Noah', 'Ole']],
    [ben, books, ['Pia']],
    [ben, own, ['Zoe']],
  ] as const;
  const asked = Array.from({ length: 60 }, (_, index) => whose[index % 3] ?? whose[0]);
  const answers = await Promise.all(
    asked.map(([user, organization]) => world.get('/v1/employees', world.session(user, organization))),
  );
  expect(answers.map(names)).toEqual(asked.map(([, , people]) => people));
});

test('goes through them a page at a time, each once', async () => {
  const session = world.session(ada, bakery);
  const seen: string[] = [];
  let after = '';
  do {
    const { body } = await world.get(`/v1/employees?limit=2${after && `&after=${after}`}`, session);
    expect(body.employees.length).toBeLessThanOrEqual(2);
    seen.push(...body.employees.map(({ name }: { name: string }) => name));
    after = body.next;
  } while (after);
  expect(seen.sort()).toEqual(['Mia', 'Noah', 'Ole']);
});

describe('refuses', () => {
  const session = () => world.session(ada, bakery);
  const forged = () => session().replace(bakery, own);
  test.each<[string, () => string | undefined, number]>([
    ['nobody', () => undefined, 401],
    ['a session of another organization, changed by hand', forged, 401],
    ['a session that is over', () => world.session(ada, bakery, { seconds: -1 }), 401],
    ['a session signed with another key', () => world.session(ada, bakery, { keys: ring('session-1') }), 401],
    ['a session of an unknown key', () => world.session(ada, bakery, { keys: ring('other') }), 401],
    [
      'a session signed with the keys of tenant tokens',
      () => world.session(ada, bakery, { keys: world.tokenKeys }),
      401,
    ],
    ['text', () => 'let.me.in', 401],
    ['somebody who does not belong to the organization', () => world.session(ada, own), 403],
  ])('%s', async (...[, given, status]) => {
    const answer = await world.get('/v1/employees', given());
    expect(answer.status).toBe(status);
    expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
    expect(JSON.stringify(answer.body)).not.toMatch(/Mia|Zoe/);
  });

  test.each(['limit=0', 'limit=501', 'limit=x', 'after=1', 'organization=x&limit=-1'])(
    '%s',
    async (query) => {
      const { status, body } = await world.get(`/v1/employees?${query}`, session());
      expect([status, body.error]).toEqual([400, 'bad-request']);
    },
  );
});

test('a session signed with a key that is newer than what was read is believed at once', async () => {
  const [before, after] = [ring('before'), ring('after')];
  const file = world.keep('rotated.json', before);
  const clock = jest.spyOn(Date, 'now');
  const service = await world.start(undefined, { TZ_SESSION_KEYS_FILE: file });
  try {
    const ask = (keys: typeof before) =>
      world.get('/v1/employees', world.session(ada, bakery, { keys }), service);
    expect((await ask(before)).status).toBe(200);
    world.keep('rotated.json', { ...after, previous: before.current });
    clock.mockReturnValue(Date.now() + 11_000);
    expect([(await ask(after)).status, (await ask(before)).status]).toEqual([200, 200]);
  } finally {
    clock.mockRestore();
    await service.stop();
  }
});

test('tokens signed with a key that the database does not know show nothing', async () => {
  const file = world.keep('forged.json', ring(world.tokenKeys.current.id));
  const service = await world.start(undefined, { TZ_TOKEN_KEYS_FILE: file });
  try {
    const answer = await world.get('/v1/employees', world.session(ada, bakery), service);
    expect(answer).toMatchObject({ status: 503, body: { error: 'failed' } });
    expect(world.lines.at(-2)).toContain('TZ003');
  } finally {
    await service.stop();
  }
});

test('nothing on the way keeps an answer, and each can be found in the log', async () => {
  const { headers } = await world.get('/v1/employees', world.session(ada, bakery));
  expect(headers.get('cache-control')).toBe('no-store');
  expect(world.lines.join('')).toContain(headers.get('x-request-id'));
});

test('an address that there is not is 404, in the same form', async () => {
  expect(await world.get('/v1/salaries')).toMatchObject({ status: 404, body: { error: 'not-found' } });
});

test('a database that is away is 503 with a hint when to come back, and says nothing of why', async () => {
  const service = await world.start(undefined, { TZ_DATABASE_PORT: '1' });
  try {
    const answer = await world.get('/v1/employees', world.session(ada, bakery), service);
    expect(answer).toMatchObject({ status: 503, body: { error: 'failed' } });
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(JSON.stringify(answer.body)).not.toMatch(/ECONNREFUSED|127\.0\.0\.1/);
  } finally {
    await service.stop();
  }
});

test('no token, no query and no name of a person is in the log, which is JSON', async () => {
  const session = world.session(ada, bakery);
  await world.get(`/v1/employees?after=${ada}`, session);
  const text = world.lines.join('');
  for (const line of text.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
  expect(text).toContain('/v1/employees');
  for (const secret of [session, ada, 'Mia', 'Bearer']) expect(text).not.toContain(secret);
});

test('a stop answers what is under way, and then nobody', async () => {
  const service = await world.start();
  const session = world.session(ada, bakery);
  await withClient(urlFor(world.database.name), async (client) => {
    await client.query('begin; lock table public.employees in access exclusive mode');
    const waiting = world.get('/v1/employees', session, service);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const stopped = service.stop();
    await new Promise((resolve) => setTimeout(resolve, 200));
    await client.query('rollback');
    expect((await waiting).status).toBe(200);
    await stopped;
  });
  await expect(world.get('/healthz', undefined, service)).rejects.toThrow('fetch failed');
});
