import { findingsMarkdown, findingsText, findingValue } from '../../../sql/cli/render/findings';
import { findingsGithub, problemAnnotations } from '../../../sql/cli/render/github';
import { type Located, locator } from '../../../sql/cli/render/locate';
import { summaryLines } from '../../../sql/cli/render/summary';
import { borne, finding, place } from './given';

test('text says rule, severity, key, message, fix and page, errors first and what is borne last', () => {
  const text = findingsText([
    finding({ rule: 'TZ1', acknowledged: borne }),
    finding({ rule: 'TZ2', severity: 'warning' }),
    finding(),
  ]);
  expect(text.split('\n\n')).toEqual([
    'error TZ105 unregistered-relation: public.legacy\n  table public.legacy is in no list of the registry\n  fix: enter it under tables:\n  docs/rules/TZ105.md',
    expect.stringMatching(/^warning TZ2 /),
    expect.stringContaining('borne until 2027-01-31 by platform: until the move'),
  ]);
});

test('markdown survives names that are markup', () => {
  const table = findingsMarkdown([finding({ key: 'a|b`c', message: '<b> | *x*\nnext' })]);
  const row = table.split('\n')[2] as string;
  expect(row).toContain('`` a\\|b`c ``');
  expect(row).toContain('&lt;b&gt; \\| \\*x\\* next');
  expect(table.split('\n')).toHaveLength(3);
});

test('json says which findings fail', () => {
  const failing = finding();
  expect(findingValue(failing, new Set([failing]))).toMatchObject({
    fails: true,
    doc: 'docs/rules/TZ105.md',
  });
  expect(findingValue(finding(), new Set([failing]))).toMatchObject({ fails: false });
});

test('GitHub commands cannot be ended or extended by a name in the database', () => {
  const text = findingsGithub([finding({ name: 'a,b:c', message: '100%\r\n::error::planted' })], () => ({
    file: 'a:b,c%.yaml',
    line: 3,
  }));
  expect(text).toBe(
    '::error file=a%3Ab%2Cc%25.yaml,line=3,title=TZ105 a%2Cb%3Ac::100%25%0D%0A::error::planted%0Afix: enter it under tables:%0Adocs/rules/TZ105.md',
  );
});

test.each([
  ['error', 'error'],
  ['warning', 'warning'],
  ['info', 'notice'],
] as const)('severity %s is a GitHub %s', (severity, level) => {
  expect(findingsGithub([finding({ severity })], place)).toMatch(new RegExp(`^::${level} `));
});

test('what is acknowledged is a notice', () => {
  expect(findingsGithub([finding({ acknowledged: borne })], place)).toMatch(
    /^::notice .*\(acknowledged until 2027-01-31\)/,
  );
});

test('problems of the registry are annotated at their place', () => {
  const location = { file: '/repo/registry.yaml', line: 2, column: 5 };
  expect(problemAnnotations([{ location, message: 'm', fix: 'f' }], '/repo')).toBe(
    '::error file=registry.yaml,line=2,col=5,title=registry::m%0Afix: f',
  );
});

test('a finding is located at the entry of the longest name that its key begins with', () => {
  const at = (line: number) => ({ location: { file: 'sql/registry.yaml', line, column: 1 } });
  const bound = {
    registry: { file: 'sql/registry.yaml', roles: [{ name: 'app', ...at(5) }] },
    tables: [
      { relation: { text: 'public.a' }, entry: at(10), children: [{ text: 'public.a_1' }] },
      { relation: { text: 'public.a_archive' }, entry: at(11), children: [] },
    ],
    excluded: [{ relation: { text: 'public.x' }, entry: at(20), children: [] }],
    views: [],
    unregistered: [{ relation: { text: 'public.u' }, undecided: at(30) }],
  } as unknown as Located;
  const locate = locator(bound, '/repo');
  const lines = [
    'public.a',
    'public.a policy p',
    'public.a.column',
    'public.a_1',
    'public.a_archive',
    'app',
    'public.u',
    'public.x t',
    'other',
  ].map((key) => locate(finding({ key })).line);
  expect(lines).toEqual([10, 10, 10, 10, 11, 5, 30, 20, 1]);
  expect(locate(finding()).file).toBe('sql/registry.yaml');
});

test('the summary counts tables, probes and findings', () => {
  const failing = [finding()];
  const counts = { protected: 57, pending: 3, gap: 20, excluded: 5 };
  expect(
    summaryLines({
      status: { counts, total: 80 },
      findings: [...failing, finding({ severity: 'warning' }), finding({ acknowledged: borne })],
      failing,
      probes: {
        mode: 'synthetic',
        milliseconds: 1234,
        counts: { tables: 57, proved: 300, violated: 1, unproved: 2, cases: 900 },
      },
    }),
  ).toEqual([
    '57 of 80 tables protected, 3 with pending changes, 20 gaps, 5 excluded',
    'probes (synthetic): 300 proved, 1 violated, 2 unproved; 900 cases in 1.2 s',
    '1 error, 1 warning, 1 acknowledged: 1 fails',
  ]);
});
