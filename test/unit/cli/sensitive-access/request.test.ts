import { granted, HASH, ID, type Machine, machine, pending, previewed } from './given';

let here: Machine;
beforeEach(async () => {
  here = await machine();
  here.endpoint.answers = { preview: () => previewed(), request: () => pending() };
});
afterEach(() => here.close());

const ARGS = [
  ...['request', '--organization', 'acme', '--kind', 'shell'],
  ...['--reason', 'export fails since Monday', '--ticket', 'OPS-123'],
];
const operations = () => here.endpoint.tries.map(({ operation }) => operation);

test('shows what it would open, asks, and asks the approvers', async () => {
  const { code, out, shown } = await here.run(ARGS, { types: { 'Ask the approvers? [y/N]': 'y' } });
  expect(code).toBe(0);
  expect(operations()).toEqual(['preview', 'request']);
  const input = {
    organization: 'acme',
    kind: 'shell',
    access: 'read',
    reason: 'export fails since Monday',
    ticket: 'OPS-123',
  };
  expect(here.endpoint.tries.map((each) => each.input)).toEqual([input, input]);
  expect(shown).toContain(
    `
organization  acme
for           30 minutes
needs         1 code, of an approver
you before    never

It would open:
  TABLE             ABOUT ROWS
  public.documents        3000
  public.users              40
  total, 2 tables         3040
`.trimStart(),
  );
  expect(out).toBe(
    `
Asked: to read acme, in the shell.
request        ${ID}
hash           a1b2c3d4e5f6
needs          1 code, of an approver
approvers run  npm run -s sensitive-access -- approve ${ID} --local --profile <approver>
lapses         2026-11-21T11:58Z, in 58 min
`.trimStart(),
  );
});

test('the own tenant, past use, what is live and what would do with less are said before the question', async () => {
  here.endpoint.answers.preview = () =>
    previewed({
      organization: 'tenant-zero',
      own: true,
      codesNeeded: 2,
      past: { grants: 3, last: '2026-11-19T11:00:00.000Z' },
      live: [{ kind: 'console', access: 'read', until: '2026-11-21T11:12:30.000Z' }],
      narrower: ['Ask to read first.'],
    });
  const { shown } = await here.run(ARGS, { types: { 'Ask the approvers? [y/N]': 'n' } });
  expect(shown).toContain(
    `
organization  tenant-zero: THE OWN TENANT
for           30 minutes
needs         2 codes, of 2 different approvers
you before    3 grants, the last 2026-11-19T11:00Z, 2 days ago
`.trim(),
  );
  expect(shown).toContain(
    `
You have now:
  KIND     ACCESS  UNTIL
  console  read    2026-11-21T11:12Z, in 12 min

Narrower:
  - Ask to read first.
`.trim(),
  );
});

test.each(['n', '', 'no', 'yesterday'])('an answer of "%s" asks nobody, and ends with 1', async (answer) => {
  const { code, out, shown } = await here.run(ARGS, { types: { 'Ask the approvers? [y/N]': answer } });
  expect(code).toBe(1);
  expect(operations()).toEqual(['preview']);
  expect(out).toBe('');
  expect(shown).toContain('error: nobody was asked\nnext: run it again with less, or when you are sure\n');
});

test('Ctrl-C at the question asks nobody, and ends with 130', async () => {
  const { code, shown } = await here.run(ARGS, { types: { 'Ask the approvers? [y/N]': '\x03' } });
  expect(code).toBe(130);
  expect(operations()).toEqual(['preview']);
  expect(shown).toContain('interrupted: nothing was sent');
});

test('without a terminal nobody is asked unless --yes is given', async () => {
  const without = await here.run(ARGS, { pipes: 'y\n' });
  expect(without.code).toBe(2);
  expect(operations()).toEqual(['preview']);
  expect(without.shown).toContain(
    'error: there is no terminal to ask on, and nobody was asked for anything\nnext: read what it would open, above, and add --yes\n',
  );
  const yes = await here.run([...ARGS, '--yes'], { pipes: '' });
  expect(yes.code).toBe(0);
  expect(yes.out).toContain(ID);
});

test('json is what the function answered, exactly, hash in full', async () => {
  const { out } = await here.run([...ARGS, '--yes', '--format', 'json'], { pipes: '' });
  expect(JSON.parse(out)).toEqual(pending());
  expect(out).toContain(HASH);
});

