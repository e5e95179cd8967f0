/** Objects are written once and stay as they are: in memory and in a folder alike. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { folderObjects, memoryObjects, type ObjectStore, s3 } from '../../../../local/aws';
import { failing, type World, world } from './world';

const folder = mkdtempSync(path.join(tmpdir(), 'tenant-zero-s3-'));
afterAll(() => rmSync(folder, { recursive: true }));

const STORES: readonly [string, ObjectStore][] = [
  ['memory', memoryObjects()],
  ['folder', folderObjects(path.join(folder, 'audit'))],
];

describe.each(STORES)('in %s', (_name, store) => {
  let aws: World;
  let client: S3Client;
  const Bucket = 'audit';
  beforeAll(async () => {
    aws = await world({ s3: s3({ buckets: { audit: store } }) });
    client = new S3Client(aws.as('function'));
  });
  afterAll(() => aws.close());

  const put = (Key: string, Body: string, IfNoneMatch?: string) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body, IfNoneMatch, ContentType: 'application/json' }));
  const get = async (Key: string, VersionId?: string) => {
    const answer = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    return { ...answer, text: await answer.Body?.transformToString() };
  };

  test('what is written is read, listed, and described', async () => {
    const { VersionId } = await put('ledger/000000000001.json', '{"a":"ü"}', '*');
    await put('ledger/000000000002.json', '{}', '*');
    await put('other/a b+c.txt', 'x');
    expect(await get('ledger/000000000001.json')).toMatchObject({
      ...{ text: '{"a":"ü"}', ContentType: 'application/json', VersionId },
    });
    expect((await get('other/a b+c.txt')).text).toBe('x');
    expect((await get('ledger/000000000001.json', VersionId)).text).toBe('{"a":"ü"}');
    expect((await failing(get('ledger/000000000001.json', 'other'))).name).toBe('NoSuchVersion');
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'ledger/000000000002.json' }));
    expect(head).toMatchObject({ ContentLength: 2 });
    const listed = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'ledger/' }));
    expect(listed.Contents?.map(({ Key, Size }) => [Key, Size])).toEqual([
      ['ledger/000000000001.json', 10],
      ['ledger/000000000002.json', 2],
    ]);
    expect(listed).toMatchObject({ IsTruncated: false, KeyCount: 2 });
    const versions = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'ledger/' }));
    expect(versions.Versions?.[0]).toMatchObject({
      Key: 'ledger/000000000001.json',
      VersionId,
      IsLatest: true,
    });
  });

  test('a list goes on page by page', async () => {
    const keys: (string | undefined)[] = [];
    let token: string | undefined;
    let pages = 0;
    do {
      const input = { Bucket, Prefix: 'ledger/', MaxKeys: 1, ContinuationToken: token };
      const page = await client.send(new ListObjectsV2Command(input));
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key));
      token = page.NextContinuationToken;
      pages += 1;
    } while (token !== undefined);
    expect([keys, pages]).toEqual([['ledger/000000000001.json', 'ledger/000000000002.json'], 2]);
  });

  test('nothing is written over, and nothing is deleted', async () => {
    const again = await failing(put('ledger/000000000001.json', 'other', '*'));
    expect(again).toMatchObject({ name: 'PreconditionFailed', status: 412 });
    expect(await failing(put('ledger/000000000001.json', 'other'))).toMatchObject({
      name: 'AccessDenied',
      status: 403,
    });
    const deletion = client.send(new DeleteObjectCommand({ Bucket, Key: 'ledger/000000000001.json' }));
    expect((await failing(deletion)).name).toBe('AccessDenied');
    expect((await get('ledger/000000000001.json')).text).toBe('{"a":"ü"}');
  });

  test('of several who write the same, one wins', async () => {
    const bodies = ['1', '2', '3', '4'];
    const done = await Promise.allSettled(bodies.map((body) => put('ledger/race.json', body, '*')));
    const winners = bodies.filter((_, i) => done[i]?.status === 'fulfilled');
    expect(winners).toEqual([(await get('ledger/race.json')).text]);
  });

  test('what is not there', async () => {
    expect(await failing(get('nothing'))).toMatchObject({ name: 'NoSuchKey', status: 404 });
    const head = client.send(new HeadObjectCommand({ Bucket, Key: 'nothing' }));
    expect(await failing(head)).toMatchObject({ name: 'NotFound', status: 404 });
    const other = client.send(new ListObjectsV2Command({ Bucket: 'other' }));
    expect((await failing(other)).name).toBe('NoSuchBucket');
    const acl = client.send(new GetObjectAclCommand({ Bucket, Key: 'ledger/000000000001.json' }));
    expect((await failing(acl)).name).toBe('NotImplemented');
  });
});

test.each(['../out.json', 'a/../../out.json', '/out.json', 'a//b', '.hidden', 'a\0b', 'x.unfinished'])(
  'a folder takes no key that leads elsewhere: %j',
  async (key) => {
    const store = folderObjects(path.join(folder, 'inner'));
    writeFileSync(path.join(folder, 'out.json'), 'secret');
    await expect(store.create(key, Buffer.from('x'))).rejects.toThrow('are not kept here');
    await expect(store.read(key)).rejects.toThrow('are not kept here');
    expect(await store.create('fine.json', Buffer.from('x')).then(() => store.keys())).toEqual(['fine.json']);
    expect(statSync(path.join(folder, 'inner/fine.json')).mode & 0o777).toBe(0o400);
  },
);
