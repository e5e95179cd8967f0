/** Where statements end, and how their answers look. */
import { answerText, errorText } from '../../../../cli/support-shell/answer';
import { split } from '../../../../cli/support-shell/statements';

test.each([
  ['select 1;', ['select 1'], ''],
  ['select 1; select 2;', ['select 1', 'select 2'], ''],
  ['select 1', [], 'select 1'],
  [';;', [], ''],
  ['  \n', [], ''],
  [`select ';';`, [`select ';'`], ''],
  [`select 'it''s;';`, [`select 'it''s;'`], ''],
  [`select ';`, [], `select ';`],
  [`select 'a\\'; select 2;`, [`select 'a\\'`, 'select 2'], ''],
  [`select E'a\\';b';`, [`select E'a\\';b'`], ''],
  [`select e'\\\\'; select 2;`, [`select e'\\\\'`, 'select 2'], ''],
  [`select ";""";`, [`select ";"""`], ''],
  ['select 1 -- one; two\n;', ['select 1 -- one; two'], ''],
  ['select 1 -- one;', [], 'select 1 -- one;'],
  ['select 1 /* a; /* b; */ c; */;', ['select 1 /* a; /* b; */ c; */'], ''],
  ['select 1 /* a; /* b; */;', [], 'select 1 /* a; /* b; */;'],
  ['do $$ begin; end $$;', ['do $$ begin; end $$'], ''],
  ['select $a$ ; $$ ; $a$;', ['select $a$ ; $$ ; $a$'], ''],
  ['select $a$ ; $b$;', [], 'select $a$ ; $b$;'],
  ['select $1; select 2;', ['select $1', 'select 2'], ''],
  ['select a$b$c; select 2;', ['select a$b$c', 'select 2'], ''],
  [
    'create rule r as on insert to t do (select 1; select 2);',
    ['create rule r as on insert to t do (select 1; select 2)'],
    '',
  ],
] as const)('%s', (text, statements, rest) => {
  expect(split(text)).toEqual({ statements, rest });
});

const answer = (more: object) => ({ command: 'SELECT', rowCount: 0, fields: [], rows: [], ...more });

test('rows are aligned, null is seen, and nothing in them acts on the terminal', () => {
  const fields = [{ name: 'id' }, { name: 'name' }];
  const rows = [
    ['1', 'Uma'],
    ['200', null],
    ['3', '\u001b[2Jgone\nline'],
  ];
  expect(answerText(answer({ fields, rows })).split('\n')).toEqual([
    ' id  | name',
    '-----+------------------------',
    ' 1   | Uma',
    ' 200 | (null)',
    ' 3   | \\u{1b}[2Jgone\\u{a}line',
    '(3 rows)',
  ]);
  expect(answerText(answer({ fields, rows: [['1', '2']] }))).toContain('(1 row)');
  expect(answerText(answer({ fields }))).toContain('(0 rows)');
});

test('an answer of many rows is printed like any other', () => {
  const rows = Array.from({ length: 200_000 }, (_, i) => [String(i)]);
  expect(answerText(answer({ fields: [{ name: 'n' }], rows }))).toMatch(/\(200000 rows\)$/);
});

test('other commands say what was done', () => {
  expect(answerText(answer({ command: 'UPDATE', rowCount: 3 }))).toBe('UPDATE 3');
  expect(answerText(answer({ command: 'BEGIN', rowCount: null }))).toBe('BEGIN');
});

test('an error has its SQLSTATE, detail and hint', () => {
  expect(errorText({ code: 'TZ030', message: 'no ticket', hint: 'open a shell', detail: 'a\u001bb' })).toBe(
    'ERROR TZ030: no ticket\nDETAIL: a\\u{1b}b\nHINT: open a shell',
  );
  expect(errorText(new Error('gone'))).toBe('ERROR: gone');
});
