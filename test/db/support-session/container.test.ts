/** `tz-psql` as the image has it, against a real server: proves first, and starts psql only then. psql is a script here. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { bundleApp } from '../../../scripts/bundle-app';
import { sessionOptions } from '../../../sql/support-session';
import { clusterUrl, withClient } from '../../support/database';
import type { PlatformDatabase } from '../../support/platform';
import { createTenantDatabase } from '../../support/tenants';
import { PASSWORD, setPassword } from './password';

jest.setTimeout(60_000);
const TICKET = '-a-ticket-that-begins-with-a-dash-as-it-may';
const directory = mkdtempSync(path.join(tmpdir(), 'tz-psql-'));
const image = path.join(directory, 'app');
const seen = path.join(directory, 'environment');
let database: PlatformDatabase;

beforeAll(async () => {
  await bundleApp(image);
  database = await createTenantDatabase();
  await setPassword();
  const psql = path.join(directory, 'psql');
  writeFileSync(psql, `#!/bin/sh\necho "arguments: $#"; env > '${seen}'; exit 5\n`);
  chmodSync(psql, 0o755);
});
beforeEach(() => rmSync(seen, { force: true }));
afterAll(() => rmSync(directory, { recursive: true }));

async function tzPsql(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [path.join(image, 'tz-psql.mjs'), ...args], {
    env: {
      PATH: `${directory}:/usr/bin:/bin`,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      TZ_STAGE: 'test',
      TZ_SERVICE: 'support-shell',
      TZ_DATABASE_HOST: '127.0.0.1',
      TZ_DATABASE_PORT: new URL(clusterUrl()).port,
      TZ_DATABASE_NAME: database.name,
      TZ_DATABASE_USER: 'support_shell',
      TZ_DATABASE_LOGIN: 'password',
      TZ_DATABASE_PASSWORD: PASSWORD,
      TZ_CA_FILE: '/app/database-ca.pem',
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      ...more,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { out, err, code, started: existsSync(seen) };
}

test('proves, and says so', async () => {
  expect(await tzPsql(['--prove'])).toMatchObject({
    code: 0,
    started: false,
    out: expect.stringMatching(/^proved:/),
  });
});

test('starts psql with the ticket and a fresh token in its environment, and nothing as an argument; ends as it ends', async () => {
  const { code, out, started } = await tzPsql([`--ticket=${TICKET}`]);
  expect([code, out, started]).toEqual([5, 'arguments: 0\n', true]);
  const environment = readFileSync(seen, 'utf8').split('\n');
  expect(environment).toEqual(
    expect.arrayContaining([
      `TZ_TICKET=${TICKET}`,
      `PGOPTIONS=${sessionOptions(false)}`,
      `PSQLRC=${path.join(image, 'psqlrc')}`,
      'PGSSLMODE=verify-full',
      expect.stringMatching(/^PGPASSWORD=127\.0\.0\.1:\d+\/\?.*X-Amz-Signature=/),
    ]),
  );
  expect(existsSync(path.join(image, 'psqlrc'))).toBe(true);
  await tzPsql([`--ticket=${TICKET}`, '--write']);
  expect(readFileSync(seen, 'utf8')).toContain(`PGOPTIONS=${sessionOptions(true)}`);
});

test('an unprotected table: no psql, and what is wrong', async () => {
  const alter = (force: string) =>
    withClient(database.superuser, (client) =>
      client.query(`alter table public.employees ${force} row level security`),
    );
  await alter('no force');
  const { code, err, started } = await tzPsql([`--ticket=${TICKET}`]);
  await alter('force');
  expect([code, started]).toEqual([3, false]);
  expect(err).toContain('not proved: public.employees is not protected');
});

test.each([
  ['another login', ['--prove'], { TZ_DATABASE_USER: 'app_backend', TZ_DATABASE_PASSWORD: 'test-app' }, 3],
  ['a database that does not answer', [`--ticket=${TICKET}`], { TZ_DATABASE_PORT: '1' }, 2],
  ['no ticket', [], {}, 2],
  ['statements as arguments', ['-c', 'select 1'], {}, 2],
])('%s: no psql', async (_, args, environment, expected) => {
  const { code, started, err } = await tzPsql(args, environment);
  expect([code, started]).toEqual([expected, false]);
  expect(err).not.toContain(TICKET);
});
