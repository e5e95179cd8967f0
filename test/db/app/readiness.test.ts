/** Ready only while the database protects: each doubt planted, seen, and taken back. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ReadinessGate } from '../../../app/readiness-gate';
import { urlFor, withClient } from '../../support/database';
import { PASSWORDS, REGISTRY } from '../../support/platform';
import { AppWorld } from './world';

jest.setTimeout(60_000);
const world = new AppWorld();
beforeAll(() => world.open());
afterAll(() => world.close());

const admin = (sql: string) => withClient(urlFor(world.database.name), (client) => client.query(sql));

/** A process that starts now: nothing was ready before, nothing is kept. */
async function fresh(registryFile = REGISTRY, change: Record<string, string> = {}, route = '/readyz') {
  const service = await world.start(registryFile, change);
  try {
    return await world.get(route, undefined, service);
  } finally {
    await service.stop();
  }
}

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
      /may become who does/,
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
    expect(await fresh(otherRegistry())).toMatchObject({
      status: 503,
      body: { problems: ['another registry is applied than this image was built for'] },
    });
  });

  test('when it starts so, whatever the load balancer accepts', async () => {
    expect((await fresh(otherRegistry(), {}, '/readyz?superseded=accept')).status).toBe(503);
  });

  test('when the database does not answer', async () => {
    const { status, body } = await fresh(REGISTRY, { TZ_DATABASE_PORT: '1' });
    expect(status).toBe(503);
    expect(body.problems.join()).toMatch(/does not answer/);
  });

  test('when its password is refused', async () => {
    expect((await fresh(REGISTRY, { TZ_DATABASE_PASSWORD: `not-${PASSWORDS.app_backend}` })).status).toBe(
      503,
    );
  });
});

describe('the gate', () => {
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

  test('an error is a no, and the next probe asks again', async () => {
    const { ask } = gateOver([new Error('gone'), readiness]);
    expect([await ask(true), await ask(true)]).toEqual([false, true]);
  });

  test('says no from the moment that it stops', async () => {
    const { gate, ask } = gateOver([readiness]);
    gate.stop();
    expect(await ask(true)).toBe(false);
  });
});
