import QRCode from 'qrcode';
import { No } from '../approvals/function-endpoint';
import { approver, ID, type Machine, machine, pending } from './given';

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const OTPAUTH = `otpauth://totp/tenant-zero%20local:ada?secret=${SECRET}&issuer=tenant-zero%20local`;
const ADDED = { name: 'ada', otpauth: OTPAUTH, secret: SECRET };

let here: Machine;
beforeEach(async () => {
  here = await machine();
  here.endpoint.answers = {
    'approver-add': () => ADDED,
    'approver-confirm': () => ({ ...approver(), request: null }),
    'approver-remove': () => approver({ name: 'ivo', state: 'removed' }),
  };
});
afterEach(() => here.close());

const sent = () => here.endpoint.tries.at(-1);
const operations = () => here.endpoint.tries.map(({ operation }) => operation);

/** Dark modules of what a camera sees: two rows of modules in a line of characters, one character of margin around. */
function modulesOf(picture: string): boolean[][] {
  const lines = picture
    .split('\n')
    .map((line) => line.split(new RegExp(`${String.fromCharCode(27)}\\[\\d*m`)).join(''))
    .filter((line) => line !== '');
  const rows = lines.flatMap((line) => [
    [...line].map((character) => character === '▀' || character === '█'),
    [...line].map((character) => character === '▄' || character === '█'),
  ]);
  return rows.slice(1).map((row) => row.slice(1));
}

test('add shows the seed as a QR code that says the otpauth URI, and as text, once, and asks for a code', async () => {
  const { code, out, shown, io } = await here.run(['approver', 'add', 'ada'], {
    as: 'ada',
    types: { 'The code that it shows for ada: ': '123456' },
  });
  expect(code).toBe(0);
  expect(operations()).toEqual(['approver-add', 'approver-confirm']);
  expect(sent()?.input).toEqual({ name: 'ada', code: '123456' });
  expect(shown).toContain('To type instead: JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP\n');

  const picture = shown.slice(shown.indexOf('again.\n') + 7, shown.indexOf('To type instead')).trim();
  const { modules } = QRCode.create(OTPAUTH);
  const seen = modulesOf(picture)
    .slice(0, modules.size)
    .map((row) => row.slice(0, modules.size).map(Number));
  const wanted = Array.from({ length: modules.size }, (_, row) =>
    Array.from({ length: modules.size }, (_each, column) => modules.get(row, column)),
  );
  expect(seen).toEqual(wanted);

  expect(out).toBe('ada counts as an approver.\n');
  expect(io.rawWhenTyped).toEqual([true]);
  expect(io.ever()).not.toContain('123456');
});

test('a QR code of another URI is another picture: the comparison above can fail', () => {
  const other = QRCode.create(OTPAUTH.replace(SECRET, `A${SECRET.slice(1)}`));
  expect([...other.modules.data]).not.toEqual([...QRCode.create(OTPAUTH).modules.data]);
});

test('somebody who needs a second approver is told what they run', async () => {
  here.endpoint.answers['approver-confirm'] = () => ({
    ...approver({ name: 'ivo', state: 'waits-for-approval' }),
    request: pending({ kind: 'approver', approver: 'ivo', organization: null }),
  });
  const { code, out } = await here.run(['approver', 'confirm', 'ivo', '--code-stdin'], {
    as: 'ada',
    pipes: '123456\n',
  });
  expect(code).toBe(0);
  expect(out).toBe(
    `The code is right. ivo counts when another approver has approved it:\n  npm run -s sensitive-access -- approve ${ID} --local --profile <approver>\n`,
  );
});

test('a slip in the first code leaves the seed, and says how to go on', async () => {
  const { code, shown } = await here.run(['approver', 'add', 'ada'], {
    as: 'ada',
    types: { 'The code': '12' },
  });
  expect(code).toBe(2);
  expect(operations()).toEqual(['approver-add']);
  expect(shown).toMatch(
    /error: that is not a code.*\nnext: approver confirm ada asks again; the seed stays\n$/,
  );
});

test('a wrong first code is the function’s no, and leaves the seed too', async () => {
  here.endpoint.answers['approver-confirm'] = () => {
    throw new No({ code: 'code-wrong', message: 'the code is wrong', next: 'Wait for the next code.' });
  };
  const { code, shown } = await here.run(['approver', 'add', 'ada'], {
    as: 'ada',
    types: { 'The code': '123456' },
  });
  expect(code).toBe(1);
  expect(shown).toMatch(
    /error: the code is wrong\nnext: Wait for the next code\. approver confirm ada asks again; the seed stays\n$/,
  );
});

