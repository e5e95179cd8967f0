/** What the container is told to run: arguments, environment, and the file of commands that begins a session. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { psqlVariables } from '../../../app/libpq';
import { wanted } from '../../../app/support-shell/arguments';
import { psqlEnvironment } from '../../../cli/support-shell/psql';
import { sessionOptions } from '../../../sql/support-session';

const TICKET = '-starts_with-a-dash-as-base64url-may-do';

test('arguments: a proof, or a session with its ticket', () => {
  expect(wanted(['--prove'])).toEqual({ kind: 'prove' });
  expect(wanted([`--ticket=${TICKET}`])).toEqual({ kind: 'session', ticket: TICKET, write: false });
  expect(wanted([`--ticket=${TICKET}`, '--write'])).toEqual({ kind: 'session', ticket: TICKET, write: true });
});

test.each([
  [[]],
  [['--ticket=']],
  [['--ticket=short']],
  [[`--ticket=${TICKET};id`]],
  [['-c', 'select 1']],
  [['dbname=x']],
])('anything else is refused: %j', (argv) => {
  expect(() => wanted(argv)).toThrow();
});

test('a refusal does not repeat the ticket', () => {
  expect(() => wanted([`--ticket=${TICKET} `])).toThrow(/^that is no ticket$/);
});

test('a session reads, unless it is for writing; statements and idleness end', () => {
  expect(sessionOptions(false)).toBe(
    '-c default_transaction_read_only=on -c statement_timeout=60s -c idle_in_transaction_session_timeout=5min -c idle_session_timeout=20min',
  );
  expect(sessionOptions(true)).toContain('default_transaction_read_only=off -c statement_timeout=60s');
});

test("psql gets our file of commands, no history, and the task's own login", () => {
  const environment = {
    TZ_DATABASE_HOST: 'db.example.com',
    TZ_DATABASE_PORT: '5432',
    TZ_DATABASE_NAME: 'tenant_zero',
    TZ_DATABASE_USER: 'support_shell',
    TZ_CA_FILE: '/app/database-ca.pem',
    TZ_SERVICE: 'support-shell',
    AWS_REGION: 'eu-central-1',
  };
  expect(psqlVariables(environment, { write: false, psqlrc: '/app/psqlrc' })).toEqual({
    PGHOST: 'db.example.com',
    PGPORT: '5432',
    PGDATABASE: 'tenant_zero',
    PGUSER: 'support_shell',
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: '/app/database-ca.pem',
    PGCONNECT_TIMEOUT: '10',
    PGOPTIONS: sessionOptions(false),
    PGAPPNAME: 'support-shell',
    PSQLRC: '/app/psqlrc',
    PSQL_HISTORY: '/dev/null',
  });
});

test('on one machine nothing of libpq gets in from outside', () => {
  const given = { PGHOST: 'elsewhere', PGSERVICE: 'x', PSQLRC: '/tmp/x', PATH: '/usr/bin' };
  const url = 'postgres://support_shell:p%40ss@127.0.0.1:5555/tenant_zero';
  const made = psqlEnvironment({ url, ticket: TICKET, write: true, env: given });
  expect(made).toMatchObject({
    PATH: '/usr/bin',
    PGHOST: '127.0.0.1',
    PGPORT: '5555',
    PGPASSWORD: 'p@ss',
    TZ_TICKET: TICKET,
  });
  expect(Object.keys(made)).not.toContain('PGSERVICE');
  expect(readFileSync(made.PSQLRC ?? '', 'utf8')).toContain('guard.redeem');
});

test('the file takes ticket and password out of the environment before anything is asked of the server', () => {
  const text = readFileSync(path.join(__dirname, '../../../app/support-shell/psqlrc'), 'utf8');
  const commands = text.split('\n').filter((line) => line && !line.startsWith('--'));
  const asks = commands.findIndex((line) => line.startsWith('begin'));
  expect(commands.slice(0, asks)).toEqual(
    expect.arrayContaining(['\\setenv TZ_TICKET', '\\setenv PGPASSWORD']),
  );
  expect(commands.slice(asks).filter((line) => /ticket/i.test(line) && /unset/.test(line))).toHaveLength(1);
});
