/** Four rule packs over every stage: nothing open, and every acknowledgement owned, reasoned, dated and needed. */
import { type App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { STAGES } from '../../bin/stages';
import { acknowledge } from '../../lib/nag/acknowledge';
import { expectKeptPart } from '../support/kept-file';
import { covers, type NagReport, nagReport, openFindings } from '../support/nag';
import { stageNamed, testApp } from '../support/stages';
import { addPlatform } from '../support/templates';

// Seconds of computing each, and more where other tests run beside it.
jest.setTimeout(60_000);

const names = Object.keys(STAGES) as (keyof typeof STAGES)[];
const INSTANCE = { kind: 'instance', instanceType: 't4g.medium', storageGib: 50, multiAz: false } as const;

function appOf(name: keyof typeof STAGES): App {
  const app = testApp();
  addPlatform(app, name);
  // Aspects acknowledge too.
  app.synth();
  return app;
}

let apps: App[];
let reports: NagReport[];

beforeAll(() => {
  apps = names.map(appOf);
  reports = apps.map(nagReport);
});

test('the packs look at every stage, and find much that was thought about', () => {
  for (const { acknowledged } of reports) expect(acknowledged.length).toBeGreaterThan(50);
});

test('no finding is open', () => {
  const open = reports.flatMap((report) => report.open).map(({ rule, path }) => `${rule} ${path}`);
  expect([...new Set(open)].sort()).toEqual([]);
});

test('cdk-nag itself agrees', () => {
  expect(apps.flatMap(openFindings)).toEqual([]);
});

test('the stages that nobody has written down are clean as well', () => {
  const app = testApp();
  const { database } = STAGES.dev;
  addPlatform(
    app,
    stageNamed('dev', { database: { ...database, engine: INSTANCE, migrationCommand: ['migrate'] } }),
  );
  app.synth();
  const open = nagReport(app).open.map(({ rule, path }) => `${rule} ${path}`);
  expect(open).toEqual([]);
});

test('no acknowledgement has lapsed', () => {
  const today = new Date().toISOString().slice(0, 10);
  const lapsed = reports.flatMap(({ acknowledgements }) =>
    acknowledgements.filter(({ until }) => until < today),
  );
  expect(lapsed).toEqual([]);
});

test('no acknowledgement matches nothing', () => {
  const used = new Set(
    reports.flatMap(({ acknowledged }) =>
      acknowledged.map(({ finding, by }) => `${by.path} ${finding.rule}`),
    ),
  );
  const stale = reports
    .flatMap(({ acknowledgements }) => acknowledgements)
    .flatMap(({ path, rules }) => rules.map((rule) => `${path} ${rule}`))
    .filter((each) => !used.has(each));
  expect([...new Set(stale)]).toEqual([]);
});

/** What stands in each stage under its own name is one acknowledgement. */
const inAnyStage = (rule: string): string =>
  rule
    .replace(new RegExp(`\\btz-(${names.join('|')})-`, 'g'), 'tz-<stage>-')
    .replace(/\b\d{12}\b/g, '<account>');

/** One for each rule and reason, over all stages. */
function distinct(): { rule: string; reason: string; owner: string; until: string; places: number }[] {
  const found = new Map<
    string,
    { rule: string; reason: string; owner: string; until: string; at: Set<string> }
  >();
  for (const { finding, by } of reports.flatMap(({ acknowledged }) => acknowledged)) {
    const { reason, owner, until } = by;
    const rule = inAnyStage(finding.rule);
    const key = `${rule} ${reason}`;
    const entry = found.get(key) ?? { rule, reason, owner, until, at: new Set<string>() };
    found.set(key, entry);
    entry.at.add(finding.path);
  }
  return [...found.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { at, ...rest }]) => ({ ...rest, places: at.size }));
}

test('fewer than forty of them, and docs/security.md lists them (npm run kept)', () => {
  const all = distinct();
  expect(all.length).toBeLessThan(40);
  const rows = all.map(
    ({ rule, reason, owner, until, places }) => `| ${rule} | ${places} | ${reason} | ${owner} | ${until} |`,
  );
  const table = ['| rule | places | reason | owner | until |', '|---|--:|---|---|---|', ...rows, ''];
  expectKeptPart('docs/security.md', 'acknowledgements', table.join('\n'));
});

describe('the check itself', () => {
  const bad = () => {
    const app = testApp();
    const stack = new Stack(app, 'Bad');
    return { app, bucket: new Bucket(stack, 'Open') };
  };

  test('a bucket without anything is found by all four packs', () => {
    const found = nagReport(bad().app).open.map(({ rule }) => rule.split('-')[0]);
    expect([...new Set(found)].sort()).toEqual([
      'AwsSolutions',
      'HIPAA.Security',
      'NIST.800.53.R5',
      'PCI.DSS.321',
    ]);
  });

  test('an acknowledgement takes away its finding and no other', () => {
    const { app, bucket } = bad();
    const before = nagReport(app).open.length;
    acknowledge(bucket, { rules: ['AwsSolutions-S1'], reason: 'test', owner: 'test', until: '2099-01-01' });
    const { open, acknowledged } = nagReport(app);
    expect(open).toHaveLength(before - 1);
    expect(acknowledged).toMatchObject([{ finding: { rule: 'AwsSolutions-S1' }, by: { owner: 'test' } }]);
    expect(openFindings(app)).toHaveLength(before - 1);
  });

  test.each([
    ['reason', { reason: ' ' }],
    ['owner', { owner: '' }],
    ['last day', { until: 'some day' }],
    ['rule', { rules: [] }],
  ])('an acknowledgement without a %s is refused at synth', (...[, missing]) => {
    const given = {
      rules: ['AwsSolutions-S1'],
      reason: 'test',
      owner: 'test',
      until: '2099-01-01',
      ...missing,
    };
    expect(() => acknowledge(bad().bucket, given)).toThrow('needs rules, a reason, an owner and a last day');
  });

  test('covers what is below it, not what only begins with the same letters', () => {
    const placed = { rules: ['R'], reason: '', owner: '', until: '', path: 'A/B' };
    const at = (path: string) => covers(placed, { rule: 'R', path, what: '' });
    expect([at('A/B'), at('A/B/C'), at('A/BC'), at('A')]).toEqual([true, true, false, false]);
  });
});
