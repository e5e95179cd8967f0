/** `access diff`: what a change does to access, and whether somebody has accepted it. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readAssembly } from '../../assembly/read';
import { type Accepted, compare, fails, isDay, judge, parseAccepted, servicesIn } from '../../diff';
import { diffJson } from '../../diff/render/json';
import { diffMarkdown } from '../../diff/render/markdown';
import type { Locate, Report } from '../../diff/render/report';
import { diffSarif } from '../../diff/render/sarif';
import { type Analysis, analyse } from '../../matrix/analysis';
import { loadVocabulary } from '../../names/vocabulary';
import { Problem } from '../../problem';
import { EXIT } from '../exit-codes';
import type { Io } from '../io';
import { commitOf, withRevision, withWorkingTree } from '../revision';
import { placesIn } from '../template-places';

export const ACCEPTED = 'docs/access-changes.yaml';

/** Names for the checkout as it is. */
const WORKING_TREE = ['WORKTREE', '.'];

export interface DiffOptions {
  /** The folder of an assembly, or a git revision, which is synthesized; `WORKTREE` or `.`: the checkout. */
  readonly base: string;
  readonly head: string;
  readonly format: 'markdown' | 'sarif' | 'json';
  /** @default docs/access-changes.yaml, where there is one */
  readonly changes?: string;
  /** Written to instead of printed. */
  readonly out?: string;
  /** `2027-01-31`. @default the day it is in UTC */
  readonly today?: string;
  /** Of a revision. @default prod */
  readonly stage?: string;
}

/**
 * @returns 0: nothing broadens access, or all that does is accepted. 1: something is not, or an entry has lapsed.
 * @throws {Problem} bad input, exit code 2
 */
export async function runDiff(given: DiffOptions, io: Io, cwd = process.cwd()): Promise<number> {
  const today = given.today ?? new Date().toISOString().slice(0, 10);
  if (!isDay(today)) throw new Problem(`--today ${today} is no day: give one as in 2027-01-31`);
  const accepted = await acceptedIn(given, cwd);
  const base = await open(given.base, given, io, cwd);
  const head = await open(given.head, given, io, cwd);
  const vocabulary = await loadVocabulary(servicesIn([base.analysis.estate, head.analysis.estate]));
  const changes = compare(base.analysis, head.analysis, vocabulary);
  const judgement = judge(changes, accepted, today);
  const text = rendered(
    { base: given.base, head: given.head, changes, judgement },
    given.format,
    head.locate,
  );
  if (given.out === undefined) io.stdout(text);
  else await writeFile(path.resolve(cwd, given.out), text);
  return fails(judgement) ? EXIT.findings : EXIT.ok;
}

function rendered(report: Report, format: DiffOptions['format'], locate: Locate): string {
  switch (format) {
    case 'markdown':
      return diffMarkdown(report);
    case 'sarif':
      return diffSarif(report, locate);
    case 'json':
      return diffJson(report);
  }
}

async function acceptedIn({ changes }: DiffOptions, cwd: string): Promise<Accepted[]> {
  const file = changes ?? ACCEPTED;
  try {
    return parseAccepted(file, await readFile(path.resolve(cwd, file), 'utf8'));
  } catch (error) {
    if (error instanceof Problem) throw error;
    // Without the file nothing was accepted; one that was named has to be there.
    if (changes === undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Problem(`${file} cannot be read: give the file of accepted changes with --changes`);
  }
}

interface Opened {
  readonly analysis: Analysis;
  readonly locate: Locate;
}

async function open(name: string, { stage = 'prod' }: DiffOptions, io: Io, cwd: string): Promise<Opened> {
  // It becomes a part of paths and an argument of a script.
  if (!/^[A-Za-z0-9][\w-]*$/.test(stage)) throw new Problem(`--stage ${stage} is no name of a stage`);
  const synthesis = { revision: name, stage, cwd, progress: io.stderr };
  const synthesized = (folder: string) => read(folder, path.join('cdk.out', stage));
  if (WORKING_TREE.includes(name)) return withWorkingTree(synthesis, synthesized);
  if (await isAssembly(name, cwd)) return read(path.resolve(cwd, name), name);
  return withRevision(synthesis, synthesized);
}

/** A folder may have the name of a branch: then it is the assembly only if it looks like one. */
async function isAssembly(name: string, cwd: string): Promise<boolean> {
  const isThere = (file: string) =>
    stat(path.resolve(cwd, file)).then(
      (found) => found,
      () => undefined,
    );
  if (!(await isThere(name))?.isDirectory()) return false;
  if (await isThere(path.join(name, 'manifest.json'))) return true;
  return (await commitOf(name, cwd)) === undefined;
}

async function read(folder: string, shown: string): Promise<Opened> {
  const analysis = analyse(await readAssembly(folder));
  return { analysis, locate: await placesIn(folder, shown) };
}
