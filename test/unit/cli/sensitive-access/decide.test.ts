import { No } from '../approvals/function-endpoint';
import { granted, HASH, ID, type Machine, machine, pending } from './given';

let here: Machine;
beforeEach(async () => {
  here = await machine();
  here.endpoint.answers = {
    show: () => pending(),
    approve: () => ({ request: granted(), drift: 0, missing: 0 }),
    deny: () => ({
      request: pending({ state: 'denied', denied: { by: 'ada', reason: 'not tonight' } }),
      drift: 0,
      missing: 0,
    }),
    review: () => ({ request: granted({ breakGlass: true }), drift: 0, missing: 0 }),
  };
});
afterEach(() => here.close());

const sent = () => here.endpoint.tries.at(-1);
const operations = () => here.endpoint.tries.map(({ operation }) => operation);

test('approve shows the request in full, asks for the code, and sends it with the hash of what was shown', async () => {
  const { code, out, shown } = await here.run(['approve', ID], {
    as: 'ada',
    types: { 'Your code: ': '123 456' },
  });
  expect(code).toBe(0);
  expect(operations()).toEqual(['show', 'approve']);
  expect(sent()?.input).toEqual({ request: ID, hash: HASH, code: '123456' });
  expect(shown).toBe(
    `
request   ${ID}
hash      a1b2c3d4e5f6
state     pending: 0 of 1 code; lapses 2026-11-21T11:58Z, in 58 min
who       uma@example.com, ProdEngineer, person 7
asks      to read acme, in the shell
why       export fails since Monday
ticket    OPS-123
how long  30 minutes
asked     2026-11-21T10:58Z, 2 min ago
needs     1 code, of an approver

It opens:
  TABLE             ABOUT ROWS
  public.documents        3000
  public.users              40
  total, 2 tables         3040

Your code: 
`.trimStart(),
  );
  expect(out).toBe('uma@example.com may read acme until 2026-11-21T11:30Z, in 30 min.\n');
});

test('a code is typed without echo: the terminal is raw, and nothing of it is shown anywhere', async () => {
  const { out, io } = await here.run(['approve', ID], { as: 'ada', types: { 'Your code: ': '987654' } });
  expect(io.rawWhenTyped).toEqual([true]);
  expect(io.raw.at(-1)).toBe(false);
  for (const part of ['987654', '9876', '654']) expect(out + io.ever()).not.toContain(part);
  expect(sent()?.input).toMatchObject({ code: '987654' });
});

test('the own tenant stands in capitals, and which of two codes is asked for', async () => {
  here.endpoint.answers.show = () =>
    pending({
      own: true,
      organization: 'tenant-zero',
      access: 'write',
      codesNeeded: 2,
      codesGiven: [{ approver: 'grace', at: '2026-11-21T10:59:00.000Z', drift: -1 }],
    });
  const { shown } = await here.run(['approve', ID], {
    as: 'ada',
    types: { 'Your code, number 2 of 2: ': '123456' },
  });
  expect(shown).toContain('asks      to READ AND WRITE THE OWN TENANT, tenant-zero, in the shell\n');
  expect(shown).toContain('needs     2 codes, of 2 different approvers\n');
  expect(shown).toContain('codes     grace (1 step (30 s) behind)\n');
});

test.each([
  [
    -1,
    1,
    'Your clock is 1 step (30 s) behind.\n1 more code by 2026-11-21T11:58Z, in 58 min, of another approver.\n',
  ],
  [
    1,
    1,
    'Your clock is 1 step (30 s) ahead.\n1 more code by 2026-11-21T11:58Z, in 58 min, of another approver.\n',
  ],
  [0, 1, '1 more code by 2026-11-21T11:58Z, in 58 min, of another approver.\n'],
])('drift of %s and %s missing are said', async (drift, missing, text) => {
  here.endpoint.answers.approve = () => ({ request: pending({ codesNeeded: 2 }), drift, missing });
  const { out } = await here.run(['approve', ID], { as: 'ada', types: { 'Your code': '123456' } });
  expect(out).toBe(`The code counts. Nothing is open yet.\n${text}`);
});

