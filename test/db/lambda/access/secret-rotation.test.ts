/** Rotation against a real database and a Secrets Manager with versions: what is valid, at every moment of it. */
import { createFunction as createBootstrap } from '../../../../lambda/database-bootstrap/function';
import { createFunction } from '../../../../lambda/secret-rotation/function';
import { giveKeys, newKey } from '../../../../lambda/secret-rotation/key-ring';
import { parseSigningKeys } from '../../../../sql/db/key-ring';
import { type SigningKeys, signToken } from '../../../../sql/db/token';
import { urlFor, withClient } from '../../../support/database';
import { CONTEXT, NAMES, TOKENS, World } from './world';

jest.setTimeout(120_000);
const world = new World();
let database: string;

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
const RESOURCE = { RequestType: 'Create', ResourceProperties: { ServiceToken: 'arn' } } as never;

const rotation = (of = database) => createFunction(world.dependencies(of), world.store()).handler;
const step = (Step: string, SecretId: string, ClientRequestToken: string) =>
  rotation()({ Step, SecretId, ClientRequestToken }, CONTEXT);
const bootstrap = (of: string) => createBootstrap(world.dependencies(of)).onEvent(RESOURCE, CONTEXT);
const ring = (stage?: string) => parseSigningKeys(world.secrets.value(NAMES.tokenKeys, stage) ?? '');
const CLAIMS = {
  kind: 'tenant',
  organization: '00000000-0000-4000-8000-000000000001',
  expiresInSeconds: 60,
} as const;

/** Whether the database believes a token. */
async function believes(token: string, of = database): Promise<boolean> {
  return withClient(urlFor(of), async (client) => {
    await client.query('begin');
    await client.query(`select set_config('tenant_zero.token', $1, true)`, [token]);
    return client.query('select guard.verified_token(null)').then(
      () => true,
      () => false,
    );
  });
}

beforeAll(async () => {
  await world.open();
  database = await world.database();
  await bootstrap(database);
  await world.acceptTokens();
});
afterAll(() => world.close());

test('before the registry is applied there are no keys, and the reason says what to do', async () => {
  const before = world.secrets.value(NAMES.tokenKeys);
  await expect(rotation()(RESOURCE, CONTEXT)).rejects.toThrow(
    /no place for signing keys yet(.|\n)*cdk deploy Registry/,
  );
  expect(world.secrets.value(NAMES.tokenKeys)).toBe(before);
});

test('the first deploy makes keys, which the database knows; the second changes nothing', async () => {
  await world.applyRegistry(database);
  expect(await rotation()(RESOURCE, CONTEXT)).toEqual({ PhysicalResourceId: 'signing-keys' });
  const made = world.secrets.value(NAMES.tokenKeys);
  expect(await believes(signToken(ring(), CLAIMS))).toBe(true);
  expect(parseSigningKeys(world.secrets.value(NAMES.sessionKeys) ?? '').previous).toBeUndefined();
  await rotation()(RESOURCE, CONTEXT);
  expect(world.secrets.value(NAMES.tokenKeys)).toBe(made);
});

test('a ring that is damaged is told, and left as it is', async () => {
  const whole = world.secrets.value(NAMES.sessionKeys) ?? '';
  world.secrets.add(NAMES.sessionKeys, whole.slice(0, -1));
  try {
    await expect(rotation()(RESOURCE, CONTEXT)).rejects.toThrow('signing keys are not JSON');
    expect(world.secrets.value(NAMES.sessionKeys)).toBe(whole.slice(0, -1));
  } finally {
    world.secrets.add(NAMES.sessionKeys, whole);
  }
});

test('a restored database learns the keys of today', async () => {
  const restored = await world.database();
  await bootstrap(restored);
  await world.applyRegistry(restored);
  expect(await believes(signToken(ring(), CLAIMS), restored)).toBe(false);
  await rotation(restored)(RESOURCE, CONTEXT);
  expect(await believes(signToken(ring(), CLAIMS), restored)).toBe(true);
});

test('a schedule can be made as soon as there are keys: Secrets Manager tries it with the values that are there', async () => {
  for (const name of [NAMES.tokenKeys, NAMES.sessionKeys, NAMES.breakGlass, NAMES.auditor]) {
    const version = world.secrets.begin(name);
    // Not `createSecret`: the trial is this step alone, with a copy.
    await expect(step('testSecret', name, version)).rejects.toThrow('no value where');
    world.secrets.answers.PutSecretValue?.({
      SecretId: name,
      ClientRequestToken: version,
      SecretString: world.secrets.value(name),
      VersionStages: ['AWSPENDING'],
    });
    await step('testSecret', name, version);
  }
});

