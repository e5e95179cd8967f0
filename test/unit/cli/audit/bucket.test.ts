/** Heads in the audit bucket, read by the real SDK. */
import { headsOfBucket } from '../../../../cli/audit/heads';
import { type S3, startS3 } from './s3';

const [A, B] = ['aa'.repeat(32), 'bb'.repeat(32)];
const notes: string[] = [];
let s3: S3;
beforeEach(async () => {
  notes.length = 0;
  s3 = await startS3();
});
afterEach(() => s3.close());

function put(sequence: number, hash: string, version = 'v1'): void {
  const key = `ledger/${String(sequence).padStart(12, '0')}.json`;
  s3.objects.push({ key, version, body: JSON.stringify({ sequence, hash, at: '2026-04-15T10:00:00Z' }) });
}
const read = async () =>
  (await headsOfBucket(s3.client, 'tz-test-audit', (text) => notes.push(text))).map(
    ({ sequence, hash }) => `${sequence} ${hash.slice(0, 2)}`,
  );

test('all of them are read, over as many pages as there are', async () => {
  for (const sequence of [1, 2, 3, 4, 5]) put(sequence, A);
  s3.objects.push({ key: 'ledger/readme.txt', version: 'v1', body: 'x' });
  expect(await read()).toEqual(['1 aa', '2 aa', '3 aa', '4 aa', '5 aa']);
  expect(notes).toEqual([]);
});

test('a head that was written again is read as it was, and as it is', async () => {
  put(1, A);
  put(1, B, 'v2');
  expect(await read()).toEqual(['1 aa', '1 bb']);
});

test('where versions may not be listed the current ones are read, and that is said', async () => {
  s3.refuseVersions = true;
  for (const sequence of [1, 2, 3]) put(sequence, A);
  put(1, B, 'v2');
  expect(await read()).toEqual(['1 bb', '2 aa', '3 aa']);
  expect(notes).toEqual([expect.stringContaining('s3:ListBucketVersions')]);
});

test('a bucket without heads has none', async () => {
  expect(await read()).toEqual([]);
});

test('a bucket that may not be read is an error, not a bucket without heads', async () => {
  put(1, A);
  s3.refuseAll = true;
  await expect(read()).rejects.toMatchObject({
    code: 'aws-refused',
    next: expect.stringContaining('SecurityAuditor'),
  });
});
