/** `access check`: the promises, held against an assembly. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
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
  readonly format: 'text' | 'json';
}

export const PROMISES = 'docs/access-promises.yaml';

export async function runCheck(options: CheckOptions, io: Io): Promise<number> {
  const promises = await promisesOf(options);
  const analysis = await open(options);
  const checks = checksOf(promises, await vocabularyOf(analysis));
  const results = checks.map((check) => ({ check, failures: check.run(analysis) }));
  io.stdout(options.format === 'json' ? asJson(results) : asText(results, promises !== undefined));
  return results.some(({ failures }) => failures.length > 0) ? EXIT.findings : EXIT.ok;
}

/** Our promises are about our stages; of a foreign assembly they would only say that all of ours is missing. */
export async function promisesOf({ promises, assembly }: CheckOptions): Promise<Promises | undefined> {
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
