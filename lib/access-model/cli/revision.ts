/** Synthesizes a git revision in a worktree of its own, with the revision's own script. */
import { access, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Problem } from '../problem';
import { interruptible, run } from './processes';

export interface Synthesis {
  /** `main`, a commit. */
  readonly revision: string;
  readonly stage: string;
  /** In the repository. */
  readonly cwd: string;
  readonly progress: (text: string) => void;
}

/** The commit, or undefined where there is none of that name. */
export async function commitOf(revision: string, cwd: string): Promise<string | undefined> {
  const found = await run(
    'git',
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
    {
      cwd,
    },
  );
  return found.code === 0 ? found.output.trim() : undefined;
}

/**
 * Gives the folder of the assembly to `read`, and removes the worktree afterwards: also when synthesizing fails, and when
 * somebody presses Ctrl-C.
 *
 * @throws {Problem} when there is no such revision, or it cannot be synthesized
 */
export async function withRevision<T>(given: Synthesis, read: (assembly: string) => Promise<T>): Promise<T> {
  const { revision, cwd, progress } = given;
  const commit = await commitOf(revision, cwd);
  if (commit === undefined) {
    throw new Problem(
      `${revision} is neither a folder nor a revision of this repository: name another, or fetch it (a shallow clone lacks most)`,
    );
  }
  const root = await rootOf(cwd);
  const folder = await mkdtemp(path.join(tmpdir(), 'access-diff-'));
  const tree = path.join(folder, commit.slice(0, 12));
  return interruptible(async (signal) => {
    try {
      progress(`${revision}: a worktree of ${commit.slice(0, 12)}\n`);
      // Without hooks: they are for people who check something out.
      const add = ['-c', 'core.hooksPath=/dev/null', 'worktree', 'add', '--detach', tree, commit];
      const added = await run('git', add, { cwd: root, signal });
      if (added.code !== 0) throw failed(given, 'git worktree add', added.output);
      await synthesize(given, tree, root, signal);
      return await read(path.join(tree, 'cdk.out', given.stage));
    } finally {
      await run('git', ['worktree', 'remove', '--force', '--force', tree], { cwd: root });
      await rm(folder, { recursive: true, force: true });
      await run('git', ['worktree', 'prune'], { cwd: root });
    }
  });
}

/** The checkout as it is, changes that nobody committed included. */
export async function withWorkingTree<T>(
  given: Synthesis,
  read: (assembly: string) => Promise<T>,
): Promise<T> {
  const root = await rootOf(given.cwd);
  return interruptible(async (signal) => {
    await synthesize(given, root, root, signal);
    return read(path.join(root, 'cdk.out', given.stage));
  });
}

async function rootOf(cwd: string): Promise<string> {
  const found = await run('git', ['rev-parse', '--show-toplevel'], { cwd });
  if (found.code !== 0) throw new Problem(`${cwd} is in no git repository: give folders of assemblies`);
  return found.output.trim();
}

async function synthesize(given: Synthesis, tree: string, root: string, signal: AbortSignal): Promise<void> {
  const { revision, stage, progress } = given;
  const { scripts } = await packageOf(tree, revision);
  if (scripts?.synth === undefined) {
    throw new Problem(`${revision} cannot be synthesized: its package.json has no script "synth"`);
  }
  if (tree !== root) await dependencies(given, tree, root, signal);
  progress(`${revision}: npm run synth -- ${stage}\n`);
  // Of an earlier synth nothing may be left: a stack that is gone would still be read.
  if (tree === root) await rm(path.join(tree, 'cdk.out', stage), { recursive: true, force: true });
  const done = await run('npm', ['run', '--silent', 'synth', '--', stage], { cwd: tree, signal });
  if (done.code !== 0) {
    progress(`${done.output.trim().split('\n').slice(-20).join('\n')}\n`);
    throw failed(given, `npm run synth -- ${stage}`, done.output);
  }
}

interface Package {
  readonly scripts?: Readonly<Record<string, string>>;
}

async function packageOf(tree: string, revision: string): Promise<Package> {
  const text = await readFile(path.join(tree, 'package.json'), 'utf8').catch(() => {
    throw new Problem(`${revision} cannot be synthesized: it has no package.json`);
  });
  try {
    return JSON.parse(text) as Package;
  } catch {
    throw new Problem(`${revision} cannot be synthesized: its package.json is no JSON`);
  }
}

/** Those of the checkout, where they are the same; an upgrade of a library may change policies, and is installed. */
async function dependencies(
  given: Synthesis,
  tree: string,
  root: string,
  signal: AbortSignal,
): Promise<void> {
  const lock = (folder: string) => readFile(path.join(folder, 'package-lock.json'), 'utf8').catch(() => '');
  if ((await lock(tree)) === (await lock(root))) {
    const installed = path.join(root, 'node_modules');
    const isThere = await access(installed).then(
      () => true,
      () => false,
    );
    if (isThere) await symlink(installed, path.join(tree, 'node_modules'), 'dir');
    return;
  }
  given.progress(`${given.revision}: npm ci, for its package-lock.json is another\n`);
  const install = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  const done = await run('npm', install, { cwd: tree, signal });
  if (done.code !== 0) throw failed(given, 'npm ci', done.output);
}

function failed({ revision }: Synthesis, command: string, output: string): Problem {
  const lines = output.split('\n').map((each) => each.trim());
  const last = lines.filter((each) => each !== '').at(-1) ?? 'it said nothing';
  return new Problem(`${revision} cannot be synthesized: ${command} failed: ${last}`);
}
