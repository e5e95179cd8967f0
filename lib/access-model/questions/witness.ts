/**
 * Whether there are condition keys under which a request is allowed, and which. Whoever makes a request chooses most of its
 * keys; for a claim that somebody cannot do a thing, all of them that do not follow from who asks and what for.
 */
import { isMarked } from '../assembly/unresolved';
import type { Principal } from '../estate/estate';
import { statementsFor } from '../evaluate/applies';
import type { Decision } from '../evaluate/decision';
import { evaluate, type Layers } from '../evaluate/evaluate';
import type { Request } from '../evaluate/request';
import { type Context, UNKNOWN } from '../policy/context';
import type { Condition, Policy } from '../policy/document';
import { meant } from '../policy/literal';
import { substitute } from '../policy/variables';
import type { Model, Question } from './model';
import { relevant } from './relevant';

/** Past this, the keys are taken as unknown, which can only say yes too often. */
const MOST_COMBINATIONS = 512;
/** A value that no policy names. */
const OTHER = 'any-other-value';

export interface Possibility {
  /** `perhaps`: it depends on what could not be resolved. */
  readonly possible: 'yes' | 'perhaps' | 'no';
  /** Of the question as it was put; of what is possible, with the keys that make it so. */
  readonly decision: Decision;
  /** Keys that must be chosen. */
  readonly context: Context;
}

export function possible(model: Model, question: Question): Possibility {
  const request = model.request(question);
  const layers = model.layers(question.principal, request, question.floor);
  const asked = evaluate(request, layers);
  const none: Context = new Map();
  if (asked.allowed) return { possible: 'yes', decision: asked, context: none };
  const free = freeKeys(question, request, layers);
  const narrowed = relevant(layers, request, new Set(free.keys()));
  const choices = combinations(free, narrowed.keys);
  const contexts = choices ?? [new Map([...free.keys()].map((key) => [key, UNKNOWN]))];
  let doubt = asked.doubts.length > 0 || choices === undefined;
  for (const context of contexts) {
    const decision = evaluate(withKeys(request, context), narrowed.layers);
    if (decision.allowed) return { possible: 'yes', decision, context };
    doubt ||= decision.doubts.length > 0;
  }
  if (doubt) {
    for (const context of [none, ...contexts]) {
      const decision = evaluate(withKeys(request, context), narrowed.layers, 'wide');
      if (decision.allowed) return { possible: 'perhaps', decision, context };
    }
  }
  return { possible: 'no', decision: asked, context: none };
}

function withKeys(request: Request, more: Context): Request {
  if (more.size === 0) return request;
  const context = new Map(request.context);
  for (const [key, values] of more) {
    if (values.length === 0) context.delete(key);
    else context.set(key, values);
  }
  return { ...request, context };
}

/** The keys that the statements about this action ask for, and that the request does not have by itself. */
function freeKeys(
  { principal, context: named = new Map() }: Question,
  request: Request,
  layers: Layers,
): Map<string, readonly (readonly string[])[]> {
  const policies: (Policy | undefined)[] = [
    ...layers.identity,
    layers.boundary,
    layers.session,
    layers.resource,
    layers.endpoint,
    ...(layers.serviceControl ?? []).flat(),
    ...(layers.resourceControl ?? []).flat(),
  ];
  const conditions = policies
    .flatMap((policy) => (policy ? statementsFor(policy, request.action) : []))
    .flatMap((statement) => statement.conditions);
  const keys = new Map<string, Condition[]>();
  for (const condition of conditions) {
    // What the question is about is not chosen: a role that is to be made without a boundary is made without one.
    if (named.has(condition.key) || isFixed(condition.key, principal, request)) continue;
    keys.set(condition.key, [...(keys.get(condition.key) ?? []), condition]);
  }
  return new Map([...keys].map(([key, own]) => [key, valuesFor(own, request.context)]));
}

const CONTEXT_KEY = 'kms:encryptioncontext:';

/** What nobody chooses: who they are, and what the resource is. */
const NOBODY_CHOOSES =
  /^(aws:principal|aws:resource|aws:userid$|aws:username$|aws:requestedregion$|kms:resourcealiases$|kms:calleraccount$|iam:permissionsboundary$|ecs:cluster$)|:resourcetag\//;

function isFixed(key: string, { kind }: Principal, { context, action }: Request): boolean {
  // On making a role its boundary is chosen; of a role that is there it is what it is.
  if (
    key === 'iam:permissionsboundary' &&
    /^iam:(createrole|createuser|put\w+permissionsboundary)$/i.test(action)
  )
    return false;
  if (key === 'aws:securetransport' || key === 'aws:viaawsservice') return true;
  // An encryption context that is named is named as a whole: the ciphertext was made with it, and with nothing else.
  if (key.startsWith(CONTEXT_KEY) && [...context.keys()].some((each) => each.startsWith(CONTEXT_KEY)))
    return true;
  // With the keys of somebody's own token nobody else comes.
  if (kind === 'pipeline' && key.startsWith('aws:principal')) return true;
  return NOBODY_CHOOSES.test(key) || (context.has(key) && context.get(key) !== UNKNOWN);
}

/** Absent, each value that a policy names, one that none names, and all together for keys of several values. */
function valuesFor(conditions: readonly Condition[], context: Context): (readonly string[])[] {
  const given = conditions.flatMap(({ values }) =>
    values.map((value) => substitute(value, context) ?? value),
  );
  const named = [...new Set(given.filter((value) => !isMarked(value)))].map(instance);
  const others = conditions.flatMap(({ operator: { comparison }, values }) => {
    if (comparison === 'Bool') return ['true', 'false'];
    if (comparison?.startsWith('Numeric'))
      return values.flatMap((value) => [String(Number(value) - 1), String(Number(value) + 1)]);
    if (comparison === 'IpAddress') return ['203.0.113.77'];
    return [OTHER];
  });
  const single = [...new Set([...named, ...others])].map((value) => [value]);
  const several =
    conditions.some(({ operator }) => operator.quantifier !== undefined) && named.length > 1 ? [named] : [];
  return [[], ...single, ...several];
}

/** A text that a pattern matches. */
function instance(pattern: string): string {
  const text = pattern
    .replaceAll('*', 'x')
    .replaceAll('?', 'x')
    .replace(/\/\d{1,3}$/, (length) => (/^[\d.]+\/\d+$/.test(pattern) ? '' : length));
  return meant(text);
}

/** Undefined: too many. Keys that nothing asks for are absent, which is the first of their values. */
function combinations(
  free: ReadonlyMap<string, readonly (readonly string[])[]>,
  askedFor: ReadonlySet<string>,
): Context[] | undefined {
  const size = [...free.values()].reduce((product, values) => product * values.length, 1);
  if (size > MOST_COMBINATIONS) return undefined;
  let all: Map<string, readonly string[]>[] = [new Map()];
  for (const [key, values] of free) {
    const tried = askedFor.has(key) ? values : values.slice(0, 1);
    all = all.flatMap((context) => tried.map((value) => new Map([...context, [key, value]])));
  }
  return all;
}
