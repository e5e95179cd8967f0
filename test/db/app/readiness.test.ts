/** Ready only while the database protects: each doubt planted, seen, and taken back. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Pool } from 'pg';
import { checkReadiness } from '../../../app/database/readiness';
import { expectedOf } from '../../../app/expected';
import type { RunningService } from '../../../app/service';
import { urlFor, withClient } from '../../support/database';
import { moveToOwnCluster, type OwnCluster } from '../../support/own-cluster';
import { PASSWORDS, REGISTRY } from '../../support/platform';
import { AppWorld } from './world';

jest.setTimeout(60_000);
const world = new AppWorld();
// Faults are planted in roles, which all databases of a cluster share.
let cluster: OwnCluster;
beforeAll(async () => {
  cluster = await moveToOwnCluster();
  await world.open();
});
afterAll(async () => {
  await world.close();
  await cluster?.stop();
});

const admin = (sql: string) => withClient(urlFor(world.database.name), (client) => client.query(sql));

interface Start {
  readonly registryFile?: string;
  readonly change?: Record<string, string>;
}

/** A process that starts now: nothing was ready before, nothing is kept. It ends, however `use` does. */
async function starting<T>(
  use: (service: RunningService) => Promise<T>,
  { registryFile = REGISTRY, change = {} }: Start = {},
): Promise<T> {
  const service = await world.start(registryFile, change);
  try {
    return await use(service);
  } finally {
    await service.stop();
  }
}

const fresh = (given: Start = {}, route = '/readyz') =>
  starting((service) => world.get(route, undefined, service), given);

/** As the image would be after a change of the registry. */
function otherRegistry(): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'tenant-zero-registry-')), 'registry.yaml');
  writeFileSync(
    file,
    readFileSync(REGISTRY, 'utf8').replace('statement_timeout: 60s', 'statement_timeout: 61s'),
  );
  return file;
}

test('is ready on a database that is as it should be', async () => {
  expect(await fresh()).toMatchObject({ status: 200, body: { ready: true, problems: [] } });
});

