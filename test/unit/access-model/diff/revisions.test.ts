/** `access diff` between folders and between revisions of a throw-away repository, whose `synth` only writes a template. */
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type DiffOptions, runDiff } from '../../../../lib/access-model/cli/commands/diff';
import { Problem } from '../../../../lib/access-model/problem';
import { allow, type Resources, role } from './given';

const repository = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'access-revisions-')));
/** Where worktrees are made: its own, so that what is left behind is seen. */
const temporary = path.join(repository, '.git', 'tmp');

const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
    cwd: repository,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();

const template = (resources: Resources) => JSON.stringify({ Resources: resources }, undefined, 1);
const write = (file: string, text: string) => writeFileSync(path.join(repository, file), text);

/** Copies the template of the revision to where an assembly is. */
const SYNTH = `const { cpSync, mkdirSync } = require('node:fs');
const folder = 'cdk.out/' + process.argv[2];
mkdirSync(folder, { recursive: true });
cpSync('template.json', folder + '/Shop.template.json');`;

function commit(name: string, scripts: object, resources: Resources): void {
  write('package.json', JSON.stringify({ name: 'x', scripts }));
  write('template.json', template(resources));
  write('synth.js', SYNTH);
  git('add', '.');
  git('commit', '--quiet', '-m', name);
  git('tag', name);
}

const closed: Resources = { App: role('app', []) };
const opened: Resources = { App: role('app', [allow('s3:GetObject', 'arn:aws:s3:::photos/*')]) };
const synth = { synth: 'node synth.js' };

// Each starts git and npm several times.
jest.setTimeout(60_000);

beforeAll(() => {
  git('init', '--quiet', '--initial-branch', 'main');
  write('.gitignore', 'cdk.out/\nfolders/\n');
  mkdirSync(temporary);
  commit('without-script', {}, closed);
  commit('failing', { synth: 'echo first; echo the app is broken >&2; exit 1' }, closed);
  // npm writes the stage behind it, which is not for `sleep`.
  commit('slow', { synth: 'echo begun > ../../../begun; sleep 60 #' }, closed);
  commit('closed', synth, closed);
  commit('opened', synth, opened);
  for (const [name, resources] of Object.entries({ closed, opened })) {
    mkdirSync(path.join(repository, 'folders', name), { recursive: true });
    write(`folders/${name}/Shop.template.json`, template(resources));
  }
});

afterAll(() => {
  rmSync(repository, { recursive: true, force: true });
});

beforeEach(() => {
  jest.spyOn(os, 'tmpdir').mockReturnValue(temporary);
});

/** Neither in git's list nor on the disk. */
const leftBehind = () => [
  ...git('worktree', 'list').split('\n').slice(1),
  ...readdirSync(temporary).filter((name) => name.startsWith('access-diff-')),
];

afterEach(() => expect(leftBehind()).toEqual([]));

async function diff(given: Partial<DiffOptions>) {
  let [out, progress] = ['', ''];
  const io = {
    stdout: (text: string) => {
      out += text;
    },
    stderr: (text: string) => {
      progress += text;
    },
  };
  const options: DiffOptions = {
    base: 'closed',
    head: 'opened',
    format: 'json',
    today: '2026-06-15',
    ...given,
  };
  const code = await runDiff(options, io, repository);
  return { code, out, progress };
}

const CHANGE = 'app may s3:GetObject on arn:aws:s3:::photos/x';

test('two revisions: what broadens, with progress on the other stream', async () => {
  const { code, out, progress } = await diff({});
  expect(code).toBe(1);
  expect(JSON.parse(out).broadened.map(({ id }: { id: string }) => id)).toEqual([CHANGE]);
  expect(progress).toContain('opened: npm run synth -- prod');
  expect((await diff({ base: 'opened', head: 'closed' })).code).toBe(0);
});

test('the checkout as it is, without a commit', async () => {
  write('template.json', template({ ...opened, Other: role('other', []) }));
  const { out } = await diff({ base: 'opened', head: 'WORKTREE', stage: 'dev' });
  expect(JSON.parse(out).changes.principals.map(({ name }: { name: string }) => name)).toContain('other');
  git('checkout', '--quiet', '--', 'template.json');
  expect((await diff({ base: 'opened', head: '.' })).code).toBe(0);
});

test('folders, which need no repository; results point at the line of the template', async () => {
  const given = { base: 'folders/closed', head: 'folders/opened', format: 'sarif' } as const;
  const { code, out } = await diff(given);
  expect(code).toBe(1);
  const [{ physicalLocation }] = JSON.parse(out).runs[0].results[0].locations;
  expect(physicalLocation.artifactLocation.uri).toBe('folders/opened/Shop.template.json');
  const lines = readFileSync(path.join(repository, 'folders/opened/Shop.template.json'), 'utf8').split('\n');
  expect(lines[physicalLocation.region.startLine - 1]).toContain('"App"');
});

test('an accepted change passes, until its day has passed; a report is written where it is wanted', async () => {
  const entry = `- { change: "app may s3:*", accepted-by: Jane, reason: it shows the photos, until: 2026-07-01 }`;
  write('folders/changes.yaml', entry);
  const given = {
    base: 'folders/closed',
    head: 'folders/opened',
    changes: 'folders/changes.yaml',
    out: 'folders/out.md',
  };
  expect(await diff({ ...given, format: 'markdown' })).toMatchObject({ code: 0, out: '' });
  expect(readFileSync(path.join(repository, 'folders/out.md'), 'utf8')).toContain('all of them accepted');
  expect((await diff({ ...given, today: '2026-07-02' })).code).toBe(1);
});

test.each<[string, Partial<DiffOptions>, string]>([
  ['a revision that is not there', { base: 'nowhere' }, 'nowhere is neither a folder nor a revision'],
  ['what git would take for an option', { base: '--all' }, '--all is neither a folder nor a revision'],
  ['a revision without the script', { base: 'without-script' }, 'package.json has no script "synth"'],
  ['a revision that cannot be synthesized', { head: 'failing' }, 'failed: the app is broken'],
  ['a stage that is a path', { stage: '../x' }, '--stage ../x'],
  ['a day that is none', { today: 'yesterday' }, '--today yesterday'],
  ['a file of changes that is not there', { changes: 'nowhere.yaml' }, 'nowhere.yaml cannot be read'],
])('%s is told in one line', async (_, given, message) => {
  const told = diff(given);
  await expect(told).rejects.toThrow(Problem);
  await expect(told).rejects.toThrow(message);
  await expect(told).rejects.not.toThrow('\n');
});

test('Ctrl-C removes the worktree too', async () => {
  const script = `require('./lib/access-model/cli/commands/diff').runDiff(
    { base: 'slow', head: 'opened', format: 'json' }, { stdout() {}, stderr() {} }, process.argv[1])`;
  const root = path.join(__dirname, '../../../..');
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', script, repository], {
    cwd: root,
    env: { ...process.env, TMPDIR: temporary },
  });
  const ended = new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)));
  const isBegun = () => existsSync(path.join(repository, '.git', 'begun'));
  for (let i = 0; i < 400 && !isBegun(); i++) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(isBegun()).toBe(true);
  expect(leftBehind()).not.toEqual([]);
  child.kill('SIGINT');
  expect(await ended).toBe('SIGINT');
}, 30_000);
