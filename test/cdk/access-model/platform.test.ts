/** Who may do what in each stage: what was promised, and the document that people read. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { STAGES } from '../../../bin/stages';
import { vocabularyOf } from '../../../lib/access-model/cli/open';
import type { Analysis } from '../../../lib/access-model/matrix/analysis';
import { matrix } from '../../../lib/access-model/matrix/matrix';
import { decisions, renderDecisions } from '../../../lib/access-model/mutate';
import { checksOf } from '../../../lib/access-model/promises/checks';
import { parsePromises } from '../../../lib/access-model/promises/promises';
import { markdown } from '../../../lib/access-model/show/markdown';
import type { Stage } from '../../../lib/stage';
import { expectKept } from '../../support/kept-file';
import { accessOf } from '../../support/platform-access';
import { stageNamed } from '../../support/stages';

// Seconds of computing each, and more where other tests run beside it.
jest.setTimeout(60_000);

const FILE = 'docs/access-promises.yaml';
const content = parse(readFileSync(path.join(__dirname, '../../..', FILE), 'utf8'));
const promises = parsePromises(FILE, content);

describe.each(Object.keys(STAGES) as (keyof typeof STAGES)[])('%s', (stage) => {
  let analysis: Analysis;
  beforeAll(async () => {
    analysis = await accessOf(stage);
  });

  test('every promise of docs/access-promises.yaml holds', async () => {
    const checks = checksOf(promises, await vocabularyOf(analysis));
    const broken = checks.flatMap((check) =>
      check.run(analysis).map(({ message }) => `${check.id}: ${message}`),
    );
    expect(broken).toEqual([]);
  });

  test('nothing in the templates is unresolved', () => {
    expect(analysis.estate.unresolved).toEqual([]);
  });
});

/** What a stage may have besides: the promises are the same. */
const VARIANTS: [string, Stage][] = [
  [
    'a command that migrates',
    stageNamed('prod', { database: { ...STAGES.prod.database, migrationCommand: ['migrate'] } }),
  ],
  [
    'an organization',
    stageNamed('prod', {
      organization: { account: '444444444444', region: 'us-east-1', targets: ['333333333333'] },
    }),
  ],
  [
    'an instance that is no Aurora',
    stageNamed('prod', {
      database: {
        ...STAGES.prod.database,
        engine: { kind: 'instance', instanceType: 't4g.medium', storageGib: 50, multiAz: true },
      },
    }),
  ],
];

test.each(VARIANTS)('every promise holds for a stage with %s', async (_, stage) => {
  const analysis = await accessOf(stage);
  const checks = checksOf(promises, await vocabularyOf(analysis));
  expect(checks.flatMap((check) => check.run(analysis).map(({ message }) => message))).toEqual([]);
});

test('with an organization, no administrator of the account turns off the trail, deletes what it wrote or silences an alarm', async () => {
  const [, stage] = VARIANTS[1] as [string, Stage];
  const refused = /^(trail:off|alarms:off|records:delete:)/;
  const held = async (of: Stage) => {
    const { estate, capabilities, holder } = await accessOf(of);
    const administrator = estate.principals.find(
      ({ kind, caller }) => kind === 'administrator' && caller.account === of.account,
    );
    return capabilities
      .filter(({ id }) => refused.test(id))
      .filter((each) => administrator && holder.hold(administrator, each).holds !== 'no')
      .map(({ id }) => id);
  };
  expect(await held(stage)).toEqual([]);
  // Without one they are refused nothing of it but what buckets refuse by themselves.
  expect((await held(stageNamed('prod'))).length).toBeGreaterThan(3);
});

describe('kept of prod (npm run kept)', () => {
  let analysis: Analysis;
  beforeAll(async () => {
    analysis = await accessOf('prod');
  });

  test('docs/access-model.md is what its templates say', () => {
    expectKept('docs/access-model.md', markdown(matrix(analysis), 'Effective access: prod'));
  });

  test('docs/access-decisions.txt is what its statements decide', async () => {
    expectKept(
      'docs/access-decisions.txt',
      renderDecisions(decisions(analysis, await vocabularyOf(analysis))),
    );
  });
});