test('is healthy without asking the database anything', async () => {
  expect(await world.get('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
});

describe('is not ready', () => {
  test.each<[string, string, string, RegExp]>([
    [
      'when its role could bypass row security',
      'alter role app_backend bypassrls',
      'alter role app_backend nobypassrls',
      /has BYPASSRLS/,
    ],
    [
      'when its role may become the owner of the tables',
      'grant platform_owner to app_backend',
      'revoke platform_owner from app_backend',
      /may become platform_owner, which owns protected tables/,
    ],
    [
      'when its role may become one that bypasses row security, through another',
      'create role between; create role bypasser bypassrls; grant bypasser to between; grant between to app_backend',
      'drop role bypasser; drop role between',
      /may become bypasser, which has BYPASSRLS/,
    ],
    [
      'when its role may only make itself a member, and inherits nothing',
      'create role quiet bypassrls; grant quiet to app_backend with inherit false, set false, admin true',
      'drop role quiet',
      /may become quiet/,
    ],
    [
      'when its role may change the guard',
      'grant guard_owner to app_backend',
      'revoke guard_owner from app_backend',
      /may become guard_owner, which owns the guard/,
    ],
    [
      'when its role reads the files of the server',
      'grant pg_read_server_files to app_backend',
      'revoke pg_read_server_files from app_backend',
      /reaches the files of the server/,
    ],
    [
      'when its role is a superuser',
      'alter role app_backend superuser',
      'alter role app_backend nosuperuser',
      /^the database role is a superuser$/,
    ],
    [
      'when a partitioned table is unprotected',
      'create table public.parted (id int) partition by range (id)',
      'drop table public.parted',
      /public\.parted is not protected/,
    ],
    [
      'when a table is unprotected',
      'create table public.forgotten (id int)',
      'drop table public.forgotten',
      /public\.forgotten is not protected/,
    ],
    [
      'when a table is protected from others, and not from its owner',
      'alter table public.employees no force row level security',
      'alter table public.employees force row level security',
      /public\.employees is not protected/,
    ],
    [
      'when the applied state is not complete',
      `update guard.state set registry_hash = null`,
      `update guard.state set registry_hash = detail ->> 'test_hash', detail = detail - 'test_hash'`,
      /no registry is applied/,
    ],
  ])('%s', async (...[, plant, mend, problem]) => {
    await admin(`update guard.state set detail = detail || jsonb_build_object('test_hash', registry_hash)`);
    await admin(plant);
    try {
      const { status, body } = await fresh();
      expect(status).toBe(503);
      expect(body.problems.join('\n')).toMatch(problem);
    } finally {
      await admin(mend);
      await admin(`update guard.state set detail = detail - 'test_hash'`);
    }
    expect((await fresh()).status).toBe(200);
  });

  test('when another registry is applied than it was built for', async () => {
    expect(await fresh({ registryFile: otherRegistry() })).toMatchObject({
      status: 503,
      body: { problems: ['another registry is applied than this image was built for'] },
    });
  });

  test('when it starts so, whatever the load balancer accepts', async () => {
    expect((await fresh({ registryFile: otherRegistry() }, '/readyz?superseded=accept')).status).toBe(503);
  });

  test('when the database does not answer', async () => {
    const { status, body } = await fresh({ change: { TZ_DATABASE_PORT: '1' } });
    expect(status).toBe(503);
    expect(body.problems.join()).toMatch(/does not answer/);
  });

  test('when its password is refused', async () => {
    expect((await fresh({ change: { TZ_DATABASE_PASSWORD: `not-${PASSWORDS.app_backend}` } })).status).toBe(
      503,
    );
  });
});

test('is not ready without signing keys', async () => {
  const { status, body } = await fresh({ change: { TZ_SESSION_KEYS_FILE: '/none/session.json' } });
  expect(status).toBe(503);
  expect(body.problems.join()).toMatch(/the keys \/none\/session\.json cannot be read/);
});

test('tells those behind the load balancer whether it is ready, and not why it is not', async () => {
  const behind = { 'x-forwarded-for': '192.0.2.1' };
  const { body } = await starting((service) => world.get('/readyz', undefined, service, behind), {
    registryFile: otherRegistry(),
  });
  expect(body).toEqual({ ready: false });
});

test('a table that the registry excludes may have any name', async () => {
  const pool = new Pool({ connectionString: world.database.as('app_backend', PASSWORDS.app_backend) });
  const expected = expectedOf(readFileSync(REGISTRY, 'utf8'), REGISTRY);
  await admin('create table public."order" (id int); create table public."a$B" (id int)');
  try {
    const excluded = ['order', 'a$B'].map((name) => ({ schema: 'public', name }));
    expect((await checkReadiness(pool, expected)).problems).toHaveLength(2);
    const all = { ...expected, excluded: [...expected.excluded, ...excluded] };
    expect((await checkReadiness(pool, all)).problems).toEqual([]);
  } finally {
    await admin('drop table public."order"; drop table public."a$B"');
    await pool.end();
  }
});

describe('a request of a tenant', () => {
  const [user, organization] = [randomUUID(), randomUUID()];
  beforeAll(() => world.tenant(user, organization, ['Mia']));
  const ask = (service: RunningService) =>
    world.get('/v1/employees', world.session(user, organization), service);

  test('is refused while a table is unprotected: a load balancer without a healthy target sends to all', async () => {
    await admin('create table public.forgotten (id int)');
    try {
      const answer = await starting(ask);
      expect(answer).toMatchObject({ status: 503, body: { error: 'failed' } });
      expect(answer.headers.get('retry-after')).toBe('5');
      expect(JSON.stringify(answer.body)).not.toMatch(/forgotten|Mia/);
    } finally {
      await admin('drop table public.forgotten');
    }
    expect((await starting(ask)).status).toBe(200);
  });

  test('is answered by a task that is ending, which nobody is sent to any more', async () => {
    const service = await world.start(REGISTRY, {}, 500);
    expect((await ask(service)).status).toBe(200);
    const stopped = service.stop();
    expect((await world.get('/readyz?superseded=accept', undefined, service)).status).toBe(503);
    const answer = await ask(service);
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
    await stopped;
  });

  test('does not take the task out of service when all connections are busy', async () => {
    await starting((service) =>
      withClient(urlFor(world.database.name), async (client) => {
        await client.query('begin; lock table public.employees in access exclusive mode');
        const waiting = Array.from({ length: 15 }, () => ask(service));
        await new Promise((resolve) => setTimeout(resolve, 2200));
        const { status } = await world.get('/readyz', undefined, service);
        await client.query('rollback');
        expect((await Promise.all(waiting)).map((each) => each.status)).toEqual(Array(15).fill(200));
        expect(status).toBe(200);
      }),
    );
  });
});
