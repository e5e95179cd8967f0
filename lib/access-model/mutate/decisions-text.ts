/** Kept decisions as a text: who asks, then each request with how it is decided, in lines that a review can read. */
import { type Context, contextOf } from '../policy/context';
import { Problem } from '../problem';
import type { Decided, Decisions } from './decisions';

const HEAD = [
  '# What each statement of the policies comes to. + allowed, ~ as soon as own policies allow it, - nothing allows it,',
  '# -... denied by: R resource control, S service control, E endpoint, P policy of the resource, I own policies, B boundary.',
];
/** Stands for the region and account that most ARNs have. */
const HERE = '§';

export function renderDecisions(decided: Decisions): string {
  const names = [...new Set(decided.flatMap(({ by }) => [...by.keys()]))].sort();
  const numbers = new Map(names.map((name, i) => [name, i + 1]));
  const lines: string[] = [];
  let action = '';
  for (const each of decided) {
    if (each.step.action !== action) {
      action = each.step.action;
      lines.push(action);
    }
    lines.push(`  ${requestText(each)} | ${decidedText(each, numbers)}`);
  }
  const here = mostCommon(decided.flatMap(({ step }) => placeIn(step.resource)));
  const short = here === undefined ? lines : lines.map((line) => line.replaceAll(here, HERE));
  const head = [...HEAD, ...(here === undefined ? [] : [`${HERE} ${here}`])];
  return `${[...head, ...names.map((name, i) => `${i + 1} ${name}`), '', ...short].join('\n')}\n`;
}

const placeIn = (arn: string): string[] => /:[a-z]+-[a-z]+-\d:\d{12}:/.exec(arn)?.slice(0, 1) ?? [];

function mostCommon(texts: readonly string[]): string | undefined {
  const times = new Map<string, number>();
  for (const each of texts) times.set(each, (times.get(each) ?? 0) + 1);
  return [...times].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0];
}

function requestText({ step: { resource, context } }: Decided): string {
  const keys = Object.fromEntries([...(context ?? [])].map(([key, values]) => [key, plain(values)]));
  const quoted = /[\s"|]/.test(resource) ? JSON.stringify(resource) : resource;
  return context ? `${quoted} ${JSON.stringify(keys)}` : quoted;
}

const plain = (values: readonly string[]) => (values.length === 1 ? values[0] : values);

/** `+ 1-3,7; -P 4` */
function decidedText({ by }: Decided, numbers: ReadonlyMap<string, number>): string {
  const groups = new Map<string, number[]>();
  for (const [name, word] of by) {
    const number = numbers.get(name) as number;
    groups.set(word, [...(groups.get(word) ?? []), number]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([word, all]) => `${word} ${ranges(all.sort((a, b) => a - b))}`)
    .join('; ');
}

function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const each of numbers) {
    const last = runs.at(-1);
    if (last && last[1] === each - 1) last[1] = each;
    else runs.push([each, each]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

/** @throws {Problem} where the text is none that `renderDecisions` wrote */
export function parseDecisions(text: string): Decisions {
  const names = new Map<number, string>();
  const found: Decided[] = [];
  let action = '';
  const here = new RegExp(`^${HERE} (.*)$`, 'm').exec(text)?.[1] ?? HERE;
  for (const [i, short] of text.split('\n').entries()) {
    if (short.startsWith(HERE)) continue;
    const line = short.replaceAll(HERE, here);
    const named = /^(\d+) (.+)$/.exec(line);
    const request = /^ {2}("(?:[^"\\]|\\.)*"|[^\s"]+)(?: (\{.*\}))? \| ([^|]*)$/.exec(line);
    if (line === '' || line.startsWith('#')) continue;
    if (named) names.set(Number(named[1]), named[2] as string);
    else if (request) found.push(decidedIn(action, request, names));
    else if (/^[\w-]+:\w+$/.test(line)) action = line;
    else throw new Problem(`line ${i + 1} of the kept decisions cannot be read, write them anew: ${line}`);
  }
  return found;
}

function decidedIn(
  action: string,
  [, quoted = '', keyText, words = '']: RegExpExecArray,
  names: ReadonlyMap<number, string>,
): Decided {
  const resource: string = quoted.startsWith('"') ? JSON.parse(quoted) : quoted;
  const keys: Record<string, string | string[]> | undefined = keyText && JSON.parse(keyText);
  const context: Context | undefined = keys && contextOf(keys);
  const by = words.split('; ').flatMap((group) => {
    const [word = '', numbers = ''] = group.split(' ');
    return numbers.split(',').flatMap((run) => {
      const [from = 0, to = from] = run.split('-').map(Number);
      return Array.from({ length: to - from + 1 }, (_, i) => [names.get(from + i) ?? '', word] as const);
    });
  });
  return { step: { action, resource, ...(context ? { context } : {}) }, by: new Map(by) };
}
