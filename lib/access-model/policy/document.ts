/**
 * A policy document, parsed: one shape for all the ways in which the same thing may be written.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
import { isMarked } from '../assembly/unresolved';
import { Problem } from '../problem';
import { type Operator, operatorOf } from './operator';
import { EVERYTHING, readings } from './readings';

export type Effect = 'Allow' | 'Deny';

/** `AWS`, `Service`, `Federated`, `CanonicalUser`, each with its names; `{ AWS: ['*'] }` for everyone. */
export type Principals = Readonly<Record<string, readonly string[]>>;

export interface Condition {
  readonly operator: Operator;
  /** In lower case: names of condition keys have no case. */
  readonly key: string;
  readonly values: readonly string[];
}

export interface Statement {
  readonly effect: Effect;
  /** The Sid, or the place in the document, from 1. */
  readonly name: string;
  readonly actions: readonly string[];
  /** True: the actions are those that are *not* meant. So with resources and principals. */
  readonly notActions: boolean;
  readonly resources: readonly string[];
  readonly notResources: boolean;
  /** Undefined in policies of identities. */
  readonly principals?: Principals;
  readonly notPrincipals: boolean;
  /** All must hold. */
  readonly conditions: readonly Condition[];
  /** Variables are replaced only in documents that say version 2012-10-17. */
  readonly variables: boolean;
  /** Nobody knows whether it says this, or whether it stands here: it applies perhaps. */
  readonly doubtful?: boolean;
}

/** A document with the place where it stands. */
export interface Policy {
  /** `Identity.ProdEngineer inline`, unique in the estate. */
  readonly id: string;
  readonly statements: readonly Statement[];
  /** As it was written, resolved. */
  readonly document: unknown;
  /** Of a managed policy that an account of these templates owns: who may change its text changes what it says. */
  readonly arn?: string;
  /** What nobody knows is whether it is attached. */
  readonly attached?: 'perhaps';
  /** Nobody knows whether it is attached, or what it says: all that it says holds perhaps. */
  readonly doubtful?: boolean;
}

/**
 * Of a document that is not resolved nobody knows what it says: perhaps everything. For a policy that only limits, see
 * `isUnread`.
 *
 * @throws {Problem} when it is no policy document, naming the policy and the statement
 */
export function parsePolicy(id: string, document: unknown): Policy {
  if (isUnread(document)) return { ...parsePolicy(id, { Statement: [EVERYTHING] }), doubtful: true };
  const body = typeof document === 'string' ? parseText(id, document) : document;
  if (!isRecord(body)) throw new Problem(`${id}: is no policy document`);
  const variables = body.Version === '2012-10-17';
  const statements = list(body.Statement).flatMap((each, i) =>
    readings(each).map(({ raw, doubtful }) => {
      const statement = parseStatement(id, raw, i + 1, variables);
      return doubtful ? { ...statement, doubtful } : statement;
    }),
  );
  return { id, statements, document: body };
}

/** A mark instead of a document, or a text that marks keep from being JSON. */
export function isUnread(document: unknown): boolean {
  if (typeof document !== 'string' || !isMarked(document)) return false;
  try {
    return !isRecord(JSON.parse(document));
  } catch {
    return true;
  }
}

function parseText(id: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(`${id}: is no JSON`);
  }
}

function parseStatement(id: string, raw: unknown, place: number, variables: boolean): Statement {
  if (!isRecord(raw)) throw new Problem(`${id}: statement ${place} is no object`);
  const name = typeof raw.Sid === 'string' && raw.Sid !== '' ? raw.Sid : String(place);
  const fail = (what: string): never => {
    throw new Problem(`${id}: statement ${name} ${what}`);
  };
  const { Effect: effect } = raw;
  if (effect !== 'Allow' && effect !== 'Deny') return fail('has no Effect, Allow or Deny');
  const either = (element: string): [readonly string[], boolean] => {
    const negated = `Not${element}`;
    if (element in raw && negated in raw) fail(`has both ${element} and ${negated}`);
    return negated in raw ? [texts(raw[negated]), true] : [texts(raw[element]), false];
  };
  const [actions, notActions] = either('Action');
  if (actions.length === 0 && !notActions) return fail('has no Action');
  const [resources, notResources] = either('Resource');
  const negatedPrincipals = 'NotPrincipal' in raw;
  const principals = negatedPrincipals ? raw.NotPrincipal : raw.Principal;
  return {
    effect,
    name,
    actions,
    notActions,
    resources: resourcesOf(raw, resources, notResources),
    notResources,
    ...(principals === undefined ? {} : { principals: principalsOf(principals) }),
    notPrincipals: negatedPrincipals,
    conditions: conditionsOf(raw.Condition, fail),
    variables,
  };
}

/**
 * Policies of resources may have none: the resource is the one that they stand at. Anywhere else an empty list is no
 * resource, and an Allow for all but an empty list, which AWS does not accept, allows none.
 */
function resourcesOf(
  raw: Record<string, unknown>,
  resources: readonly string[],
  negated: boolean,
): readonly string[] {
  if (resources.length > 0) return resources;
  if (negated) return raw.Effect === 'Allow' ? ['*'] : [];
  const isOfResource = 'Principal' in raw || 'NotPrincipal' in raw;
  return isOfResource && !('Resource' in raw) ? ['*'] : [];
}

function principalsOf(raw: unknown): Principals {
  if (typeof raw === 'string') return { AWS: [raw] };
  if (!isRecord(raw)) return {};
  return Object.fromEntries(Object.entries(raw).map(([kind, names]) => [kind, texts(names)]));
}

function conditionsOf(raw: unknown, fail: (what: string) => never): Condition[] {
  if (raw === undefined) return [];
  if (!isRecord(raw)) return fail('has a Condition that is no object');
  return Object.entries(raw).flatMap(([name, keys]) => {
    if (!isRecord(keys)) return fail(`has a Condition ${name} that is no object`);
    return Object.entries(keys).map(([key, values]) => ({
      operator: operatorOf(name),
      key: key.toLowerCase(),
      values: texts(values),
    }));
  });
}

const texts = (raw: unknown): string[] =>
  list(raw).map((each) => (typeof each === 'object' ? JSON.stringify(each) : String(each)));

function list(raw: unknown): readonly unknown[] {
  if (raw === undefined || raw === null) return [];
  return Array.isArray(raw) ? raw : [raw];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
