import { findingsSarif } from '../../../sql/cli/render/sarif';
import { rules } from '../../../sql/verifier/rules';
import { borne, finding, place } from './given';

const log = (...args: Parameters<typeof findingsSarif>) => JSON.parse(findingsSarif(...args));

test('is SARIF 2.1.0: one run, rules with their pages, results that point at them', () => {
  const sarif = log([finding(), finding({ rule: 'TZ201', name: 'isolation-violated' })], place, rules);
  expect(sarif).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif-2.1.0') });
  const [run] = sarif.runs;
  const ids = run.tool.driver.rules.map((rule: { id: string }) => rule.id);
  expect(ids).toEqual([...new Set(ids)].sort());
  for (const { ruleId, ruleIndex } of run.results) expect(ids[ruleIndex]).toBe(ruleId);
  for (const rule of run.tool.driver.rules) {
    expect(rule.helpUri).toBe(`docs/rules/${rule.id}.md`);
    expect(rule.shortDescription.text).not.toBe('');
    expect(['error', 'warning', 'note']).toContain(rule.defaultConfiguration.level);
  }
  expect(run.results[0].locations).toEqual([
    {
      physicalLocation: {
        artifactLocation: { uri: 'sql/registry.yaml', uriBaseId: '%SRCROOT%' },
        region: { startLine: 7 },
      },
    },
  ]);
});

test('the fingerprint depends on rule and key, and on nothing else', () => {
  const print = (given: Parameters<typeof finding>[0]) =>
    log([finding(given)], place, []).runs[0].results[0].partialFingerprints['ruleAndKey/v1'];
  expect(print({ message: 'another' })).toBe(print({}));
  expect(print({ key: 'public.other' })).not.toBe(print({}));
  expect(print({ rule: 'TZ106' })).not.toBe(print({}));
});

test('an acknowledged finding is suppressed, with the reason', () => {
  const [result] = log([finding({ acknowledged: borne })], place, []).runs[0].results;
  expect(result.suppressions).toEqual([
    { kind: 'external', status: 'accepted', justification: 'until the move (platform, until 2027-01-31)' },
  ]);
});

test('a rule that nobody described still has an entry', () => {
  const [run] = log([finding({ rule: 'TZ999', name: 'some-thing' })], place, []).runs;
  expect(run.tool.driver.rules.at(-1)).toMatchObject({
    id: 'TZ999',
    shortDescription: { text: 'some thing' },
  });
});

test('file names are URIs', () => {
  const uri = (file: string) =>
    log([finding()], () => ({ file, line: 1 }), []).runs[0].results[0].locations[0].physicalLocation
      .artifactLocation;
  expect(uri('my registry/r#1.yaml')).toEqual({ uri: 'my%20registry/r%231.yaml', uriBaseId: '%SRCROOT%' });
  expect(uri('/elsewhere/r.yaml')).toEqual({ uri: 'file:///elsewhere/r.yaml' });
});
