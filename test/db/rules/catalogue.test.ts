/** A rule is a query, a page and a case under one number and name. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { rules } from '../../../sql/verifier/rules';
import { cases } from './cases';

const root = path.join(__dirname, '../../..');
const pages = path.join(root, 'docs/rules');

test('numbers and names are unique, and rules stand in the order of their numbers', () => {
  const ids = rules.map((rule) => rule.id);
  expect(ids).toEqual([...new Set(ids)].sort());
  expect(new Set(rules.map((rule) => rule.name)).size).toBe(rules.length);
  for (const rule of rules) {
    expect(rule.id).toMatch(/^TZ1\d\d$/);
    expect(rule.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(rule.title).toMatch(/^[A-Z].*\.$/);
  }
});

test('every rule file is listed', () => {
  const files = readdirSync(path.join(root, 'sql/verifier/rules')).filter((file) => file.startsWith('tz'));
  expect(files.sort()).toEqual(rules.map((rule) => `${rule.id.toLowerCase()}-${rule.name}.ts`));
});

test('every rule has a case, and every case a rule', () => {
  expect([...new Set(cases.map((c) => c.rule))].sort()).toEqual(rules.map((rule) => rule.id));
});

// TZ100 (drift), TZ19n (acknowledgements) and TZ2nn (probes) are found by other parts of the verifier.
test('every page belongs to a rule', () => {
  const files = readdirSync(pages).filter((file) => /^TZ1[0-8]/.test(file) && file !== 'TZ100.md');
  expect(files.sort()).toEqual(rules.map((rule) => `${rule.id}.md`));
});

test.each(rules)('the page of $id says what, why, how to fix and how to acknowledge', (rule) => {
  const page = readFileSync(path.join(pages, `${rule.id}.md`), 'utf8');
  expect(page.split('\n')[0]).toBe(`# ${rule.id} ${rule.name}`);
  expect(page).toContain(`**${rule.severity}`);
  expect(page).toContain(rule.title);
  for (const part of ['## Attack', '```sql', '## Fix', '## Acknowledge']) expect(page).toContain(part);
});

test('the index names every rule with its severity and sentence', () => {
  const index = readFileSync(path.join(pages, 'README.md'), 'utf8');
  for (const rule of rules) {
    expect(index).toContain(
      `| [${rule.id}](${rule.id}.md) | ${rule.name} | ${rule.severity} | ${rule.title} |`,
    );
  }
});