test('how long, writing and the flag are sent as they are given', async () => {
  const long = [...ARGS, '--yes', '--write', '--minutes', '45'];
  expect((await here.run(long, { pipes: '' })).code).toBe(0);
  expect(here.endpoint.tries.at(-1)?.input).toMatchObject({ access: 'write', minutes: 45 });
  const flag = ARGS.map((each) => (each === 'shell' ? 'flag' : each));
  expect((await here.run([...flag, '--yes', '--sensitive', 'no'], { pipes: '' })).code).toBe(0);
  expect(here.endpoint.tries.at(-1)?.input).toMatchObject({ kind: 'flag', sensitive: false, access: 'read' });
});

test('a flag opens nothing: what is shown is what it concerns', async () => {
  const { shown } = await here.run([...flag, '--yes', '--sensitive', 'yes'], { pipes: '' });
  expect(shown).toContain('for           good, until it is changed back\n');
  expect(shown).toContain('\nIt concerns:\n');
  expect(shown).not.toContain('It would open');
});

const flag = [...ARGS.slice(0, 4), 'flag', ...ARGS.slice(5)];
test.each<[string, string[], string]>([
  ['a flag change without an answer', flag, 'error: --kind flag needs --sensitive'],
  [
    'an answer without a flag change',
    [...ARGS, '--sensitive', 'yes'],
    'error: --sensitive says nothing with --kind shell',
  ],
  [
    'a flag change that writes',
    [...flag, '--sensitive', 'yes', '--write'],
    'error: --write says nothing with --kind flag',
  ],
  [
    'a flag change for a while',
    [...flag, '--sensitive', 'yes', '--minutes', '5'],
    'error: --minutes says nothing with --kind flag',
  ],
  [
    'no minutes',
    [...ARGS, '--minutes', '0'],
    "error: option '--minutes <number>' argument '0' is invalid. It must be a whole number, 1 or more",
  ],
  [
    'more minutes than a day has',
    [...ARGS, '--minutes', '1441'],
    'error: --minutes is not a number of minutes from 1 to 1440',
  ],
  [
    'a short reason',
    [...ARGS, '--reason', 'because'],
    'error: --reason says too little: at least 10 characters',
  ],
  [
    'a ticket that is a sentence',
    [...ARGS, '--ticket', 'the one'],
    'error: --ticket is not the number of a ticket, such as OPS-123',
  ],
  [
    'another kind',
    [...ARGS, '--kind', 'root'],
    "error: option '--kind <kind>' argument 'root' is invalid. Allowed choices are console, shell, flag",
  ],
  [
    'a slip in a required option',
    ARGS.map((each) => (each === '--organization' ? '--organisation' : each)),
    "error: unknown option '--organisation'",
  ],
  ['no reason', ARGS.slice(0, 5), "error: required option '--reason <text>' not specified"],
])('%s is one clear line and one of what to do, and nothing is sent', async (_, args, line) => {
  const { code, out, shown } = await here.run(args, { types: {} });
  expect(code).toBe(2);
  expect(out).toBe('');
  expect(shown.split('\n')).toEqual([line, expect.stringMatching(/^next: ./), '']);
  expect(here.endpoint.tries).toEqual([]);
});

test('--wait looks until it is decided, and tells of every code', async () => {
  const states = [
    pending({ codesNeeded: 2, own: true }),
    pending({ codesNeeded: 2, own: true, codesGiven: granted().codesGiven }),
    granted({ codesNeeded: 2, own: true }),
  ];
  here.endpoint.answers.request = () => states[0] as never;
  let looks = 0;
  here.endpoint.answers.show = () => states[Math.min(looks++, 2)] as never;
  const { code, out, shown, io } = await here.run([...ARGS, '--yes', '--wait'], { types: {} });
  expect(code).toBe(0);
  expect(io.sleeps).toEqual([3000, 3500, 4000]);
  expect(io.ever()).toContain('waiting: pending: 0 of 2 codes; lapses 2026-11-21T11:58Z, in 58 min');
  expect(shown).toContain('ada has given a code: 1 code to go\n');
  expect(out).toContain('state     granted until 2026-11-21T11:30Z, in 30 min\n');
});

test.each(['denied', 'lapsed'] as const)('--wait ends with 1 when the request is %s', async (state) => {
  here.endpoint.answers.show = () => pending({ state, denied: { by: 'ada', reason: 'not now' } });
  const { code, shown } = await here.run([...ARGS, '--yes', '--wait'], { pipes: '' });
  expect(code).toBe(1);
  expect(shown).toContain(`error: the request is ${state}\n`);
});