test('two keys are valid after a rotation, and the one before them no longer', async () => {
  const first = ring();
  for (const expected of [true, false]) {
    const version = world.secrets.begin(NAMES.tokenKeys);
    for (const each of STEPS) await step(each, NAMES.tokenKeys, version);
    expect(ring().previous?.id).toBeDefined();
    expect(await believes(signToken(ring(), CLAIMS))).toBe(true);
    expect(await believes(signToken(first, CLAIMS))).toBe(expected);
  }
});

describe('a crash', () => {
  test.each(STEPS)(
    'before or after %s leaves valid what is signed with, and the rotation goes on',
    async (crash) => {
      const version = world.secrets.begin(NAMES.tokenKeys);
      const signing = () => believes(signToken(ring(), CLAIMS));
      for (const each of STEPS) {
        if (each === crash) await step(each, NAMES.tokenKeys, version);
        expect(await signing()).toBe(true);
        await step(each, NAMES.tokenKeys, version);
        expect(await signing()).toBe(true);
      }
      expect(await believes(signToken(ring(), CLAIMS))).toBe(true);
    },
  );

  test('a key that does not work never becomes the current one', async () => {
    const version = world.secrets.begin(NAMES.tokenKeys);
    await step('createSecret', NAMES.tokenKeys, version);
    const before = ring();
    // The database already has another key of that id: as if somebody had tampered with the pending version.
    const { id } = ring('AWSPENDING').current;
    await withClient(urlFor(database), (client) =>
      client.query('select vault.set_signing_key($1, $2)', [id, Buffer.alloc(32, 9)]),
    );
    await expect(step('setSecret', NAMES.tokenKeys, version)).rejects.toThrow('another secret');
    await expect(step('finishSecret', NAMES.tokenKeys, version)).rejects.toThrow('another secret');
    expect(ring()).toEqual(before);
  });
});

describe('the database gets both keys of a ring, or neither', () => {
  test('a deploy in the middle of a rotation pushes no key out', async () => {
    const version = world.secrets.begin(NAMES.tokenKeys);
    await step('createSecret', NAMES.tokenKeys, version);
    await step('setSecret', NAMES.tokenKeys, version);
    const [current, pending] = [ring(), ring('AWSPENDING')];
    expect(current.previous).toBeDefined();
    await rotation()(RESOURCE, CONTEXT);
    expect(await believes(signToken(current, CLAIMS))).toBe(true);
    expect(await believes(signToken(pending, CLAIMS))).toBe(true);
    await step('testSecret', NAMES.tokenKeys, version);
    await step('finishSecret', NAMES.tokenKeys, version);
  });

  test('a rotation that was given up does not push out what is signed with', async () => {
    const current = ring();
    // Twice: the order of the keys in the database is another one after the first time.
    for (const _ of [1, 2]) {
      const abandoned = world.secrets.begin(NAMES.tokenKeys);
      await step('createSecret', NAMES.tokenKeys, abandoned);
      await step('setSecret', NAMES.tokenKeys, abandoned);
      expect(await believes(signToken(current, CLAIMS))).toBe(true);
    }
    const version = world.secrets.begin(NAMES.tokenKeys);
    for (const each of STEPS) {
      await step(each, NAMES.tokenKeys, version);
      expect(await believes(signToken(ring(), CLAIMS))).toBe(true);
    }
    expect(ring().previous).toEqual(current.current);
    expect(await believes(signToken(current, CLAIMS))).toBe(true);
  });

  test('a crash between the two leaves valid what is signed with', async () => {
    // As in the middle of a rotation: the one before the current key is gone, and would go in again as the newest.
    const next = { current: newKey(), previous: ring().current };
    const give = (keys: SigningKeys, crashAt?: number) =>
      withClient(
        urlFor(database, { user: 'registry_applier', password: TOKENS.registry_applier ?? '' }),
        (client) => {
          const query = client.query.bind(client) as (...request: unknown[]) => unknown;
          let given = 0;
          const crashing = (...request: unknown[]) => {
            if (String(request[0]).includes('set_signing_key') && ++given === crashAt) {
              return Promise.reject(new Error('crashed'));
            }
            return query(...request);
          };
          return giveKeys(Object.assign(client, { query: crashing }), keys);
        },
      );
    await give(next);
    await expect(give(ring(), 2)).rejects.toThrow('crashed');
    expect(await believes(signToken(ring(), CLAIMS))).toBe(true);
    expect(await believes(signToken(next, CLAIMS))).toBe(true);
    // Without a crash the same call brings the older key back.
    await give(ring());
    expect(await believes(signToken({ current: ring().previous ?? next.current }, CLAIMS))).toBe(true);
    expect(await believes(signToken(ring(), CLAIMS))).toBe(true);
  });
});

