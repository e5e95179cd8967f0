import { FILE, FULL, HEAD, problemsOf } from './example';
import { CONTENT } from './mistakes/content';
import { unmarked } from './mistakes/mistake';
import { SHAPE } from './mistakes/shape';

test('the registries that mistakes are planted in have none', () => {
  expect([problemsOf(HEAD), problemsOf(FULL)]).toEqual([[], []]);
});

test.each([...SHAPE, ...CONTENT])(
  'reports $title, with its place and a fix',
  ({ text: marked, expected }) => {
    const { text, places } = unmarked(marked);
    const problems = problemsOf(text);
    expect(problems).toEqual(
      expected.map(([message, fix], index) => ({
        location: { file: FILE, ...place(places[index]) },
        message: expect.stringContaining(message),
        fix: expect.stringContaining(fix),
      })),
    );
  },
);

test('ten mistakes are ten problems, in the order of the file', () => {
  const problems = problemsOf(`organizations:
  table: public.organizations
  id: 7
  sensitive: is_sensitive
  gate: sensitive_gat
owner: "platform\\qowner"
roles:
  app_backend: { sees: current-organization, verbs: [selct] }
  sensitive_gate: { sees: nothing, colour: red }
  staff_admin: { sees: assigned-organizations }
tables:
  public.employees: { organization: organization_id, via: employee_id }
  employees: { organization: organization_id }
  public.notes: { organization: organization_id, grants: { suport: [select] } }
excluded:
  public.currencies: { reason: the same, owner: platform, until: 2026-01-31 }
`);
  expect(problems.map(({ location }) => location.line)).toEqual([3, 5, 6, 8, 9, 10, 12, 13, 14, 16]);
});

test('behind a broken bracket nothing is guessed, before it everything is said', () => {
  const problems = problemsOf(
    `organizations: { table: o, id: id, sensitive: managed, colour: red }\nroles:\n  a: { sees: everything, verbs: [select }\nnonsense:\n  - [\n`,
  );
  expect(problems[0]).toMatchObject({ message: 'unknown key "colour"', location: { line: 1, column: 56 } });
  const others = problems.slice(1);
  expect(others.length).toBeGreaterThan(0);
  expect(others.filter(({ message }) => /unknown|missing|must be a/.test(message))).toEqual([]);
});

test('lines and columns hold with carriage returns and a byte order mark', () => {
  const [problem] = problemsOf(`\uFEFF${HEAD}  colour: { sees: nothin }\n`.replaceAll('\n', '\r\n'));
  expect(problem?.location).toMatchObject({ line: 4, column: 19 });
});

test.each([
  ['aliases that multiply', multiplying(8)],
  ['aliases that deepen', deepening(40)],
  ['brackets without end', '['.repeat(50_000)],
])('%s are refused in bounded time', (_, text) => {
  const problems = problemsOf(`${HEAD}undecided:\n  a:\n    because: x\n    choices:\n${text}`);
  expect(problems.some(({ message }) => /stand for too much|nested too deeply/.test(message))).toBe(true);
});

test('a mistake in an anchored value is reported once, however often it is used', () => {
  const text = `${HEAD}tables:\n  a: &entry { via: 3 }\n  b: *entry\n  c: *entry\n`;
  expect(problemsOf(text)).toMatchObject([{ location: { line: 5, column: 20 } }]);
});

function place(text = ''): { line: number; column: number } {
  const [line, column] = text.split(':').map(Number);
  return { line: line ?? 0, column: column ?? 0 };
}

/** Ten to the power of `levels` values in a few hundred characters. */
function multiplying(levels: number): string {
  const list = (item: string) => `[${Array(10).fill(item).join(', ')}]`;
  const lines = Array.from({ length: levels }, (_, i) => `      - &a${i + 1} ${list(`*a${i}`)}`);
  return [`      - &a0 ${list('x')}`, ...lines].join('\n');
}

/** Every level puts the one before ten brackets deeper. */
function deepening(levels: number): string {
  const lines = Array.from(
    { length: levels },
    (_, i) => `      - &a${i + 1} ${'['.repeat(10)}*a${i} ${']'.repeat(10)}`,
  );
  return ['      - &a0 [x]', ...lines].join('\n');
}
