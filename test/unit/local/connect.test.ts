/** What `npm start` leaves for command lines, and that it counts only while it runs. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileStore, firstVersion, provision, replace } from '../../../local/aws/secret-store';
import { clientConfig, type LocalAws, localDatabase, readLocalAws } from '../../../local/connect';
import { localKeys } from '../../../local/keys';
import { homeOf, removeCluster, writePrivate } from '../../../sql/local/home';

let directory: string;
const env = () => ({ TENANT_ZERO_DIRECTORY: directory });
const home = () => homeOf(env());

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'tenant-zero-local-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const written = async (): Promise<LocalAws> => {
  const { people } = await localKeys(home().awsKeys);
  const database = { port: 1, name: 'x', resourceArn: 'arn:r', auditorSecret: 's' };
  return {
    ...{
      pid: process.pid,
      endpoint: 'http://127.0.0.1:1',
      region: 'eu-central-1',
      account: '0',
      stage: 'local',
    },
    ...{ functionName: 'f', people, database, auditBucket: 'b', topic: 't' },
  };
};

test('a running start is found; one that was killed, or never was, is not', async () => {
  expect(await readLocalAws(env())).toBeUndefined();
  const local = await written();
  await writePrivate(home().aws, local);
  expect(await readLocalAws(env())).toEqual(local);
  await writePrivate(home().aws, { ...local, pid: 2 ** 22 + 1 });
  expect(await readLocalAws(env())).toBeUndefined();
});

test('settings for clients of a person; a name that nobody has is refused with those there are', async () => {
  const local = await written();
  const { arn, ...credentials } = local.people.uma as LocalAws['people'][string];
  expect(arn).toContain('AWSReservedSSO_ProdEngineer_0123456789abcdef/uma@example.com');
  expect(clientConfig(local, 'uma')).toMatchObject({
    endpoint: local.endpoint,
    region: local.region,
    credentials,
  });
  expect(() => clientConfig(local, 'toString')).toThrow(
    expect.objectContaining({
      code: 'unknown-profile',
      next: 'take one of: uma, sam, ada, grace, ivo, bea, aud',
    }),
  );
});

test('addresses of the database, with the password of the login', async () => {
  expect(await localDatabase(env(), 'auditor')).toBeUndefined();
  await writePrivate(home().secrets, { passwords: { auditor: 'p' }, signing: {} });
  await writePrivate(home().server, { pid: process.pid, port: 5, database: 'd', applier: '' });
  expect(await localDatabase(env(), 'auditor')).toBe('postgres://auditor:p@127.0.0.1:5/d');
  expect(await localDatabase(env(), 'migrator')).toBeUndefined();
});

test('keys are the same at every start, differ between people, and are nobody else’s to read', async () => {
  const first = await localKeys(home().awsKeys);
  const second = await localKeys(home().awsKeys);
  expect(second).toEqual(first);
  const ids = [...first.directory.keys()];
  expect(new Set(ids).size).toBe(8);
  for (const id of ids) expect(id).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(statSync(home().awsKeys).mode & 0o777).toBe(0o600);
  expect(Object.keys(first.people)).not.toContain('function');
});

test('secrets survive in a file that only its owner reads; what is damaged is not written over', async () => {
  const file = home().sensitiveSecrets;
  await provision(fileStore(file), { a: 'seed' });
  await provision(fileStore(file), { a: 'another' });
  await replace(fileStore(file), { b: '1' });
  await replace(fileStore(file), { b: '2' });
  const store = fileStore(file);
  expect((await store.read('a'))?.map(({ value }) => value)).toEqual(['seed']);
  expect((await store.read('b'))?.map(({ value }) => value)).toEqual(['2']);
  expect(await store.read('toString')).toBeUndefined();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await writePrivate(file, { a: 'not a list' });
  await expect(store.read('a')).rejects.toThrow('does not hold secrets');
  await expect(store.change('a', () => [firstVersion('x')])).rejects.toThrow('does not hold secrets');
});

test('with the cluster go the seeds and the heads of its ledger, and the keys stay', async () => {
  const { awsKeys, sensitiveSecrets, audit, notifications, aws } = home();
  for (const file of [awsKeys, sensitiveSecrets, notifications, aws, path.join(audit, 'ledger/1.json')])
    await writePrivate(file, {});
  await removeCluster(home());
  const there = [awsKeys, sensitiveSecrets, notifications, aws, audit].map((file) =>
    Boolean(statSync(file, { throwIfNoEntry: false })),
  );
  expect(there).toEqual([true, false, false, false, false]);
});
