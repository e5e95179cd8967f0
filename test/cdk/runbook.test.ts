/** Every alarm leads to a section, every section to an alarm, and every detector has been seen to fire. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { STAGES } from '../../bin/stages';
import { namesOf } from '../../lib/names';
import { detectorsOf } from '../../lib/observability/detectors';
import { matchesPattern } from '../support/filter-pattern';
import { alarmsIn, announcedIn, sectionsOf } from '../support/runbook';
import { stageNamed } from '../support/stages';
import { resourcesOf, templatesOf } from '../support/templates';
import { CASES, KEY } from './observability/detector-cases';

const markdown = readFileSync(path.join(__dirname, '../../docs/runbook.md'), 'utf8');
const templates = Object.keys(STAGES).flatMap((name) => templatesOf(name as keyof typeof STAGES));

test('every alarm of every stage has a section', () => {
  const alarms = alarmsIn(templates);
  expect(alarms.length).toBeGreaterThan(30);
  expect(
    alarms.filter(({ section }) => section === undefined || !sectionsOf(markdown).includes(section)),
  ).toEqual([]);
  for (const { alarm, section } of alarms)
    expect(alarm).toMatch(new RegExp(`^tz-(dev|staging|prod)-${section}$`));
});

test('every section has an alarm, or a rule that announces it', () => {
  const known = [
    ...alarmsIn(templates).map(({ section }) => section),
    ...announcedIn(templates).map((name) => name.replace(/^tz-[a-z]+-/, '')),
  ];
  expect(sectionsOf(markdown).filter((section) => !known.includes(section))).toEqual([]);
});

test('every alarm reaches the topic', () => {
  for (const { Type, Properties } of resourcesOf(templates)) {
    if (Type === 'AWS::CloudWatch::Alarm')
      expect(JSON.stringify(Properties.AlarmActions)).toMatch(/Topic|alerts/);
  }
});

const detectors = detectorsOf(namesOf(stageNamed('prod')), KEY);

test('every detector has its cases', () => {
  expect(detectors.map(({ section }) => section).sort()).toEqual(Object.keys(CASES).sort());
});

test.each(detectors)('$section fires, and not at its neighbour', ({ section, pattern }) => {
  const { fires, silent } = CASES[section] ?? { fires: [], silent: [] };
  expect(fires.map((event) => [event, matchesPattern(pattern, event)])).toEqual(
    fires.map((event) => [event, true]),
  );
  expect(silent.map((event) => [event, matchesPattern(pattern, event)])).toEqual(
    silent.map((event) => [event, false]),
  );
});

test.each(detectors)(
  '$section has no idle term: a wrong value in any of them is noticed',
  ({ section, pattern }) => {
    const { fires, silent } = CASES[section] ?? { fires: [], silent: [] };
    const right = (mutant: string) =>
      fires.every((event) => matchesPattern(mutant, event)) &&
      !silent.some((event) => matchesPattern(mutant, event));
    const values = [...pattern.matchAll(/"[^"]*"/g)];
    expect(values.length).toBeGreaterThan(0);
    const idle = values.filter(({ index, 0: value }) =>
      right(`${pattern.slice(0, index)}"nothing"${pattern.slice(index + value.length)}`),
    );
    expect(idle.map(([value]) => value)).toEqual([]);
  },
);

test('every pattern is short enough for CloudWatch Logs, whatever the stage is called', () => {
  const longest = { ...stageNamed('prod'), name: 'abcdefghijkl', region: 'ap-southeast-2' };
  const key = `arn:aws:kms:ap-southeast-2:333333333333:key/mrk-${'0'.repeat(32)}`;
  const tooLong = detectorsOf(namesOf(longest), key).filter(({ pattern }) => pattern.length > 1024);
  expect(tooLong.map(({ section, pattern }) => [section, pattern.length])).toEqual([]);
});
