/** Code of a pull request never meets a token that writes. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { MARKER } from '../../../../lib/access-model/diff/render/markdown';

const read = (name: string) =>
  readFileSync(path.join(__dirname, '../../../../.github/workflows', name), 'utf8');
const compare = read('access-diff.yml');
const comment = read('access-diff-comment.yml');

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

const stepsOf = (text: string): Step[] =>
  Object.values<{ steps: Step[] }>(parse(text).jobs).flatMap(({ steps }) => steps);

test('what runs code of the pull request only reads, and keeps no credentials', () => {
  expect(parse(compare).permissions).toEqual({ contents: 'read' });
  expect(compare).toContain('persist-credentials: false');
  expect(Object.keys(parse(compare).on)).toEqual(['pull_request']);
  expect(compare).not.toContain('secrets.');
});

test('what writes runs nothing of the repository', () => {
  expect(parse(comment).permissions).toMatchObject({ 'pull-requests': 'write', contents: 'read' });
  expect(Object.keys(parse(comment).on)).toEqual(['workflow_run']);
  expect(parse(comment).on.workflow_run.workflows).toEqual([parse(compare).name]);
  for (const { uses = '', run = '' } of stepsOf(comment)) {
    expect(uses).not.toMatch(/checkout|setup-node|cache/);
    expect(run).not.toMatch(/\b(npm|npx|node|bash|sh|source|eval)\s/);
  }
});

test('no script holds text that somebody else chose', () => {
  for (const { run = '' } of [...stepsOf(compare), ...stepsOf(comment)]) expect(run).not.toContain('${{');
});

test('the comment is found by the marker of the report', () => {
  expect(comment).toContain(`MARKER: ${MARKER}\n`);
});
