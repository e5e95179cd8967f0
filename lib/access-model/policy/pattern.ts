/**
 * Patterns with `*` and `?`, compiled once. A pattern with a mark of something unresolved matches perhaps, and so does a
 * pattern against a text with such a mark.
 */
import { isMarked, literalParts } from '../assembly/unresolved';
import { all, type Certainty, certainly } from './certainty';
import { meant } from './literal';
import { couldMatch } from './overlap';

export { meant } from './literal';

type Matcher = (text: string) => boolean;

const sensitive = new Map<string, Matcher>();
const insensitive = new Map<string, Matcher>();

/** Of resources, and of values with `StringLike`: a `*` spans `/` and `:` too. */
export function matches(pattern: string, text: string): Certainty {
  if (isMarked(pattern)) {
    if (pattern === text) return 'yes';
    return matcher(literalParts(pattern).join('*'), false)(text) || isMarked(text) ? 'maybe' : 'no';
  }
  if (isMarked(text)) return againstMarks(pattern, text);
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

function againstMarks(pattern: string, text: string): Certainty {
  const parts = literalParts(text);
  if (!endsFit(pattern, parts)) return 'no';
  const known = marked.get(text) ?? new Map<string, Certainty>();
  marked.set(text, known);
  const before = known.get(pattern);
  if (before) return before;
  const certainty = matchesWhatever(pattern, parts) ? 'yes' : couldMatch(pattern, text) ? 'maybe' : 'no';
  known.set(pattern, certainty);
  return certainty;
}

/** By text, then by pattern. */
const marked = new Map<string, Map<string, Certainty>>();

/** Stands in no pattern: only wildcards match it, and wildcards match anything else as well. */
const ANYTHING_ELSE = '\u0006';
/** Past this it is only perhaps, which is never wrong. */
const MOST_FILLINGS = 64;

/**
 * Whether a text matches with whatever stands in its marks. How long that is matters to a `?` only; past as many characters as
 * there are `?`, one is matched by a `*`, and then so are any more.
 */
function matchesWhatever(pattern: string, parts: readonly string[]): boolean {
  if (pattern === '*') return true;
  const matching = matcher(pattern, false);
  const single = pattern.split('?').length - 1;
  if (single === 0) return matching(parts.join(ANYTHING_ELSE));
  const lengths = Array.from({ length: single + 2 }, (_, length) => ANYTHING_ELSE.repeat(length));
  if (lengths.length ** (parts.length - 1) > MOST_FILLINGS) return false;
  const [head = '', ...rest] = parts;
  const texts = rest.reduce(
    (known, part) => known.flatMap((each) => lengths.map((filling) => `${each}${filling}${part}`)),
    [head],
  );
  return texts.every(matching);
}

/** For speed: what is known of the two ends must fit. */
function endsFit(pattern: string, parts: readonly string[]): boolean {
  const [head = '', tail = ''] = [parts[0], parts.at(-1)];
  const [before = '', after = ''] = [pattern.split(/[*?]/)[0], pattern.split(/[*?]/).at(-1)];
  const fits = head.startsWith(meant(before)) || meant(before).startsWith(head);
  return fits && (tail.endsWith(meant(after)) || meant(after).endsWith(tail));
}
