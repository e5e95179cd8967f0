/** How the app connects on AWS: with a certificate that is verified, and a token made for each connection; or not at all. */
import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import type { Pool } from 'pg';
import { parseConfiguration } from '../../../app/configuration';
import { createPool, createProbe } from '../../../app/database/pool';
import { withClient } from '../../support/database';
import { makeAuthority } from '../lambda/authority';
import { TlsServer } from './tls-server';

jest.setTimeout(60_000);
const server = new TlsServer();
const before = { ...process.env };

beforeAll(async () => {
  await server.open();
  // Signing asks nobody; an address of another account's metadata is not asked either.
  process.env.AWS_ACCESS_KEY_ID = 'AKIAEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'example';
});
afterAll(async () => {
  process.env = before;
  await server.close();
});

const configuration = (change: Record<string, string> = {}) =>
  parseConfiguration({
    TZ_STAGE: 'test',
    TZ_SERVICE: 'backend',
    TZ_DATABASE_HOST: 'localhost',
    TZ_DATABASE_PORT: String(server.port),
    TZ_DATABASE_NAME: 'postgres',
    TZ_DATABASE_USER: 'app_backend',
    TZ_DATABASE_LOGIN: 'iam',
    TZ_CA_FILE: server.authority.certificate,
    TZ_TOKEN_KEYS_FILE: '/none',
    TZ_SESSION_KEYS_FILE: '/none',
    AWS_REGION: 'eu-central-1',
    ...change,
  });

/** What the pool says when it is asked for a connection. */
async function answerOf(pool: Pool): Promise<string> {
  try {
    const { rows } = await pool.query('select ssl, version from pg_stat_ssl where pid = pg_backend_pid()');
    return JSON.stringify(rows[0]);
  } catch (error) {
    return (error as Error).message;
  } finally {
    await pool.end();
  }
}

test.each([
  ['for requests', createPool],
  ['for readiness', createProbe],
])('the pool %s connects with TLS to whom the authority vouches for', async (_, create) => {
  expect(await answerOf(create(configuration()))).toMatch(/"ssl":true,"version":"TLSv1\.[23]"/);
});

test('what it logs in with is a token of its own for this login', async () => {
  const { password } = createPool(configuration()).options as { password: () => Promise<string> };
  const token = await password();
  expect(token).toMatch(new RegExp(`^localhost:${server.port}/\\?Action=connect&DBUser=app_backend&`));
  expect(token).toContain('X-Amz-Expires=900');
});

test('a certificate of another authority is refused', async () => {
  const other = makeAuthority(mkdtempSync(path.join(server.directory, 'other-')), 'other');
  expect(await answerOf(createPool(configuration({ TZ_CA_FILE: other.certificate })))).toMatch(/certificate/);
});

test('a certificate for another name is refused', async () => {
  expect(await answerOf(createPool(configuration({ TZ_DATABASE_HOST: '127.0.0.1' })))).toMatch(
    /does not match certificate/,
  );
});

test('a server without TLS is refused: nothing falls back to plain text', async () => {
  await withClient(`${server.url}/postgres`, async (client) => {
    await client.query('alter system set ssl = off');
    await client.query('select pg_reload_conf()');
  });
  expect(await answerOf(createPool(configuration()))).toMatch(/does not support SSL/);
});
