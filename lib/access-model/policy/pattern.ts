/**
 * Patterns with `*` and `?`, compiled once. A pattern with a mark of something unresolved matches perhaps, and so does a
 * pattern against a text with such a mark.
 */
import { isMarked, literalParts } from '../assembly/unresolved';
import { all, type Certainty, certainly } from './certainty';

type Matcher = (text: string) => boolean;

const sensitive = new Map<string, Matcher>();
const insensitive = new Map<string, Matcher>();

/** Stands for a `*`, `?` or `$` that is meant as such: `${*}`, `${?}`, `${$}`. */
export const LITERAL = { '*': '\u0003', '?': '\u0004', $: '\u0005' } as const;

/** Of resources, and of values with `StringLike`: a `*` spans `/` and `:` too. */
export function matches(pattern: string, text: string): Certainty {
  if (isMarked(pattern)) {
    if (pattern === text) return 'yes';
    return matcher(literalParts(pattern).join('*'), false)(text) || isMarked(text) ? 'maybe' : 'no';
  }
  if (isMarked(text)) return pattern === '*' ? 'yes' : overlaps(pattern, literalParts(text));
  return certainly(matcher(pattern, false)(text));
}

/** Of actions, which have no case. */
export function matchesIgnoringCase(pattern: string, text: string): boolean {
  return matcher(pattern, true)(text);
}

/**
 * Of the operators for ARNs: each of the six parts for itself, so that a `*` does not cross a colon.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function matchesArn(pattern: string, text: string): Certainty {
  if (pattern === '*') return 'yes';
  const wanted = partsOf(pattern);
  const given = partsOf(text);
  if (!wanted || !given) return matches(pattern, text) === 'yes' && pattern === text ? 'yes' : 'no';
  return all(
    wanted.map((part, i) => [part, given[i] ?? ''] as const),
    ([part, value]) => matches(part, value),
  );
}

function partsOf(arn: string): string[] | undefined {
  const parts = arn.split(':');
  if (parts.length < 6) return undefined;
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function matcher(pattern: string, ignoreCase: boolean): Matcher {
  const cache = ignoreCase ? insensitive : sensitive;
  const before = cache.get(pattern);
  if (before) return before;
  const compiled = compile(ignoreCase ? pattern.toLowerCase() : pattern);
  const made: Matcher = ignoreCase ? (text) => compiled(text.toLowerCase()) : compiled;
  cache.set(pattern, made);
  return made;
}

/** The common forms without a regular expression: most of an evaluation is this. */
function compile(pattern: string): Matcher {
  if (pattern === '*') return () => true;
  const wildcard = pattern.search(/[*?]/);
  if (wildcard === -1) {
    const literal = meant(pattern);
    return (text) => text === literal;
  }
  if (wildcard === pattern.length - 1 && pattern.endsWith('*')) {
    const prefix = meant(pattern.slice(0, -1));
    return (text) => text.startsWith(prefix);
  }
  const source = [...pattern].map((character) => {
    if (character === '*') return '.*';
    if (character === '?') return '.';
    return meant(character).replace(/[.+^${}()|[\]\\*?/-]/g, '\\$&');
  });
  const expression = new RegExp(`^${source.join('')}$`, 's');
  return (text) => expression.test(text);
}

/** The characters that stand for themselves, as themselves. */
export function meant(pattern: string): string {
  return pattern.replaceAll(LITERAL['*'], '*').replaceAll(LITERAL['?'], '?').replaceAll(LITERAL.$, '$');
}

/** Whether a text whose middle nobody knows could match: what is known of its two ends must fit. */
function overlaps(pattern: string, parts: readonly string[]): Certainty {
  const [head = '', tail = ''] = [parts[0], parts.at(-1)];
  const [before = '', after = ''] = [pattern.split(/[*?]/)[0], pattern.split(/[*?]/).at(-1)];
  const fits = head.startsWith(before) || before.startsWith(head);
  const ends = tail.endsWith(after) || after.endsWith(tail);
  return fits && ends ? 'maybe' : 'no';
}