test('the login that gives keys sees no row of a tenant, even as the owner of the tables', async () => {
  // One row at least: a policy that is asked about no row refuses nothing.
  await withClient(urlFor(database), (client) =>
    client.query(`begin;
      set local session_replication_role = replica;
      insert into public.organizations (name, slug, owner_membership_id) values ('Acme', 'acme', gen_random_uuid());
      commit`),
  );
  const look = async (user: string, password: string, before = 'select') =>
    withClient(urlFor(database, { user, password }), async (client) => {
      await client.query(before);
      return (await client.query('select from public.organizations')).rowCount;
    });
  const applier = ['registry_applier', TOKENS.registry_applier ?? ''] as const;
  await expect(look(...applier)).rejects.toMatchObject({ code: '42501' });
  await expect(look(...applier, 'set role platform_owner')).rejects.toMatchObject({ code: 'TZ010' });
  const { password } = JSON.parse(world.secrets.value(NAMES.breakGlass) ?? '{}');
  expect(await look('break_glass', password)).toBe(1);
});

test('a person who breaks the glass has a new password, and the old one is refused', async () => {
  const login = () => JSON.parse(world.secrets.value(NAMES.breakGlass) ?? '{}') as { password: string };
  const enter = (password: string) =>
    withClient(urlFor(database, { user: 'break_glass', password }), (client) =>
      client.query('select 1'),
    ).then(
      () => true,
      () => false,
    );
  const { password: old } = login();
  expect(await enter(old)).toBe(true);
  const version = world.secrets.begin(NAMES.breakGlass);
  // Each step twice: Secrets Manager asks again when it did not hear the answer.
  for (const each of STEPS) {
    await step(each, NAMES.breakGlass, version);
    await step(each, NAMES.breakGlass, version);
  }
  expect(login().password).not.toBe(old);
  expect(await enter(login().password)).toBe(true);
  expect(await enter(old)).toBe(false);
});

describe('refuses, and changes nothing', () => {
  test.each<[string, () => Promise<unknown>, RegExp]>([
    ['a step that there is not', () => step('dropSecret', NAMES.tokenKeys, 'x'), /no step "dropSecret"/],
    [
      'a secret that is not its own',
      async () => {
        world.secrets.add('other', '{}');
        return step('createSecret', 'other', world.secrets.begin('other'));
      },
      /other is no secret that this function rotates/,
    ],
    [
      'a version that there is not',
      () => step('createSecret', NAMES.tokenKeys, 'no-version'),
      /has no version no-version/,
    ],
    [
      'a secret whose rotation is off',
      async () => {
        const version = world.secrets.begin(NAMES.auditor);
        world.secrets.rotating.delete(NAMES.auditor);
        return step('createSecret', NAMES.auditor, version);
      },
      /not switched on/,
    ],
    [
      'a step before its time',
      async () => step('setSecret', NAMES.sessionKeys, world.secrets.begin(NAMES.sessionKeys)),
      /no value where/,
    ],
  ])('%s', async (...[, act, reason]) => {
    const before = [NAMES.tokenKeys, NAMES.sessionKeys, NAMES.auditor].map((name) =>
      world.secrets.value(name),
    );
    await expect(act()).rejects.toThrow(reason);
    expect(
      [NAMES.tokenKeys, NAMES.sessionKeys, NAMES.auditor].map((name) => world.secrets.value(name)),
    ).toEqual(before);
  });
});

test('no key and no password is in the log', () => {
  const text = world.lines.join('\n');
  expect(text).toContain('"step":"finishSecret"');
  for (const { secret } of [ring().current, ring().previous ?? ring().current]) {
    expect(text).not.toContain(secret.toString('base64'));
    expect(text).not.toContain(secret.toString('hex'));
  }
  expect(text).not.toContain(JSON.parse(world.secrets.value(NAMES.breakGlass) ?? '{}').password);
});