test.each([
  [pending({ kind: 'flag', sensitive: false, state: 'ended' }), 'acme is no longer sensitive now.\n'],
  [
    pending({ kind: 'approver', organization: null, approver: 'ivo', state: 'ended' }),
    'ivo counts as an approver.\n',
  ],
])('what a yes to a flag or an approver led to is said', async (request, text) => {
  here.endpoint.answers.approve = () => ({ request, drift: 0, missing: 0 });
  const { out } = await here.run(['approve', ID], { as: 'ada', types: { 'Your code': '123456' } });
  expect(out).toBe(text);
});

test('a refusal is 1, in the function’s words', async () => {
  here.endpoint.answers.approve = () => {
    throw new No({
      code: 'self-approval',
      message: 'you asked for this yourself',
      next: 'ask another approver',
    });
  };
  const { code, out, shown } = await here.run(['approve', ID], {
    as: 'ada',
    types: { 'Your code': '123456' },
  });
  expect([code, out]).toEqual([1, '']);
  expect(shown).toMatch(/error: you asked for this yourself\nnext: ask another approver\n$/);
});

test.each([
  ['approve', []],
  ['deny', ['--reason', 'not tonight, ask on Monday']],
  ['review', ['--note', 'one invoice read, as OPS-88 says']],
])('%s asks nobody for a code who is no approver', async (name, more) => {
  const { code, out, shown } = await here.run([name, ID, ...more], { types: { 'Your code': '123456' } });
  expect([code, out]).toEqual([1, '']);
  expect(shown).toBe(
    `error: ProdEngineer may not run \`${name}\`\nnext: Sign in with the permission set that may; docs/sensitive-access.md says which.\n`,
  );
  expect(here.endpoint.tries).toEqual([]);
});

test('what is decided already asks for no code', async () => {
  here.endpoint.answers.show = () => granted();
  const { code, shown } = await here.run(['approve', ID], { as: 'ada', types: { 'Your code': '123456' } });
  expect(code).toBe(1);
  expect(operations()).toEqual(['show']);
  expect(shown).toContain('error: there is nothing to decide: granted until 2026-11-21T11:30Z, in 30 min\n');
});

test('from a pipe a code is one line, and the request is shown all the same', async () => {
  const { code, shown } = await here.run(['approve', ID, '--code-stdin'], {
    as: 'ada',
    pipes: '123 456\nmore\n',
  });
  expect(code).toBe(0);
  expect(sent()?.input).toMatchObject({ code: '123456' });
  expect(shown).toContain('why       export fails since Monday');
});

test.each<[string, string[], { types?: Record<string, string>; pipes?: string }, string]>([
  ['no terminal', [], { pipes: '123456' }, 'error: there is no terminal to ask for the code on'],
  ['an empty pipe', ['--code-stdin'], { pipes: '' }, 'error: the input ended without an answer'],
  ['the end of input', [], { types: { 'Your code': '\x04' } }, 'error: the input ended without an answer'],
  [
    'five digits',
    [],
    { types: { 'Your code': '98765' } },
    'error: that is not a code: six digits, spaces do not matter',
  ],
  [
    'letters',
    [],
    { types: { 'Your code': 'swordfish' } },
    'error: that is not a code: six digits, spaces do not matter',
  ],
])('%s: no code is sent, and what was typed is not repeated', async (_, args, sitting, line) => {
  const { code, shown } = await here.run(['approve', ID, ...args], { as: 'ada', ...sitting });
  expect(code).toBe(2);
  expect(shown).toContain(`${line}\nnext: `);
  expect(operations()).not.toContain('approve');
  expect(shown).not.toMatch(/98765|swordfish/);
});

