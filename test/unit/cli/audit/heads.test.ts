import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { headsOfDirectory, parseHead } from '../../../../cli/audit/heads';

const HASH = 'ab'.repeat(32);
const head = (sequence: number, more: object = {}) =>
  JSON.stringify({ sequence, hash: HASH, at: '2026-04-15T10:00:00Z', ...more });

test('heads of a folder are found wherever in it they lie, and nothing else is', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'tenant-zero-heads-'));
  await mkdir(path.join(directory, 'bucket', 'ledger'), { recursive: true });
  await writeFile(path.join(directory, 'bucket', 'ledger', '000000000007.json'), head(7));
  await writeFile(path.join(directory, 'bucket', 'ledger', '000000000003.json'), head(3));
  await writeFile(path.join(directory, 'bucket', 'trail.json'), '{}');
  expect((await headsOfDirectory(directory)).map(({ sequence }) => sequence)).toEqual([3, 7]);
});

test('a folder that is not there holds no heads', async () => {
  expect(await headsOfDirectory('/nowhere/at/all')).toEqual([]);
});

test.each([
  ['another sequence than its name says', head(8)],
  ['no JSON', '{'],
  ['no hash', JSON.stringify({ sequence: 7, at: 'x' })],
  ['a hash that is none', head(7, { hash: 'abc' })],
  ['nothing', ''],
])('a head with %s is an error, not a head less', (_, text) => {
  expect(() => parseHead('ledger/000000000007.json', text)).toThrow(/is not an exported head/);
  expect(parseHead('ledger/000000000007.json', head(7)).sequence).toBe(7);
});