test('without a terminal no seed is made: it would land in a log', async () => {
  const { code, out, shown } = await here.run(['approver', 'add', 'ada'], { as: 'ada', pipes: '' });
  expect([code, out]).toEqual([2, '']);
  expect(operations()).toEqual([]);
  expect(shown).toContain('error: there is no terminal to show the seed on, and none was made\n');
});

test('a program asks for json, gets what the function answered, and confirms by itself', async () => {
  const { code, out, shown } = await here.run(['approver', 'add', 'ada', '--format', 'json'], {
    as: 'ada',
    pipes: '',
  });
  expect([code, JSON.parse(out), shown]).toEqual([0, ADDED, '']);
  expect(operations()).toEqual(['approver-add']);
});

test('remove takes a reason and a code of one’s own', async () => {
  const { code, out } = await here.run(['approver', 'remove', 'ivo', '--reason', 'has left the company'], {
    as: 'ada',
    types: { 'Your own code, to remove ivo: ': '123 456' },
  });
  expect([code, out]).toEqual([0, 'ivo is no approver any more.\n']);
  expect(sent()).toMatchObject({
    operation: 'approver-remove',
    input: { name: 'ivo', code: '123456', reason: 'has left the company' },
  });
});

test.each([
  [
    ['approver', 'remove', 'ivo', '--reason', 'left'],
    'error: --reason says too little: at least 10 characters',
  ],
  [
    ['approver', 'remove', 'Ivo!', '--reason', 'has left the company'],
    'error: NAME Ivo! is not the name of an approver, such as ada',
  ],
  [
    ['approver', 'add', 'ADA@example.com'],
    'error: NAME ADA@example.com is not the name of an approver, such as ada',
  ],
  [['approver', 'add'], "error: missing required argument 'name'"],
])('%j is one clear line, no code is asked for, and nothing is sent', async (args, line) => {
  const { code, shown } = await here.run(args, { as: 'ada', types: {} });
  expect(code).toBe(2);
  expect(shown.split('\n')).toEqual([line, expect.stringMatching(/^next: ./), '']);
  expect(here.endpoint.tries).toEqual([]);
});

test.each([
  ['confirm', []],
  ['remove', ['--reason', 'has left the company']],
])('%s asks nobody for a code who is no approver', async (name, more) => {
  const { code, shown } = await here.run(['approver', name, 'ivo', ...more], { types: { ode: '123456' } });
  expect(code).toBe(1);
  expect(shown).toMatch(`error: ProdEngineer may not run \`approver ${name}\`\nnext: Sign in with`);
  expect(here.endpoint.tries).toEqual([]);
});

test('list says who counts, and who is locked until when', async () => {
  here.endpoint.answers['approver-list'] = () => ({
    approvers: [
      approver(),
      approver({ name: 'grace', login: 'grace@example.com', lockedUntil: '2026-11-21T11:14:00.000Z' }),
      approver({ name: 'ivo', login: 'ivo@example.com', state: 'waits-for-approval' }),
      approver({ name: 'zoe', login: 'zoe@example.com', ownFrom: '2026-11-22T10:00:00.000Z' }),
    ],
  });
  const { code, out } = await here.run(['approver', 'list'], { as: 'ada', pipes: '' });
  expect(code).toBe(0);
  expect(out).toBe(
    `
NAME   LOGIN              STATE                               SINCE                           LOCKED
ada    ada@example.com    counts                              2026-11-01T09:00Z, 20 days ago
grace  grace@example.com  counts                              2026-11-01T09:00Z, 20 days ago  until 2026-11-21T11:14Z, in 14 min
ivo    ivo@example.com    waits for another approver          2026-11-01T09:00Z, 20 days ago
zoe    zoe@example.com    counts; for the own tenant in 23 h  2026-11-01T09:00Z, 20 days ago
`.trimStart(),
  );
});

test('an empty list says how the first one is made', async () => {
  here.endpoint.answers['approver-list'] = () => ({ approvers: [] });
  const { out } = await here.run(['approver', 'list'], { as: 'ada', pipes: '' });
  expect(out).toBe('There is no approver yet: approver add NAME makes the first.\n');
});
