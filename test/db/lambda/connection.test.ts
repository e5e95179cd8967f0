import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { withClient } from '../../support/database';
import { createPlatformDatabase, PASSWORDS, type PlatformDatabase } from '../../support/platform';
import { makeAuthority } from './authority';
import { type Answer, Stage } from './stage';

jest.setTimeout(120_000);
const stage = new Stage();
let database: PlatformDatabase;
beforeAll(async () => {
  await stage.open();
  database = await createPlatformDatabase();
  expect((await stage.deploy('Create', database)).error).toBeUndefined();
});
afterAll(() => stage.close());

/** Nothing that was written, logged or thrown holds a password of the database or a signature. */
function expectNoSecret(answer: Answer): void {
  for (const secret of Object.values(PASSWORDS)) expect(answer.text).not.toContain(secret);
  expect(answer.text).not.toContain('X-Amz-Signature');
}

function iam(): Record<string, string> {
  return {
    TZ_LOGIN: 'iam',
    TZ_DATABASE_HOST: 'localhost',
    TZ_DATABASE_PORT: String(stage.port),
    TZ_DATABASE_NAME: database.name,
    TZ_APPLIER_USER: 'registry_applier',
  };
}

const verifyOnce = (environment: Record<string, string | undefined>, options = {}) =>
  stage.call('onSchedule', {}, environment, options);

describe('TLS', () => {
  test('a certificate of another authority is refused before a password is sent', async () => {
    const other = makeAuthority(mkdtempSync(path.join(stage.directory, 'other-')), 'other');
    const answer = await stage.deploy('Update', database, { environment: { TZ_CA_FILE: other.certificate } });
    expect(answer.error?.message).toMatch(
      /^no connection to localhost:\d+\/\w+ as registry_applier: .*certificate/,
    );
    expect(answer.error?.message).toContain('Nothing was sent.');
    expectNoSecret(answer);
  });

  test('a certificate for another name is refused, one for this name accepted', async () => {
    try {
      await stage.present(stage.authority.issue('other.example'));
      const refused = await verifyOnce(stage.environment(database));
      expect(refused.error?.message).toMatch(/ERR_TLS_CERT_ALTNAME_INVALID/);
    } finally {
      await stage.present(stage.authority.issue('localhost'));
    }
    expect((await verifyOnce(stage.environment(database))).error).toBeUndefined();
  });

  test('a server without TLS is refused: nothing falls back to plain text', async () => {
    const setTls = (to: string) =>
      withClient(`${process.env.TZ_TEST_CLUSTER}/postgres`, async (client) => {
        await client.query(`alter system set ssl = ${to}`);
        await client.query('select pg_reload_conf()');
      });
    try {
      await setTls('off');
      const answer = await verifyOnce(stage.environment(database));
      expect(answer.error?.message).toMatch(/The server does not support SSL connections/);
    } finally {
      await setTls('on');
    }
  });

  test.each([
    ['missing', undefined, /cannot read the certificates in .*none\.pem: ENOENT/],
    ['empty', '', /none\.pem holds no certificate/],
    ['a web page', '<html>Access Denied</html>', /none\.pem holds no certificate/],
    [
      'damaged',
      '-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n',
      /certificate 1 of 1 in .*none\.pem is damaged/,
    ],
  ])('a certificate file that is %s is an error at cold start', async (_, content, message) => {
    const file = path.join(mkdtempSync(path.join(stage.directory, 'ca-')), 'none.pem');
    if (content !== undefined) writeFileSync(file, content);
    const answer = await stage.deploy('Update', database, { environment: { TZ_CA_FILE: file } });
    expect(answer.error?.message).toMatch(message);
    expect(answer.log[0]).toMatchObject({ level: 'error', event: 'cold-start' });
  });
});

describe('login', () => {
  test('an IAM token is the password', async () => {
    const answer = await verifyOnce(iam(), { token: PASSWORDS.registry_applier });
    expect(answer.error).toBeUndefined();
    expectNoSecret(answer);
  });

  test('the token of the real signer reaches the server, and stays out of the log', async () => {
    const answer = await verifyOnce(iam());
    expect(answer.error?.message).toMatch(
      /password authentication failed for user "registry_applier" \(28P01\)/,
    );
    expectNoSecret(answer);
  });

  test('a wrong password fails at once', async () => {
    const started = Date.now();
    const answer = await verifyOnce(iam(), { token: 'not-the-password' });
    expect(answer.error?.message).toMatch(/password authentication failed/);
    expect(answer.text).not.toContain('not-the-password');
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  test.each([
    ['does not exist', undefined, /ResourceNotFoundException/],
    ['is not JSON', 'test-applier', /it is not JSON/],
    ['lacks parts', '{"password":"test-applier","port":"x"}', /missing or wrong: username, port/],
    ['names no host', '{"username":"a","password":"test-applier"}', /says which host/],
  ])('a secret that %s is named, and not shown', async (_, value, message) => {
    if (value !== undefined) stage.secrets.secrets.set('odd', value);
    else stage.secrets.secrets.delete('odd');
    const answer = await verifyOnce({ TZ_LOGIN: 'secret', TZ_APPLIER_SECRET: 'odd' });
    expect(answer.error?.message).toMatch(/^cannot log in with the secret odd: /);
    expect(answer.error?.message).toMatch(message);
    expectNoSecret(answer);
  });
});

describe('patience', () => {
  test('a database that is away fails the deploy with a clear reason, within the time that is left', async () => {
    const environment = { ...iam(), TZ_DATABASE_PORT: '1' };
    const started = Date.now();
    const settings = await verifyOnce({ ...environment, TZ_CONNECT_SECONDS: '2' }, { token: 'x' });
    expect(settings.error?.message).toMatch(/^no connection to localhost:1\/.* within \d+ s: .*ECONNREFUSED/);
    const time = await verifyOnce(environment, { token: 'x', remainingMs: 3000 });
    expect(time.error?.message).toMatch(/^no connection to localhost:1\//);
    expect(Date.now() - started).toBeLessThan(15_000);
  });

  test('a host that answers nothing does not use up the time of the function', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const port = String((silent.address() as { port: number }).port);
    const answer = await verifyOnce({ ...iam(), TZ_DATABASE_PORT: port }, { token: 'x', remainingMs: 3000 });
    expect(answer.error?.message).toMatch(/^no connection to localhost/);
    silent.close();
  });

  test('a database that starts meanwhile is waited for', async () => {
    await stage.stopServer();
    let starting: Promise<void> | undefined;
    const answer = await stage.deploy('Update', database, {
      onLine: (line) => {
        if (line.event === 'connecting') starting ??= stage.startServer();
      },
    });
    await starting;
    expect(answer.error).toBeUndefined();
    expect(answer.log.find((line) => line.event === 'connecting')).toMatchObject({ attempt: 1 });
  });
});
