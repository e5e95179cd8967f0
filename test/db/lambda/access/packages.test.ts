/** The packages as Lambda runs them: bundled, with the SDK's own idea of where Secrets Manager is. */
import { HANDLERS as BOOTSTRAP } from '../../../../lambda/database-bootstrap/contract';
import { HANDLERS as ROTATION } from '../../../../lambda/secret-rotation/contract';
import { urlFor, withClient } from '../../../support/database';
import { MASTER, NAMES, type Package, World } from './world';

jest.setTimeout(120_000);
const world = new World();
let prepare: Package;
let rotate: Package;
let database: string;

beforeAll(async () => {
  await world.open();
  [prepare, rotate] = await Promise.all([
    world.package('database-bootstrap'),
    world.package('secret-rotation'),
  ]);
  database = await world.database();
});
afterAll(() => world.close());

/** `index.onEvent` is what Lambda is told. */
const exported = (handler: string) => handler.replace(/^index\./, '');
const CREATE = { RequestType: 'Create', ResourceProperties: { ServiceToken: 'arn' } };
const bootstrap = () => prepare(exported(BOOTSTRAP.onEvent), CREATE, database);
const step = (Step: string, SecretId: string, ClientRequestToken: string) =>
  rotate(exported(ROTATION.handler), { Step, SecretId, ClientRequestToken }, database);
const passwordOf = (name: string) =>
  JSON.parse(world.secrets.value(name) ?? '{}') as { username: string; password: string };

test('the bootstrap prepares a database, and says nothing of what it read', async () => {
  const { result, error, log, text } = await bootstrap();
  expect(error).toBeUndefined();
  expect(result).toEqual({ PhysicalResourceId: 'database-bootstrap' });
  expect(log).toContainEqual(expect.objectContaining({ event: 'prepared' }));
  for (const secret of [MASTER.password, passwordOf(NAMES.breakGlass).password]) {
    expect(text).not.toContain(secret);
  }
});

test('the reason of a refusal fits into the answer to CloudFormation, without a secret and with a next step', async () => {
  const planted = 'planted-in-the-secret-of-the-master';
  world.secrets.add(NAMES.master, JSON.stringify({ ...MASTER, password: planted }));
  const { error, text } = await bootstrap();
  world.secrets.add(NAMES.master, JSON.stringify(MASTER));
  expect(error?.name).toBe('DatabaseBootstrapFailed');
  expect(error?.message).toMatch(/password authentication failed for user "tz_master"/);
  expect(Buffer.byteLength(JSON.stringify(error?.message))).toBeLessThan(2800);
  expect(text).not.toContain(planted);
});

test('rotation changes the password of a person from end to end', async () => {
  await bootstrap();
  await withClient(urlFor('postgres'), (client) =>
    client.query(`grant connect on database ${database} to auditor`),
  );
  const before = passwordOf(NAMES.auditor);
  const version = world.secrets.begin(NAMES.auditor);
  for (const each of ['createSecret', 'setSecret', 'testSecret', 'finishSecret']) {
    const { error, text } = await step(each, NAMES.auditor, version);
    expect(error).toBeUndefined();
    expect(text).not.toContain(before.password);
    expect(text).not.toContain(passwordOf(NAMES.auditor).password);
  }
  const { username: user, password } = passwordOf(NAMES.auditor);
  const enter = (as: string) => withClient(urlFor(database, { user, password: as }), async () => 'entered');
  expect(await enter(password)).toBe('entered');
  await expect(enter(before.password)).rejects.toThrow('password authentication failed');
});

test('a secret that Secrets Manager does not show ends with its reason', async () => {
  const { error } = await step('createSecret', 'not-there', 'version');
  expect(error?.name).toBe('SecretRotationFailed');
  expect(error?.message).toContain('there is no secret not-there');
});
