/** Concrete resources of a statement: those it names, one of each pattern, those of the estate, and one that it does not mean. */
import { isMarked } from '../assembly/unresolved';
import type { Changed } from '../diff/statements';
import type { Target } from '../estate/estate';
import type { Vocabulary } from '../names/vocabulary';
import type { Context } from '../policy/context';
import type { Statement } from '../policy/document';
import { matches, meant } from '../policy/pattern';
import { substitute } from '../policy/variables';

/** Of the estate, for each action that a statement names, and for each that a pattern stands for: there, many say the same. */
export const MOST_TARGETS = { literal: 16, expanded: 4 } as const;

export interface Surroundings {
  readonly vocabulary: Vocabulary;
  /** Of both sides, each ARN once. */
  readonly targets: readonly Target[];
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /** Of who asks, for variables. */
  readonly context: Context;
  /** Targets of the estate. @default MOST_TARGETS.expanded */
  readonly most?: number;
  /** The resource that the policy stands at. */
  readonly resource?: string;
}

export function resourcesOf({ before, after }: Changed, action: string, around: Surroundings): string[] {
  const statements = [before, after].flatMap((each) => (each ? [each.statement] : []));
  const kinds = kindsOf(action, around.vocabulary);
  // What takes no resource, no policy of a resource is asked about.
  if (around.resource !== undefined && kinds?.length === 0) return [];
  if (around.resource !== undefined) return atResource(around.resource, statements, kinds, around);
  if (kinds?.length === 0) return ['*'];
  const patterns = unique(statements.flatMap(({ resources }) => resources));
  const written = patterns.filter((each) => each !== '*').map((each) => instance(each, around));
  const fitting = written.filter((arn) => fits(arn, kinds) && isOf(action, arn));
  const targets = targetsLike(statements, action, kinds, around);
  // Nothing that the statement names is of a kind that the action takes: then what the data says is doubted.
  const own = fitting.length + targets.length > 0 || patterns.includes('*') ? fitting : written;
  return unique([...own, ...targets, outside(action, kinds, around)]);
}

/** Patterns of ARNs that an action takes: none, it takes no resource; undefined, nobody knows. */
function kindsOf(action: string, vocabulary: Vocabulary): readonly string[] | undefined {
  const service = (action.split(':')[0] ?? '').toLowerCase();
  const facts = vocabulary.loaded.has(service) ? vocabulary.action(action) : undefined;
  return facts?.resourceTypes.flatMap(({ arnPatterns }) => arnPatterns);
}

function fits(arn: string, kinds: readonly string[] | undefined): boolean {
  if (!kinds || isMarked(arn)) return true;
  return kinds.some(
    // The pattern of a bucket matches its objects too, and no action on buckets is one on objects.
    (kind) =>
      matches(kind, arn) === 'yes' && (!kind.includes(':s3:::') || kind.includes('/') === arn.includes('/')),
  );
}

const isOf = (action: string, arn: string): boolean =>
  isMarked(arn) || arn.split(':')[2] === action.split(':')[0]?.toLowerCase() || !arn.startsWith('arn:');

function atResource(
  arn: string,
  statements: readonly Statement[],
  kinds: readonly string[] | undefined,
  around: Surroundings,
): string[] {
  const own = statements
    .flatMap(({ resources }) => resources)
    .filter((each) => each !== '*')
    .map((each) => instance(each, around))
    .filter((each) => each.startsWith(bare(arn)) && fits(each, kinds));
  const found = unique([...own, ...partsOf(arn, kinds)]);
  return found.length > 0 ? found : [arn];
}

/** The resource, or what is in it, whichever the action is about. */
function partsOf(arn: string, kinds: readonly string[] | undefined): string[] {
  const found = [bare(arn), `${bare(arn)}/x`, `${bare(arn)}:log-stream:x`].find((each) => fits(each, kinds));
  return found ? [found] : [];
}

function targetsLike(
  statements: readonly Statement[],
  action: string,
  kinds: readonly string[] | undefined,
  { targets, context, most = MOST_TARGETS.expanded }: Surroundings,
): string[] {
  const found = targets.flatMap((target) => {
    if (!isOf(action, target.arn)) return [];
    return partsOf(target.arn, kinds).flatMap((arn) => {
      const meantBy = statements.map((each) => about(each, arn, context));
      if (!meantBy.includes(true)) return [];
      // What only one of the two is about is what changed; what has a policy of its own answers in its own way.
      return [{ arn, rank: (meantBy.includes(false) ? 0 : 2) + (target.policy ? 0 : 1) }];
    });
  });
  return [0, 1, 2, 3]
    .flatMap((wanted) => found.filter(({ rank }) => rank === wanted))
    .map(({ arn }) => arn)
    .slice(0, most);
}

function about({ resources, notResources, variables }: Statement, arn: string, context: Context): boolean {
  const named = resources.some((pattern) => {
    const text = variables ? substitute(pattern, context) : pattern;
    return text !== undefined && matches(text, arn) !== 'no';
  });
  return named !== notResources;
}

/** One that the pattern matches. */
function instance(pattern: string, { partition, region, account, context }: Surroundings): string {
  const text = meant(substitute(pattern, context) ?? pattern.replace(/\$\{[^}]*\}/g, 'x'));
  if (isMarked(text)) return text;
  const parts = text.split(':');
  const filled =
    parts.length < 6
      ? parts
      : parts.map((part, i) => (part === '*' ? fill(i, partition, region, account) : part));
  return filled.join(':').replace(/[*?]/g, 'x');
}

function fill(place: number, partition: string, region: string, account: string): string {
  return { 1: partition, 3: region, 4: account }[place] ?? '*';
}

/** Nothing that a policy would name. */
function outside(action: string, kinds: readonly string[] | undefined, around: Surroundings): string {
  const service = (action.split(':')[0] ?? '').toLowerCase();
  const kind = kinds?.[0] ?? `arn:*:${service}:*:*:any-other/*`;
  return instance(
    kind
      .split(':')
      .map((part, i) => (i < 5 ? part : part.replaceAll('*', 'any-other')))
      .join(':'),
    around,
  );
}

const bare = (arn: string): string => arn.replace(/:\*$/, '');
const unique = (values: readonly string[]): string[] => [...new Set(values)];
