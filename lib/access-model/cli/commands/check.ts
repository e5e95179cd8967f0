/** `access check`: the promises, held against an assembly. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { decisionsCheck, parseDecisions } from '../../mutate';
import type { Vocabulary } from '../../names/vocabulary';
import { Problem } from '../../problem';
import type { Check, Failure } from '../../promises/check';
import { checksOf } from '../../promises/checks';
import { type Promises, parsePromises } from '../../promises/promises';
import { EXIT } from '../exit-codes';
import type { Io } from '../io';
import { open, type Source, vocabularyOf } from '../open';

export interface CheckOptions extends Source {
  /** @default docs/access-promises.yaml, of this project's own stages; of another assembly, none */
  readonly promises?: string;
  /** @default docs/access-decisions.txt, of prod; of another stage or assembly, none */
  readonly decisions?: string;
  readonly format: 'text' | 'json';
}

export const PROMISES = 'docs/access-promises.yaml';
export const DECISIONS = 'docs/access-decisions.txt';
/** The stage whose decisions are kept: others differ from it in names and sizes. */
const KEPT_STAGE = 'prod';

export async function runCheck(options: CheckOptions, io: Io): Promise<number> {
  const analysis = await open(options);
  const checks = await checksFor(options, await vocabularyOf(analysis));
  const promised = checks.some(({ id }) => id === 'rows');
  const results = checks.map((check) => ({ check, failures: check.run(analysis) }));
  io.stdout(options.format === 'json' ? asJson(results) : asText(results, promised));
  return results.some(({ failures }) => failures.length > 0) ? EXIT.findings : EXIT.ok;
}

/** What is promised, and what was decided when somebody last looked. */
export async function checksFor(options: CheckOptions, vocabulary: Vocabulary): Promise<Check[]> {
  const kept = await decisionsOf(options);
  return [
    ...checksOf(await promisesOf(options), vocabulary),
    ...(kept === undefined ? [] : [decisionsCheck(parseDecisions(kept))]),
  ];
}

async function decisionsOf({ decisions, assembly, stage }: CheckOptions): Promise<string | undefined> {
  const file = decisions ?? (assembly === undefined && stage === KEPT_STAGE ? DECISIONS : undefined);
  if (file === undefined) return undefined;
  return readFile(file, 'utf8').catch(() => {
    throw new Problem(`${file} cannot be read: write it with npm run -s access -- decisions --out ${file}`);
  });
}

/** Our promises are about our stages; of a foreign assembly they would only say that all of ours is missing. */
async function promisesOf({ promises, assembly }: CheckOptions): Promise<Promises | undefined> {
  const file = promises ?? (assembly === undefined ? PROMISES : undefined);
  if (file === undefined) return undefined;
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Problem(`${file} cannot be read: give the file of promises with --promises`);
  });
  return parsePromises(file, parsed(file, text));
}

function parsed(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new Problem(`${file}: ${(error as Error).message.split('\n')[0]}`);
  }
}

interface Result {
  readonly check: Check;
  readonly failures: readonly Failure[];
}

function asText(results: readonly Result[], promised: boolean): string {
  const lines = results.flatMap(({ check, failures }) => [
    `${failures.length === 0 ? 'holds ' : 'BROKEN'}  ${check.id}: ${check.title}`,
    ...failures.map(({ message }) => `          ${message}`),
  ]);
  const broken = results.reduce((sum, { failures }) => sum + failures.length, 0);
  return `${[
    ...lines,
    ...(promised
      ? []
      : ['No promises were given (--promises FILE): only what holds for any assembly was checked.']),
    broken === 0 ? 'All hold.' : `${broken} broken.`,
  ].join('\n')}\n`;
}

function asJson(results: readonly Result[]): string {
  return `${JSON.stringify(
    results.map(({ check: { id, title }, failures }) => ({ id, title, failures })),
    undefined,
    2,
  )}\n`;
}
