/** The command line: what may be said, what may not, and what is printed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { main } from '../../../../cli/support-shell/main';
import { HOME_VARIABLE } from '../../../../sql/local/home';
import { fakeIo } from '../approvals/fake-io';
import { type FunctionEndpoint, functionEndpoint } from '../approvals/function-endpoint';
import { arnOf, SHELL_ID } from './world';

let functions: FunctionEndpoint;
let directory: string;

beforeEach(async () => {
  functions = await functionEndpoint();
  directory = mkdtempSync(path.join(tmpdir(), 'support-shell-'));
  const accessKeyId = 'AKIDUMA';
  functions.arns[accessKeyId] = arnOf('ProdEngineer', 'uma@example.com', '000000000000');
  const local = {
    pid: process.pid,
    endpoint: functions.url,
    region: 'eu-central-1',
    account: '000000000000',
    stage: 'local',
    functionName: 'tz-local-approvals',
    people: { uma: { accessKeyId, secretAccessKey: 'secret', sessionToken: 'token' } },
  };
  writeFileSync(path.join(directory, 'aws.json'), JSON.stringify(local));
});
afterEach(async () => {
  rmSync(directory, { recursive: true });
  await functions.close();
});

async function run(...args: string[]) {
  const io = fakeIo({ env: { [HOME_VARIABLE]: directory } });
  const code = await main(args, io);
  return { code, out: io.out(), shown: io.shown() };
}
const locally = (...args: string[]) => run(...args, '--local', '--profile', 'uma');
const OPEN = ['open', '--reason', 'export fails since Monday', '--ticket', 'OPS-123'];

test.each([[[]], [['open', '--help']], [['list', '--help']], [['close', '--help']], [['explain', '--help']]])(
  'help of %j has examples or commands, and no word of a way round',
  async (args) => {
    const { code, out } = await run(...(args.length ? args : ['--help']));
    expect(code).toBe(0);
    expect(out).toMatch(/npm run -s support-shell -- |Commands:/);
    expect(out).not.toMatch(/force|skip|insecure|ignore|no-verify/i);
  },
);

test.each(['--force', '--yes', '--skip-checks', '--no-verify', '--fallback', '--no-wait'])(
  'there is no option %s',
  async (option) => {
    const { code, shown } = await run(...OPEN, option);
    expect([code, shown]).toEqual([2, expect.stringContaining(`unknown option '${option}'`)]);
  },
);

test.each([
  ['why', ['open', '--ticket', 'OPS-1'], '--reason'],
  ['the number of a ticket', ['open', '--reason', 'export fails'], '--ticket'],
  ['a service that there is', [...OPEN, '--service', 'migration'], '--service'],
  ['seconds', [...OPEN, '--wait', 'long'], 'whole number'],
  ['a stage', OPEN, 'stage'],
  [
    'ten characters',
    ['open', '--reason', 'why', '--ticket', 'OPS-1', '--local', '--profile', 'uma'],
    '--reason says too little',
  ],
  [
    'a number',
    ['open', '--reason', 'export fails', '--ticket', 'a b', '--local', '--profile', 'uma'],
    '--ticket is not the number',
  ],
])('open wants %s', async (_, args, said) => {
  const { code, shown } = await run(...args);
  expect([code, shown]).toEqual([2, expect.stringContaining(said)]);
});

test('statements are no arguments in AWS: the trail would keep them', async () => {
  const { code, shown } = await run(
    ...OPEN,
    '--stage',
    'prod',
    '--region',
    'eu-central-1',
    '--execute',
    'select 1',
  );
  expect([code, shown]).toEqual([2, expect.stringContaining('--execute is for --local')]);
});

test.each([
  [[], 'which account?'],
  [['--account', '12345'], '12345 is not the number of an account'],
])('the account is named, never taken from the credentials: %j', async (more, said) => {
  const { code, shown } = await run(...OPEN, '--stage', 'prod', '--region', 'eu-central-1', ...more);
  expect([code, shown]).toEqual([2, expect.stringContaining(said)]);
});

test('open --local without a server says how to start one', async () => {
  const { code, shown } = await locally(...OPEN);
  expect([code, shown]).toEqual([2, expect.stringContaining('npm start')]);
});

const SHELL = {
  shell: SHELL_ID,
  login: 'uma@example.com',
  persona: 'ProdEngineer',
  service: 'support-shell',
  reason: 'export\u001b[2J fails',
  ticket: 'OPS-123',
  write: true,
  issuedAt: '2026-11-21T10:58:00.000Z',
  openedAt: '2026-11-21T10:58:05.000Z',
  endedAt: null,
  task: null,
};

test('list prints shells as a table, or exactly as they were answered', async () => {
  functions.answers = { shells: () => ({ shells: [SHELL, { ...SHELL, openedAt: null }] }) };
  const { code, out } = await locally('list');
  expect(code).toBe(0);
  expect(out).toMatch(
    new RegExp(`${SHELL_ID}  uma@example.com  support-shell  write   2026-11-21T10:58Z  open `),
  );
  expect(out).toContain('not used');
  expect(out).not.toContain('\u001b');
  expect(JSON.parse((await locally('list', '--format', 'json')).out)).toMatchObject({ shells: [SHELL, {}] });
  functions.answers = { shells: () => ({ shells: [] }) };
  expect((await locally('list')).out).toBe('No shells.\n');
});

test('close names the shell, and says that it is over', async () => {
  functions.answers = { 'shell-close': () => ({ ...SHELL, endedAt: '2026-11-21T11:00:00.000Z' }) };
  const { code, out } = await locally('close', SHELL_ID, '--reason', 'left open over night');
  expect([code, out]).toEqual([0, expect.stringContaining('ended 2026-11-21T11:00Z')]);
  expect(functions.tries[0]?.input).toEqual({ shell: SHELL_ID, reason: 'left open over night' });
  expect(await locally('close', 'nonsense')).toMatchObject({
    code: 2,
    shown: expect.stringContaining('error: ID nonsense is not the id of a shell, such as list prints it\n'),
  });
});

describe('explain', () => {
  const visibility = {
    person: '7',
    login: 'uma@example.com',
    persona: 'ProdEngineer',
    maySeeSensitive: true,
    grants: [],
  };
  beforeEach(() => {
    functions.answers = { visibility: () => visibility };
  });

  test('says the same, byte for byte, of an ordinary organization, a sensitive one, and none', async () => {
    const texts = [];
    for (const name of ['acme-plain', 'acme-hidden', 'acme-absent']) {
      const { code, out } = await locally('explain', 'payslips', name);
      expect(code).toBe(0);
      texts.push(out.replaceAll(name, 'X'));
    }
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain('request --organization X --kind shell');
    // Nothing was asked but what the caller's own grants are: there is nothing that could differ.
    expect(functions.tries.map(({ operation, input }) => [operation, Object.keys(input as object)])).toEqual(
      Array(3).fill(['visibility', ['organization']]),
    );
  });

  test('as JSON; without an organization; and of what is no name', async () => {
    const { out } = await locally('explain', 'payslips', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      organization: null,
      layers: [{ layer: 'persona', verdict: 'open' }, {}, {}, {}, {}],
    });
    expect(functions.tries[0]?.input).toEqual({});
    expect(await locally('explain', 'a.b.c')).toMatchObject({ code: 2 });
  });

  test('whoever opens no shell hears that, and nothing is asked for them', async () => {
    functions.arns.AKIDUMA = arnOf('SecurityAuditor', 'aud@example.com', '000000000000');
    const { code, out } = await locally('explain', 'payslips', 'acme');
    expect([code, out]).toEqual([0, expect.stringMatching(/may be missing: persona\n/)]);
    expect(functions.tries).toEqual([]);
  });
});
