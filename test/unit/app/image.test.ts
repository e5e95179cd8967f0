/** What the image runs, as processes: the bundles, without a database. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleApp } from '../../../scripts/bundle-app';

jest.setTimeout(60_000);
const out = path.join(mkdtempSync(path.join(tmpdir(), 'tenant-zero-image-')), 'app');
beforeAll(() => bundleApp(out));
afterAll(() => rmSync(path.dirname(out), { recursive: true, force: true }));

const SHELL = {
  TZ_STAGE: 'test',
  TZ_SERVICE: 'support-shell',
  TZ_DATABASE_HOST: 'db.example.com',
  TZ_DATABASE_PORT: '5432',
  TZ_DATABASE_NAME: 'tenant_zero',
  TZ_DATABASE_USER: 'support_shell',
  TZ_DATABASE_LOGIN: 'iam',
  TZ_CA_FILE: '/app/database-ca.pem',
  AWS_REGION: 'eu-central-1',
};

/** Nothing of this machine's environment gets in. */
const run = (file: string, args: string[], env: Record<string, string>) =>
  spawn(process.execPath, [path.join(out, file), ...args], {
    env: { PATH: process.env.PATH ?? '', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

async function ended(child: ChildProcess) {
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk) => {
      text[name] += chunk;
    });
  }
  const [code] = await once(child, 'close');
  return { code, ...text };
}

test('a wrong environment ends it with 2, and one line with every problem', async () => {
  const { code, stdout } = await ended(run('main.mjs', [], { TZ_SERVICE: 'web', TZ_EXTRA: '1' }));
  expect(code).toBe(2);
  const [line, ...more] = stdout.trim().split('\n');
  expect(more).toEqual([]);
  const { level, problems } = JSON.parse(line ?? '');
  expect(level).toBe('fatal');
  expect(problems).toEqual(
    expect.arrayContaining([
      'TZ_STAGE: is missing',
      'TZ_SERVICE: is neither "backend" nor "support-shell"',
      'TZ_DATABASE_PORT: is missing',
      'TZ_EXTRA: there is no such setting',
    ]),
  );
});

test('as the support shell it waits to be entered, and ends when it is told', async () => {
  const child = run('main.mjs', [], SHELL);
  const end = ended(child);
  const [line] = await once(child.stdout, 'data');
  expect(JSON.parse(String(line))).toMatchObject({ msg: 'support-shell is ready' });
  child.kill('SIGTERM');
  expect((await end).code).toBe(0);
});

describe('a command with a login', () => {
  const SHOW =
    'console.log(JSON.stringify(Object.fromEntries(Object.entries(process.env).filter(([n])=>/^P(G|SQL)/.test(n)))))';
  const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };

  test('gets a token of its own, verified TLS, and reads only', async () => {
    const { code, stdout } = await ended(
      run('with-login.mjs', [process.execPath, '-e', SHOW], { ...SHELL, ...CREDENTIALS }),
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      PGHOST: 'db.example.com',
      PGUSER: 'support_shell',
      PGSSLMODE: 'verify-full',
      PGSSLROOTCERT: '/app/database-ca.pem',
      PGOPTIONS: '-c default_transaction_read_only=on',
      PSQL_HISTORY: '/dev/null',
      PGPASSWORD: expect.stringMatching(/^db\.example\.com:5432\/\?.*X-Amz-Signature=/),
    });
  });

  test('ends as the command does', async () => {
    const { code } = await ended(
      run('with-login.mjs', [process.execPath, '-e', 'process.exit(3)'], { ...SHELL, ...CREDENTIALS }),
    );
    expect(code).toBe(3);
  });

  test('is not run when nobody said where to', async () => {
    const { code, stdout, stderr } = await ended(
      run('with-login.mjs', [process.execPath, '-e', 'console.log("ran")'], CREDENTIALS),
    );
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^missing: TZ_DATABASE_HOST, .*AWS_REGION\n$/);
  });
});
