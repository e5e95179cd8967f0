/** Who may do what in each stage: what was promised, and the document that people read. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { STAGES } from '../../../bin/stages';
import { vocabularyOf } from '../../../lib/access-model/cli/open';
import type { Analysis } from '../../../lib/access-model/matrix/analysis';
import { matrix } from '../../../lib/access-model/matrix/matrix';
import { checksOf } from '../../../lib/access-model/promises/checks';
import { parsePromises } from '../../../lib/access-model/promises/promises';
import { markdown } from '../../../lib/access-model/show/markdown';
import { expectKept } from '../../support/kept-file';
import { accessOf } from '../../support/platform-access';

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

test('docs/access-model.md is what the templates of prod say (npm run kept)', async () => {
  expectKept('docs/access-model.md', markdown(matrix(await accessOf('prod')), 'Effective access: prod'));
});
