import { type AccessChanges, judge } from '../../../../lib/access-model/diff';
import { diffJson } from '../../../../lib/access-model/diff/render/json';
import { diffMarkdown, MARKER } from '../../../../lib/access-model/diff/render/markdown';
import type { Report } from '../../../../lib/access-model/diff/render/report';
import { diffSarif } from '../../../../lib/access-model/diff/render/sarif';
import { LIMIT } from '../../../../lib/access-model/diff/render/sections';
import { allow, changesBetween, NOTHING, type Resources, role } from './given';

const report = (changes: AccessChanges, accepted: Parameters<typeof judge>[1] = []): Report => ({
  base: 'main',
  head: 'topic',
  changes,
  judgement: judge(changes, accepted, '2026-06-15'),
});

const secret = { Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'vault' } } };
const base: Resources = { ...secret, App: role('app', []) };
const read = allow('secretsmanager:GetSecretValue', '*', { Sid: 'Read' });
const gained = () => changesBetween(base, { ...secret, App: role('app', [read]) });
const ACCEPTED = {
  change: 'app gains *',
  'accepted-by': 'Jane',
  reason: 'it needs the vault',
  until: '2026-12-31',
};

/** Cells of each row of a table, as GitHub splits them: at every `|` that is not escaped. */
const rowsOf = (markdown: string) =>
  markdown
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split(/(?<!\\)\|/).length - 2);

describe('Markdown', () => {
  test('is short when nothing changed', () => {
    const text = diffMarkdown(report(NOTHING));
    expect(text).toContain('Access does not change.');
    expect(text.split('\n').length).toBeLessThan(4);
  });

  test('shows capabilities first and statements folded below, and is found by its marker', async () => {
    const text = diffMarkdown(report(await gained()));
    expect(text.startsWith(MARKER)).toBe(true);
    expect(text).toContain('not accepted');
    const order = ['### Capabilities', '<summary>Not accepted', '<summary>Statements'].map((each) =>
      text.indexOf(each),
    );
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order.every((at) => at > 0)).toBe(true);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });

  test('says who accepted what', async () => {
    const changes = await gained();
    const rest = { ...ACCEPTED, change: 'app may secretsmanager:*' };
    const text = diffMarkdown(report(changes, [ACCEPTED, rest]));
    expect(text).toContain('all of them accepted');
    expect(text).toContain('it needs the vault');
  });

  test('a name of a template breaks no table, closes no tag, mentions nobody and links nowhere', async () => {
    const name = 'a|b`c`</details><script>\n| x | y |\n@org/team [x](https://evil) www.evil.example <!-- -->';
    const changes = await changesBetween(base, {
      ...secret,
      App: role('app', [{ ...read, Sid: name }]),
      Other: role(name.replaceAll('\n', ' '), [read]),
    });
    const text = diffMarkdown(report(changes));
    expect(text).not.toContain('<script>');
    expect(text).not.toMatch(/@org|https:\/\/evil|www\.evil|<!-- -->/);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
    // Each table has rows as wide as its head.
    for (const table of text.split(/\n\n/).filter((block) => block.startsWith('|'))) {
      expect(new Set(rowsOf(table)).size).toBe(1);
    }
    expect(rowsOf(text).length).toBeGreaterThan(4);
    expect(text).toContain('a&#124;b');
  });

  test('stays within the limit of a comment, and says how much it leaves out', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 400 }, (_, i) => [
        `R${i}`,
        `arn:aws:sqs:eu-central-1:111111111111:${'q'.repeat(60)}${i}`,
      ]),
    );
    const changes = await changesBetween(base, {
      ...secret,
      App: role('app', [allow('sqs:SendMessage', Object.values(many)), read]),
    });
    const text = diffMarkdown(report(changes));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LIMIT);
    const shorter = diffMarkdown(report(changes), 6_000);
    expect(Buffer.byteLength(shorter)).toBeLessThanOrEqual(6_000);
    const [, left, all] = /and (\d+) more of (\d+) lines/.exec(shorter) ?? [];
    const shown = shorter.split('\n').filter((line) => line.startsWith('- ')).length;
    expect(shown + Number(left)).toBe(Number(all));
    expect(shorter.match(/<details>/g)?.length).toBe(shorter.match(/<\/details>/g)?.length);
  });
});

describe('SARIF', () => {
  const locate = () => ({ file: 'cdk.out/prod/Shop.template.json', line: 7 });
  const log = (given: Report) => JSON.parse(diffSarif(given, locate));

  test('is SARIF 2.1.0: one run, rules, results at the template and the logical id', async () => {
    const sarif = log(report(await gained()));
    expect(sarif).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif-2.1.0') });
    const [run] = sarif.runs;
    const ids = run.tool.driver.rules.map((rule: { id: string }) => rule.id);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(run.results.length).toBeGreaterThan(0);
    for (const { ruleId, ruleIndex } of run.results) expect(ids[ruleIndex]).toBe(ruleId);
    expect(run.results[0]).toMatchObject({
      level: 'error',
      message: { text: 'app gains secret:vault' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'cdk.out/prod/Shop.template.json', uriBaseId: '%SRCROOT%' },
            region: { startLine: 7 },
          },
          logicalLocations: [{ fullyQualifiedName: 'Shop.App', kind: 'resource' }],
        },
      ],
    });
  });

  test('an accepted change is suppressed, with the reason; nothing changed has no result', async () => {
    const [result] = log(report(await gained(), [ACCEPTED])).runs[0].results;
    expect(result.suppressions).toEqual([
      { kind: 'external', status: 'accepted', justification: 'it needs the vault (Jane, until 2026-12-31)' },
    ]);
    expect(log(report(NOTHING)).runs[0].results).toEqual([]);
  });

  test('the fingerprint depends on the change, and on nothing else', async () => {
    const print = (text: string) => JSON.parse(text).runs[0].results[0].partialFingerprints['change/v1'];
    const given = report(await gained());
    const elsewhere = diffSarif(given, () => ({ file: 'other.json', line: 1 }));
    expect(print(elsewhere)).toBe(print(diffSarif(given, locate)));
  });
});

test('JSON holds the answer, the judgement and all that changed', async () => {
  const value = JSON.parse(diffJson(report(await gained())));
  expect(value).toMatchObject({ base: 'main', head: 'topic' });
  expect(value.broadened[0]).toEqual({
    id: 'app gains secret:vault',
    kind: 'capability',
    principal: 'app',
    where: 'Shop.App',
  });
  expect(Object.keys(value.changes)).toEqual(['principals', 'statements', 'requests']);
  expect(value.judgement.unaccepted.length).toBe(value.broadened.length);
});
