/** `sensitive-access audit` from its arguments to its exit code. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { Command } from 'commander';
import type { Io } from '../../../cli/approvals/io';
import { runProgram } from '../../../cli/approvals/run-program';
import type { Head } from '../../../cli/audit/heads';
import { auditCommand } from '../../../cli/audit/program';
import { auditWorld, CLINIC, exportedHead, NOBODY, record, unguarded, type World } from './world';

// The engine applies the whole registry first, and every worker does.
jest.setTimeout(60_000);

const NOW = new Date('2026-04-15T10:02:30Z');

let world: World;
let heads: string;
beforeAll(async () => {
  world = await auditWorld();
  heads = await mkdtemp(path.join(tmpdir(), 'tenant-zero-heads-'));
  await record(world, 1);
  await record(world, 1, { event: 'break-glass' });
  await record(world, 1);
  await write(heads, await exportedHead(world));
  await record(world, 1, { event: 'approval', organization: NOBODY });
});
afterAll(() => world.close());

async function write(directory: string, { sequence, hash, at, name }: Head): Promise<void> {
  const file = path.join(directory, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ sequence, hash, at }));
}

async function run(...args: string[]) {
  let [stdout, stderr] = ['', ''];
  const io: Io = {
    stdout: (text) => {
      stdout += text;
    },
    stderr: { write: (text: string) => (stderr += text) },
    stdin: Readable.from([]),
    env: {},
    now: () => NOW,
    sleep: async () => undefined,
  };
  const code = await runProgram(['audit', ...args], io, () => ({
    program: new Command('sensitive-access').addCommand(auditCommand(io)),
    outcome: { exitCode: 0 },
  }));
  return { code, stdout, stderr };
}
const here = () => ['--database-url', world.url];

test('"nobody" is a row, in every format', async () => {
  const question = [...here(), '--organization', NOBODY, '--at', '2026-04'];
  expect((await run(...question)).stdout).toMatch(/^Who could see .*\n\ncould\/did .*\nnobody +-/);
  expect((await run(...question, '--format', 'csv')).stdout).toMatch(/\r\nnobody,,,,,,2026-04-01T/);
  expect(JSON.parse((await run(...question, '--format', 'json')).stdout)).toMatchObject([{ how: 'nobody' }]);
});

test('the log is filtered, and told in order', async () => {
  const events = async (...args: string[]) =>
    (await run('log', ...here(), '--format', 'json', ...args)).stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).sequence);
  expect(await events()).toEqual([1, 2, 3, 4]);
  expect(await events('--event', 'break-glass')).toEqual([2]);
  expect(await events('--organization', NOBODY)).toEqual([4]);
  expect(await events('--after', '2', '--limit', '1')).toEqual([3]);
  expect(await events('--from', '2020', '--to', '2999')).toEqual([1, 2, 3, 4]);
  expect(await events('--at', '2020-04-16')).toEqual([]);
});

describe('verify', () => {
  test('says that all is well, in one line', async () => {
    expect(await run('verify', ...here(), '--heads-dir', heads)).toEqual({
      code: 0,
      stdout: '4 entries, chain intact, 1 exported head agrees, newest head at 3 (2 min ago)\n',
      stderr: '',
    });
  });

  test('without any head it is a finding, unless that was asked for', async () => {
    const none = path.join(heads, 'none');
    expect(await run('verify', ...here(), '--heads-dir', none)).toMatchObject({
      code: 1,
      stdout: '4 entries, chain intact, no exported heads\n',
      stderr: expect.stringContaining('no head was ever exported'),
    });
    expect(await run('verify', ...here(), '--without-heads')).toMatchObject({ code: 0, stderr: '' });
  });

  test('finds entries that are gone from the end', async () => {
    const longer = await mkdtemp(path.join(tmpdir(), 'tenant-zero-heads-'));
    await write(longer, { ...(await exportedHead(world)), sequence: 9, name: 'ledger/000000000009.json' });
    expect(await run('verify', ...here(), '--heads-dir', longer)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^4 entries, chain broken at 5: truncated: the ledger ends at 4/),
    });
  });

  test('finds an entry that was changed in the database', async () => {
    await unguarded(world);
    const change = (from: string, to: string) =>
      world.asSuperuser('update guard.ledger set body = replace(body, $1, $2) where sequence = 2', [
        from,
        to,
      ]);
    await change('uma@', 'sam@');
    const { code, stdout } = await run('verify', ...here(), '--heads-dir', heads, '--format', 'json');
    await change('sam@', 'uma@');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ entries: 1, broken: { sequence: 2, why: 'tampered' } });
    expect((await run('verify', ...here(), '--heads-dir', heads)).code).toBe(0);
  });
});

test.each<[string, string[], RegExp]>([
  ['no organization', ['--at', '2026-04'], /which organization/],
  ['no date', ['--organization', CLINIC], /no date/],
  ['a date that is none', ['--organization', CLINIC, '--at', '2026-13'], /is no date/],
  ['two places', ['--organization', CLINIC, '--at', '2026-04', '--local'], /--local and --database-url/],
  ['a format that is none', ['--organization', CLINIC, '--at', '2026-04', '--format', 'xml'], /csv/],
  ['a key that entries do not have', ['log', '--organization', 'own'], /by their keys/],
  ['no place for heads', ['verify'], /where do the exported heads lie/],
])('%s: nothing is answered', async (_, args, message) => {
  const { code, stdout, stderr } = await run(...args, ...here());
  expect(stderr).toMatch(message);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

test('a password is never repeated, and somebody else is not let in', async () => {
  const wrong = world.database.as('auditor', 'a-secret-that-is-wrong');
  const { code, stderr } = await run('log', '--database-url', wrong);
  expect(code).toBe(2);
  expect(stderr).toMatch(/password of auditor is wrong/);
  expect(stderr).not.toContain('a-secret-that-is-wrong');
});

test('options before the name of a command below are not lost', async () => {
  expect((await run(...here(), 'verify', '--without-heads')).stdout).toMatch(/^4 entries/);
});
