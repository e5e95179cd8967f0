import { CommanderError } from 'commander';
import { requireServer, secretsOf } from '../../../sql/cli/connection';
import { failure } from '../../../sql/cli/failure';
import { fromCommander, wholeNumber } from '../../../sql/cli/usage';
import { CommandError } from '../../../sql/db/errors';
import { RegistryInvalid } from '../../../sql/registry';

const target = { host: 'db.example', port: 5432, database: 'shop', user: 'me' };
const withCode = (code: string, message = 'words') => Object.assign(new Error(message), { code });

test.each([
  ['ECONNREFUSED', 'cannot reach a server at db.example:5432: connection refused'],
  ['28P01', 'the password of me is wrong, or me does not exist'],
  ['3D000', 'there is no database shop on db.example:5432'],
  ['42501', 'login me lacks a privilege: words'],
  ['25006', 'db.example:5432 is read-only: words'],
  ['57P01', 'the connection to db.example:5432 was lost: words'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'no trusted TLS connection to db.example:5432: words'],
])('%s is said in our words', (code, message) => {
  expect(failure(withCode(code), target)).toMatchObject({ code, message, details: [] });
});

test('errors without a code are known by their text', () => {
  expect(failure(new Error('timeout expired'), target).message).toBe(
    'cannot reach a server at db.example:5432: no answer in 10 s',
  );
  expect(failure(new Error('Connection terminated unexpectedly'), target).code).toBe('connection-lost');
});

test('several attempts to connect fail as the first one did', () => {
  const error = new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')]);
  expect(failure(error, target).code).toBe('ECONNREFUSED');
});

test('what is unknown is said to be unknown, on one line', () => {
  expect(failure(new TypeError('first\nsecond'), target)).toMatchObject({
    message: 'unexpected: first second',
  });
  expect(failure(withCode('XX001'), target).message).toBe('the database says XX001: words');
});

test('our own errors keep their words and what to do next', () => {
  expect(failure(new CommandError('c', 'what', 'do'), undefined)).toEqual({
    code: 'c',
    message: 'what',
    details: [],
    next: 'do',
  });
});

test('several problems of a registry are one line and a list', () => {
  const problem = (line: number) => ({
    location: { file: 'r.yaml', line, column: 1 },
    message: 'm',
    fix: 'f',
  });
  const { message, details } = failure(new RegistryInvalid([problem(1), problem(2)]), undefined);
  expect(message).toBe('2 problems in r.yaml');
  expect(details).toEqual(['r.yaml:1:1 m -> f', 'r.yaml:2:1 m -> f']);
});

test.each(['postgres://me:p%40ss-word@h/d', 'postgres://me@h/d?password=p%40ss-word'])(
  'the password of %s is never repeated',
  (url) => {
    const said = failure(new Error(`no p%40ss-word, no p@ss-word, not in ${url}`), target, secretsOf(url));
    expect(said.message).not.toMatch(/ss-word/);
  },
);

test('a server before 15 and a standby are refused', async () => {
  const server = (row: object) =>
    ({
      query: async () => ({
        rows: [{ number: 180000, version: '18', standby: false, read_only: false, ...row }],
      }),
    }) as never;
  const codeOf = (row: object, writes: boolean) =>
    requireServer(server(row), { writes }).then(
      () => 'fine',
      (error: CommandError) => error.code,
    );
  expect(await codeOf({ number: 140012 }, false)).toBe('server-too-old');
  expect(await codeOf({ standby: true, read_only: true }, true)).toBe('read-only');
  expect(await codeOf({ standby: true, read_only: true }, false)).toBe('fine');
  expect(await codeOf({ number: 150000 }, true)).toBe('fine');
});

test('mistakes in arguments become one line; asking for help is none', () => {
  expect(fromCommander(new CommanderError(0, 'commander.helpDisplayed', '(outputHelp)'))).toBeUndefined();
  expect(
    fromCommander(
      new CommanderError(
        1,
        'commander.unknownOption',
        "error: unknown option '--regstry'\n(Did you mean --registry?)",
      ),
    ),
  ).toEqual({ message: "unknown option '--regstry'", next: 'write --registry' });
});

test('numbers are whole and not too small', () => {
  expect(wholeNumber(1)('50')).toBe(50);
  for (const text of ['0', '-1', '1.5', 'x', '', '1e3']) expect(() => wholeNumber(1)(text)).toThrow();
});