test('Ctrl-C at the code sends nothing, and leaves the terminal as it was', async () => {
  const { code, io } = await here.run(['approve', ID], { as: 'ada', types: { 'Your code': '\x03' } });
  expect(code).toBe(130);
  expect(operations()).toEqual(['show']);
  expect(io.raw).toEqual([true, false]);
});

test.each([
  [['--code', '123456']],
  [['--code=123456']],
  [['-code=123456']],
  [['--code-stdin=123456']],
  [['123456']],
  [['123 456']],
])('a code as an argument (%s) is refused, why is said, and the code is not repeated', async (args) => {
  const { code, shown } = await here.run(['approve', ID, ...args], { as: 'ada', types: {} });
  expect(code).toBe(2);
  expect(shown).toBe(
    'error: a code is not given as an argument: it would stay in the history of the shell, and every process could read it\n' +
      'next: leave it out: the command asks for it, or reads it from standard input with --code-stdin\n',
  );
  expect(here.endpoint.tries).toEqual([]);
});

test('a number of six digits may be the value of an option', async () => {
  const { shown } = await here.run(['deny', ID, '--reason', '123456'], { as: 'ada', types: {} });
  expect(shown).toContain('error: --reason says too little: at least 10 characters\n');
});

test('deny takes a reason and a code', async () => {
  const { code, out } = await here.run(['deny', ID, '--reason', 'not tonight, ask on Monday'], {
    as: 'ada',
    types: { 'Your code': '123456' },
  });
  expect([code, out]).toEqual([0, 'Denied.\n']);
  expect(sent()).toMatchObject({
    operation: 'deny',
    input: { request: ID, hash: HASH, code: '123456', reason: 'not tonight, ask on Monday' },
  });
});

test('review closes broken glass, and only that', async () => {
  const args = ['review', ID, '--note', 'one invoice read, as OPS-88 says'];
  const types = { 'Your code: ': '123456' };
  expect((await here.run(args, { as: 'ada', types })).code).toBe(1);
  here.endpoint.answers.show = () => granted({ breakGlass: true, codesGiven: [] });
  const { code, out, shown } = await here.run(args, { as: 'ada', types });
  expect([code, out]).toEqual([0, 'Closed: reviewed.\n']);
  expect(shown).toContain('reviewed  NOT YET: an approver closes it with review\n');
  expect(sent()).toMatchObject({
    operation: 'review',
    input: { hash: HASH, note: 'one invoice read, as OPS-88 says' },
  });
});

test.each([
  [['deny', ID, '--reason', 'no'], 'error: --reason says too little: at least 10 characters'],
  [['review', ID, '--note', 'fine'], 'error: --note says too little: at least 10 characters'],
  [['approve', '7'], 'error: ID 7 is not the id of a request, such as list prints it'],
])('%j: no code is asked for in vain', async (args, line) => {
  const { code, shown } = await here.run(args, { as: 'ada', types: { 'Your code': '123456' } });
  expect(code).toBe(2);
  expect(shown.split('\n')[0]).toBe(line);
  expect(here.endpoint.tries).toEqual([]);
});

test('what other people wrote does nothing to the terminal', async () => {
  here.endpoint.answers.show = () =>
    pending({ reason: 'harmless\r\nasks      to read nobody\u001b[8m\u202egnihtyna' });
  const { shown } = await here.run(['approve', ID], { as: 'ada', types: { 'Your code': '123456' } });
  expect(shown).toContain(
    'why       harmless\\u{d}\\u{a}asks      to read nobody\\u{1b}[8m\\u{202e}gnihtyna\n',
  );
  expect(shown.match(/^asks /gm)).toHaveLength(1);
});

test('json is the decision, exactly', async () => {
  const args = ['approve', ID, '--code-stdin', '--format', 'json'];
  const { out } = await here.run(args, { as: 'ada', pipes: '123456\n' });
  expect(JSON.parse(out)).toEqual({ request: granted(), drift: 0, missing: 0 });
});
