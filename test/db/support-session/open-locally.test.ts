/** `open --local` to its end: persona, proof, ticket, session, statements; over a real server, with psql where there is one. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { main } from '../../../cli/support-shell/main';
import { psqlEnvironment } from '../../../cli/support-shell/psql';
import { HOME_VARIABLE } from '../../../sql/local/home';
import { clusterUrl, withClient } from '../../support/database';
import type { PlatformDatabase } from '../../support/platform';
import {
  asLogin,
  createTenantDatabase,
  issueTicket,
  markSensitive,
  ORGANIZATIONS,
} from '../../support/tenants';
import { fakeIo } from '../../unit/cli/approvals/fake-io';
import { type FunctionEndpoint, functionEndpoint } from '../../unit/cli/approvals/function-endpoint';
import { arnOf, SHELL_ID } from '../../unit/cli/support-shell/world';
import { PASSWORD, setPassword } from './password';

jest.setTimeout(60_000);
const ACCOUNT = '000000000000';
const directory = mkdtempSync(path.join(tmpdir(), 'support-shell-'));
let database: PlatformDatabase;
let functions: FunctionEndpoint;

beforeAll(async () => {
  database = await createTenantDatabase();
  await markSensitive(database, ORGANIZATIONS.zero);
  functions = await functionEndpoint();
  await setPassword();
  for (const [name, persona] of Object.entries({
    uma: 'ProdEngineer',
    bea: 'BreakGlassAdmin',
    aud: 'SecurityAuditor',
  }))
    functions.arns[name] = arnOf(persona, `${name}@example.com`, ACCOUNT);
  const keep = (name: string, value: object) =>
    writeFileSync(path.join(directory, name), JSON.stringify(value));
  const port = Number(new URL(clusterUrl()).port);
  keep('aws.json', {
    pid: process.pid,
    endpoint: functions.url,
    region: 'eu-central-1',
    account: ACCOUNT,
    stage: 'local',
    functionName: 'tz-local-approvals',
    people: Object.fromEntries(
      ['uma', 'bea', 'aud'].map((name) => [
        name,
        { accessKeyId: name, secretAccessKey: 's', sessionToken: 't' },
      ]),
    ),
  });
  keep('server.json', { pid: process.pid, port, database: database.name, applier: '' });
  keep('secrets.json', { passwords: { support_shell: PASSWORD } });
});
beforeEach(() => {
  functions.tries.length = 0;
  functions.answers = {
    ticket: async ({ write }) => ({
      shell: SHELL_ID,
      ticket: await issueTicket(database, { person: '1', write }),
      expiresAt: '',
      person: '1',
      login: 'uma@example.com',
    }),
    'shell-close': () => ({}) as never,
  };
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await functions.close();
});

async function open(args: readonly string[], pipes = '', as = 'uma') {
  const io = fakeIo({ pipes, env: { [HOME_VARIABLE]: directory } });
  const code = await main(
    ['open', '--local', '--profile', as, '--reason', 'trying the shell', '--ticket', 'OPS-1', ...args],
    io,
  );
  return { code, out: io.out(), shown: io.shown(), asked: functions.tries.map(({ operation }) => operation) };
}

const NAMES = 'select name from public.organizations order by name';

test('one statement: ordinary organizations, as somebody with a name, and the shell is closed', async () => {
  const { code, out, asked } = await open(['--execute', NAMES]);
  expect([code, asked]).toEqual([0, ['ticket', 'shell-close']]);
  expect(out).toBe(' name\n------\n acme\n beta\n(2 rows)\n');
  const who = await open(['--execute', `select guard.current_person(), current_setting('application_name')`]);
  expect(who.out + who.shown).toContain('1');
});

test('statements from a pipe; one that fails is told by the exit code', async () => {
  const good = await open([], `${NAMES};\nselect 'x;' as "y";`);
  expect([good.code, good.out.match(/\((\d) rows?\)/g)]).toEqual([0, ['(2 rows)', '(1 row)']]);
  expect(good.shown).toContain('support-shell 1@example.com read-only');
  const bad = await open([], `select nothing;\n${NAMES};\n`);
  expect([bad.code, bad.shown]).toEqual([1, expect.stringContaining('ERROR 42703')]);
  expect(bad.out).toContain('(2 rows)');
});

test('it reads; with --write it writes, and what it writes obeys the policies', async () => {
  const update = `update public.employees set name = name`;
  const reads = await open(['--execute', update]);
  expect([reads.code, reads.shown]).toEqual([1, expect.stringContaining('ERROR 25006')]);
  const writes = await open(['--write', '--execute', update]);
  expect([writes.code, writes.out]).toEqual([0, 'UPDATE 2\n']);
  expect(functions.tries.find(({ input }) => (input as { write?: boolean }).write)).toBeDefined();
});

test('making a session that reads writable by hand shows nothing', async () => {
  const { code, shown } = await open([], `set default_transaction_read_only = off;\n${NAMES};\n`);
  expect(code).toBe(1);
  expect(shown).toMatch(/ERROR (TZ|25)/);
});

test('a ticket that is no good ends it, and the shell is closed', async () => {
  functions.answers.ticket = () => ({
    shell: SHELL_ID,
    ticket: 'a'.repeat(43),
    expiresAt: '',
    person: '',
    login: '',
  });
  const { code, out, shown, asked } = await open([], `${NAMES};`);
  expect([code, out, asked]).toEqual([1, '', ['ticket', 'shell-close']]);
  expect(shown).toContain('every shell has a ticket of its own');
});

test.each([
  ['aud', [], 'SecurityAuditor opens no shell'],
  ['bea', [], 'there is no backend to enter on this machine'],
  ['uma', ['--service', 'backend'], 'ProdEngineer does not open backend'],
])('%s with %j is refused before anything is asked', async (as, args, said) => {
  const { code, shown, asked } = await open(args, '', as);
  expect([code, asked]).toEqual([1, []]);
  expect(shown).toContain(said);
});

test('BreakGlassAdmin may take the weaker one, if asked for', async () => {
  expect((await open(['--service', 'support-shell', '--execute', NAMES], '', 'bea')).code).toBe(0);
});

test('a database that does not restrict it is refused: no ticket, no session', async () => {
  const alter = (force: string) =>
    withClient(database.superuser, (client) =>
      client.query(`alter table public.employees ${force} row level security`),
    );
  await alter('no force');
  const { code, shown, asked } = await open(['--execute', NAMES]);
  await alter('force');
  expect([code, asked]).toEqual([1, []]);
  expect(shown).toContain('not proved: public.employees is not protected');
});

test('explain says the same, byte for byte, of an ordinary organization, a sensitive one, and one that is not there', async () => {
  const caller = { person: '1', login: 'uma@example.com', persona: 'ProdEngineer' };
  functions.answers.visibility = async ({ organization }) => {
    const grants = await asLogin(database, 'sensitive_gate', async (client) => {
      const { rows } = await client.query('select guard.grants_of($1, $2) as grants', [caller, organization]);
      return rows[0].grants;
    });
    return { ...caller, maySeeSensitive: true, grants };
  };
  const { beta, clinic, zero } = ORGANIZATIONS;
  const texts = [];
  // Of beta there are no payslips.
  for (const key of [beta, clinic, zero, '00000000-0000-4000-8000-00000000dead', 'not-even-a-key']) {
    const io = fakeIo({ env: { [HOME_VARIABLE]: directory } });
    expect(await main(['explain', 'payslips', key, '--local', '--profile', 'uma'], io)).toBe(0);
    texts.push((io.out() + io.shown()).replaceAll(key, 'KEY'));
  }
  expect(new Set(texts).size).toBe(1);
  expect(texts[0]).toContain('you have no grant for KEY');
});

const version = / (\d+)/.exec(spawnSync('psql', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1];
const withPsql = Number(version ?? 0) >= 15 ? describe : describe.skip;

withPsql('psql', () => {
  async function psql(ticket: string, input: string, write = false) {
    const url = database.as('support_shell', PASSWORD);
    const env = psqlEnvironment({ url, ticket, write, env: { PATH: process.env.PATH } });
    const child = spawn('psql', [], { env, stdio: 'pipe' });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const [out, err, [code, signal]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ]);
    return { out, err, code, signal };
  }

  test('redeems before anything else, and then knows who one is', async () => {
    const ticket = await issueTicket(database, { person: '1' });
    const { out, code } = await psql(
      ticket,
      `\\echo :PROMPT1\n\\echo :session_name :session_mode\n${NAMES};\n`,
    );
    expect(code).toBe(0);
    expect(out).toContain('support-shell 1@example.com, read-only.');
    expect(out).toContain('%:session_name: %:session_mode:%R%x%# ');
    expect(out).toMatch(/acme\s+beta\s+\(2 rows\)/);
  });

  test('at a terminal every line says who one is, and that one reads', async () => {
    const ticket = await issueTicket(database, { person: '1' });
    const url = database.as('support_shell', PASSWORD);
    const env = psqlEnvironment({ url, ticket, write: false, env: { PATH: process.env.PATH, TERM: 'dumb' } });
    const child = spawn('script', ['-qec', 'psql', '/dev/null'], { env, stdio: 'pipe' });
    child.stdin.write('begin;\n\\q\n');
    const shown = await text(child.stdout);
    expect(shown).toContain('support-shell 1@example.com read-only=> ');
    expect(shown).toContain('support-shell 1@example.com read-only=*> ');
  });

  test('what it starts finds neither ticket nor password', async () => {
    const ticket = await issueTicket(database, { person: '1' });
    const { out } = await psql(ticket, '\\! env\n\\echo [:ticket]\n');
    expect(out).toContain('PGHOST=127.0.0.1');
    expect(out).not.toMatch(/TZ_TICKET|PGPASSWORD/);
    expect(out).not.toContain(ticket);
  });

  test('with a ticket that is no good there is no prompt: nothing that follows is run', async () => {
    const { out, signal } = await psql('a'.repeat(43), `\\echo reached\n${NAMES};\n`);
    expect(out).toContain('No session');
    expect([out.includes('reached'), signal]).toEqual([false, 'SIGTERM']);
  });

  test('without any ticket neither', async () => {
    const { out, signal } = await psql(undefined as unknown as string, '\\echo reached\n');
    expect([out.includes('reached'), signal]).toEqual([false, 'SIGTERM']);
  });

  test('a new connection by hand is nobody', async () => {
    const ticket = await issueTicket(database, { person: '1' });
    const { out, err } = await psql(ticket, `\\c\n${NAMES};\n`);
    expect(out).not.toContain('acme');
    expect(err).not.toBe('');
  });
});
