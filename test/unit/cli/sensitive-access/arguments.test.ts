import { type Machine, machine } from './given';

let here: Machine;
beforeEach(async () => {
  here = await machine();
});
afterEach(() => here.close());

const COMMANDS = [
  ...['request', 'approve', 'deny', 'revoke', 'list', 'show', 'break-glass', 'review', 'whoami'],
  ...['approver add', 'approver confirm', 'approver remove', 'approver list'],
];

test.each(COMMANDS)('%s has help with examples that name it, and the exit codes', async (name) => {
  const { code, out, shown } = await here.run([...name.split(' '), '--help'], { as: null, pipes: '' });
  expect([code, shown]).toEqual([0, '']);
  expect(out).toContain(`  npm run -s sensitive-access -- ${name} `.trimEnd());
  expect(out).toContain('Exit codes: 0 done; 1 refused');
  for (const option of ['--format', '--local', '--profile', '--stage', '--region'])
    expect(out).toContain(option);
  expect(out).not.toMatch(/--code\b(?!-stdin)/);
});

test('help lists every command, audit among them', async () => {
  const { code, out } = await here.run(['--help'], { as: null, pipes: '' });
  expect(code).toBe(0);
  for (const name of [...COMMANDS.slice(0, 9), 'approver', 'audit'])
    expect(out).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
});

test.each<[string, string[], Record<string, string>, string, string]>([
  ['no command', [], {}, 'no command', '--help lists the commands'],
  ['a slip', ['aprove'], {}, "unknown command 'aprove'", 'write approve'],
  ['an unknown option', ['list', '--everything'], {}, "unknown option '--everything'", '--help'],
  ['a value of an unknown option', ['list', '--totp=123456'], {}, "unknown option '--totp'", '--help'],
  [
    'too much',
    ['list', 'all'],
    {},
    "too many arguments for 'list'. Expected 0 arguments but got 1",
    '--help',
  ],
  ['no stage', ['list'], {}, 'which stage?', '--stage'],
  ['a bad stage', ['list', '--stage', 'Prod!'], {}, 'Prod! is not the name of a stage', '--stage'],
  [
    'a bad region',
    ['list', '--stage', 'prod', '--region', 'Frankfurt'],
    {},
    'Frankfurt is not a region of AWS',
    '--region',
  ],
  [
    'a bad region of the environment',
    ['list'],
    { TZ_STAGE: 'prod', AWS_REGION: 'x' },
    'x is not a region of AWS',
    '--region',
  ],
  ['two targets', ['list', '--local', '--stage', 'prod'], {}, '--local is a stage of its own', 'leave out'],
  [
    'nobody',
    ['list', '--local'],
    {},
    '--local needs to know who you are',
    '--profile uma, ada, bea, aud, zoe',
  ],
  [
    'somebody else',
    ['list', '--local', '--profile', 'eve'],
    {},
    'nobody on this machine is called eve',
    '--profile uma, ada',
  ],
  [
    'a prototype',
    ['list', '--local', '--profile', 'constructor'],
    {},
    'nobody on this machine is called constructor',
    '--profile uma',
  ],
  [
    'nothing running',
    ['list', '--local', '--profile', 'uma'],
    { TENANT_ZERO_DIRECTORY: '/nowhere' },
    'nothing runs on this machine to talk to',
    'npm start',
  ],
])('%s is one clear line and one of what to do, with 2', async (_, args, env, message, next) => {
  const { code, out, shown } = await here.run(args, { as: null, types: {}, env });
  expect([code, out]).toEqual([2, '']);
  const [first, second = '', last] = shown.split('\n');
  expect([first, last]).toEqual([`error: ${message}`, '']);
  expect(second).toContain('next: ');
  expect(second).toContain(next);
});
