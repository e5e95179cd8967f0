import type { Revocation } from '../../../../lambda/approvals/protocol';
import { granted, ID, type Machine, machine } from './given';

let here: Machine;
beforeEach(async () => {
  here = await machine();
});
afterEach(() => here.close());

const done = (more: Partial<Revocation> = {}): Revocation => ({
  request: granted({ state: 'revoked' }),
  sessions: 2,
  shells: { ended: 1, failed: [] },
  proof: { rows: 0, afterMs: 43, tables: 7, control: true },
  proved: true,
  ...more,
});
const ARGS = ['revoke', ID, '--reason', 'the work is done'];

test('revoke prints what is left, what was ended, and that the probe can see', async () => {
  here.endpoint.answers.revoke = () => done();
  const { code, out, shown } = await here.run(ARGS, { pipes: '' });
  expect(code).toBe(0);
  expect(here.endpoint.tries[0]?.input).toEqual({ request: ID, reason: 'the work is done' });
  expect(out).toBe(
    `
0 rows after 43 ms
tables          7
sessions ended  2
shells ended    1
control         the probe saw an ordinary row: it can see
`.trimStart(),
  );
  expect(shown).toBe('');
});

const proof = done().proof;
test.each<[string, Partial<Revocation>, string]>([
  ['rows are still seen', { proof: { ...proof, rows: 3 }, proved: false }, '3 rows after 43 ms: NOT PROVED'],
  [
    'the probe sees nothing at all',
    { proof: { ...proof, control: false }, proved: false },
    'control         the probe saw nothing at all: it proves nothing',
  ],
  [
    'a shell could not be ended',
    { shells: { ended: 0, failed: ['ecs-execute-1'] } },
    'shells failed   ecs-execute-1',
  ],
  ['it is called proved though rows are seen', { proof: { ...proof, rows: 1 } }, '1 row after 43 ms'],
  ['it is called proved without a control', { proof: { ...proof, control: false } }, 'it proves nothing'],
])('revoke ends with 1 when %s', async (_, more, text) => {
  here.endpoint.answers.revoke = () => done(more);
  const { code, out, shown } = await here.run(ARGS, { pipes: '' });
  expect(code).toBe(1);
  expect(out).toContain(text);
  expect(shown).toMatch(/^error: .*(not proved|could not be ended)\nnext: run revoke again/);
});

test('a request that nobody had approved is withdrawn: there is nothing to prove', async () => {
  here.endpoint.answers.revoke = () =>
    done({
      request: granted({ state: 'revoked', grant: null }),
      proof: { ...proof, control: false, tables: 0 },
    });
  const { code, out } = await here.run(ARGS, { pipes: '' });
  expect([code, out]).toEqual([0, 'Withdrawn: nothing was open yet.\n']);
});

test('json is the revocation, exactly, proved or not', async () => {
  const broken = done({ proved: false });
  here.endpoint.answers.revoke = () => broken;
  const { code, out } = await here.run([...ARGS, '--format', 'json'], { pipes: '' });
  expect([code, JSON.parse(out)]).toEqual([1, broken]);
});

describe('break-glass', () => {
  const glass = [
    ...['break-glass', '--organization', 'own', '--ticket', 'INC-42'],
    ...['--reason', 'nobody answers, logins fail'],
  ];
  beforeEach(() => {
    here.endpoint.answers['break-glass'] = () =>
      granted({ organization: 'tenant-zero', own: true, breakGlass: true, codesNeeded: 0, codesGiven: [] });
  });

  test('says who is told before the organization is typed again, and what was opened after', async () => {
    const { code, out, shown } = await here.run(glass, {
      as: 'bea',
      types: { 'Type the organization again: ': 'own' },
    });
    expect(code).toBe(0);
    expect(here.endpoint.tries[0]).toMatchObject({
      operation: 'break-glass',
      input: { organization: 'own', access: 'read', ticket: 'INC-42' },
    });
    const told = 'Every approver and the owner of the platform are told now, with your name and your reason.';
    expect(shown.indexOf(told)).toBeGreaterThan(-1);
    expect(shown.indexOf(told)).toBeLessThan(shown.indexOf('Type the organization'));
    expect(out).toContain('state     granted until 2026-11-21T11:30Z, in 30 min\n');
    expect(out).toContain('needs     no code: glass was broken\n');
  });

  test.each<[string, string[], { types?: Record<string, string>; pipes?: string }, number, string]>([
    [
      'another organization',
      [],
      { types: { 'Type the': 'acme' } },
      1,
      'error: that is another organization: no glass was broken',
    ],
    [
      'nothing',
      [],
      { types: { 'Type the': '' } },
      1,
      'error: that is another organization: no glass was broken',
    ],
    ['Ctrl-C', [], { types: { 'Type the': '\x03' } }, 130, 'interrupted: nothing was sent'],
    [
      'no terminal',
      [],
      { pipes: 'own\n' },
      2,
      'error: there is no terminal to ask on, and no glass was broken',
    ],
    [
      'another --confirm',
      ['--confirm', 'acme'],
      { pipes: '' },
      1,
      'error: that is another organization: no glass was broken',
    ],
    [
      'a short reason',
      ['--reason', 'night'],
      { types: {} },
      2,
      'error: --reason says too little: at least 10 characters',
    ],
  ])('%s breaks nothing', async (_, args, sitting, expected, line) => {
    const { code, shown } = await here.run([...glass, ...args], { as: 'bea', ...sitting });
    expect(code).toBe(expected);
    expect(shown).toContain(line);
    expect(here.endpoint.tries).toEqual([]);
  });

  test('a program confirms with an option', async () => {
    const { code } = await here.run([...glass, '--confirm', 'own', '--write'], { as: 'bea', pipes: '' });
    expect(code).toBe(0);
    expect(here.endpoint.tries[0]?.input).toMatchObject({ access: 'write' });
  });
});
