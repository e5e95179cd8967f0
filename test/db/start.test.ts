/** `npm start` as a process: once, beside another one, ended by Ctrl-C, and after a kill. */

import { chmodSync, existsSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isAlive } from '../../sql/local/home';
import { ended } from '../../sql/local/leftover';
import { start, until } from './cli/rls';

jest.setTimeout(120_000);

let folder: string;
const run = (...args: string[]) => start('start', ['--directory', folder, ...args]);
const file = (name: string) => path.join(folder, name);

beforeAll(async () => {
  const parent = await mkdtemp(path.join(tmpdir(), 'tenant-zero-start-'));
  // As root, the server runs as somebody else, who must be able to walk here.
  chmodSync(parent, 0o755);
  folder = path.join(parent, 'home');
});

afterAll(async () => {
  await rm(path.dirname(folder), { recursive: true, force: true });
});

async function postmaster(): Promise<number> {
  return Number((await readFile(file('cluster/postmaster.pid'), 'utf8')).split('\n')[0]);
}

test('--once --fresh does everything, says what each role can see as measured, and leaves nothing running', async () => {
  const { code, stdout, stderr } = await run('--once', '--fresh').ran;
  expect(stderr).toBe('');
  expect(code).toBe(0);
  for (const step of [
    'PostgreSQL',
    'Migrations',
    'Registry applied',
    'Registry verified',
    'Demo tenants',
    'Measured',
    'App: ready at http://127',
  ])
    expect(stdout).toMatch(new RegExp(`\\d\\.\\d s {2}${step}`));
  // Asked while it starts, as a user too: an app that does not answer fails the start.
  expect(stdout).toMatch(
    /curl -H 'Authorization: Bearer s1\.[^']+' 'http:\/\/127\.0\.0\.1:\d+\/v1\/employees\?limit=3'/,
  );
  const row = (name: string) => {
    const line = stdout.split('\n').find((each) => each.trim().startsWith(name)) ?? '';
    return [...line.slice(name.length + 2).matchAll(/(\S+) \/ (\S+)/g)].map(([, sees, changes]) => [
      sees,
      changes,
    ]);
  };
  const [ordinary, sensitive, own] = row('(superuser');
  expect(Math.min(Number(ordinary?.[0]), Number(sensitive?.[0]), Number(own?.[0]))).toBeGreaterThan(50);
  expect(row('break_glass').map(([sees]) => sees)).toEqual([ordinary?.[0], sensitive?.[0], own?.[0]]);
  expect(row('app_backend, token of Northwind')).toEqual([
    [expect.stringMatching(/^[1-9]/), expect.anything()],
    ['0', '0'],
    ['0', '0'],
  ]);
  expect(row('app_backend, token of Tenant Zero')).toEqual([
    ['0', '0'],
    ['0', '0'],
    [expect.stringMatching(/^[1-9]/), expect.anything()],
  ]);
  expect(row('app_backend, no token').flat()).toEqual(Array(6).fill('TZ001'));
  expect(row('staff_admin')).toEqual([
    [expect.stringMatching(/^[1-9]/), expect.anything()],
    ['0', '0'],
    ['0', '0'],
  ]);
  expect(row('support_shell, no ticket').flat()).toEqual([
    'TZ030',
    'read-only',
    'TZ030',
    'read-only',
    'TZ030',
    'read-only',
  ]);
  expect(row('support_shell, ticket ')).toEqual([
    [expect.stringMatching(/^[1-9]/), 'read-only'],
    ['0', 'read-only'],
    ['0', 'read-only'],
  ]);
  expect(row('support_shell, ticket to write').slice(1)).toEqual([
    ['0', '0'],
    ['0', '0'],
  ]);
  expect(row('sensitive_gate').flat()).toEqual(Array(6).fill('42501'));
  expect(row('auditor').flat()).toEqual(Array(6).fill('42501'));
  expect(row('platform_owner').flat()).toEqual(Array(6).fill('TZ010'));
  expect(existsSync(file('cluster/postmaster.pid'))).toBe(false);
  expect(existsSync(file('server.json'))).toBe(false);
  expect(statSync(file('secrets.json')).mode & 0o777).toBe(0o600);
});

test('a second start beside a running one says so; rls finds the running one; Ctrl-C ends it cleanly', async () => {
  const first = run();
  await until(() => first.stdout().includes('Ctrl-C stops it.'));
  expect(first.stdout()).toContain('Demo tenants: there already');
  expect(statSync(file('server.json')).mode & 0o777).toBe(0o600);

  const second = await run('--fresh').ran;
  expect(second).toMatchObject({ code: 2, stdout: '' });
  expect(second.stderr).toMatch(
    /^error: npm start is running already \(process \d+\), its server listens on 127\.0\.0\.1:\d+\nnext: .*kill \d+\n$/,
  );
  const status = await start('rls', ['status'], { TENANT_ZERO_DIRECTORY: folder }).ran;
  expect(status).toMatchObject({ code: 0, stderr: '' });
  expect(status.stdout).toContain('20 of 20 tables protected');

  const server = await postmaster();
  // Twice, as npm and the terminal deliver it.
  first.child.kill('SIGINT');
  first.child.kill('SIGINT');
  const ran = await first.ran;
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toMatch(/Stopped\.\n$/);
  expect(isAlive(server)).toBe(false);
  expect(existsSync(file('server.json'))).toBe(false);
  expect(existsSync(file('start.lock'))).toBe(false);
});

test('after a kill, the next start ends the server that was left over and goes on', async () => {
  const killed = run();
  await until(() => killed.stdout().includes('Ctrl-C stops it.'));
  const orphan = await postmaster();
  killed.child.kill('SIGKILL');
  await killed.ran;
  expect(isAlive(orphan)).toBe(true);
  const gone = await start('rls', ['status'], { TENANT_ZERO_DIRECTORY: folder }).ran;
  expect(gone.stderr).toContain('npm start is not running');

  const next = await run('--once').ran;
  expect(next).toMatchObject({ code: 0, stderr: '' });
  expect(next.stdout).toContain('A server from an earlier start was still there: ended it.');
  expect(await ended(orphan, 1000)).toBe(true);
});

test('a signal before it is ready stops it too', async () => {
  const early = run();
  await until(() => early.stdout().includes('PostgreSQL'));
  early.child.kill('SIGTERM');
  expect(await early.ran).toMatchObject({ code: 143, stderr: '' });
  expect(existsSync(file('cluster/postmaster.pid'))).toBe(false);
});

test('lost passwords and wrong options are said, with what to do', async () => {
  await rm(file('secrets.json'));
  const [lost, wrong] = await Promise.all([run('--once').ran, run('--frsh').ran]);
  expect(lost.code).toBe(2);
  expect(lost.stderr).toMatch(
    /^error: there is a cluster .*\nnext: start over with: npm start -- --fresh\n$/,
  );
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(/^error: Unknown option '--frsh'\nnext: /);
});

const root = process.getuid?.() === 0;
(root ? test : test.skip)('as root, a folder that PostgreSQL cannot enter is named', async () => {
  chmodSync(path.dirname(folder), 0o700);
  const ran = await run('--once', '--fresh').ran;
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain(`its user postgres cannot enter ${path.dirname(folder)}`);
});
