/**
 * Names in policies that AWS does not have. A misspelt Allow grants nothing, which somebody notices; a misspelt Deny, or a
 * condition on a key that no request has, protects nothing, and nobody does.
 */
import { isMarked, literalParts, readable } from '../assembly/unresolved';
import { nearest, nearestToPattern } from './nearest';
import { isOperator, OPERATORS, operatorParts } from './operators';
import { type NamedPolicy, type NamesOfStatement, statementsOf } from './statements';
import type { Vocabulary } from './vocabulary';

export type NameProblemKind =
  | 'no-policy'
  | 'malformed-action'
  | 'unknown-service'
  | 'unknown-action'
  | 'unknown-condition-key'
  | 'condition-key-not-taken'
  | 'unknown-operator'
  | 'malformed-resource';

export interface NameProblem {
  /** The id of the policy. */
  readonly policy: string;
  /** The Sid, or the place in the document, from 1; empty when the document has no statements to name. */
  readonly statement: string;
  readonly kind: NameProblemKind;
  /** A warning where AWS's own list may be incomplete, so that a person has to judge. */
  readonly level: 'error' | 'warning';
  /** The offending text. */
  readonly name: string;
  /** What is wrong, and the nearest known name where one is near. */
  readonly message: string;
}

type Found = Pick<NameProblem, 'kind' | 'name' | 'message'>;

/** @throws when the vocabulary was loaded without a service of these policies: `servicesOf` names them */
export function validateNames(policies: readonly NamedPolicy[], vocabulary: Vocabulary): NameProblem[] {
  const missing = [...servicesOf(policies)].filter(
    (each) => vocabulary.knowsService(each) && !vocabulary.loaded.has(each),
  );
  if (missing.length > 0)
    throw new Error(`the names of these services were not loaded: ${missing.join(', ')}`);
  return policies.flatMap(({ id, document }) => {
    const statements = statementsOf(document);
    if (!statements) return [placed(id, '', notAPolicy(document))];
    return statements.flatMap((statement) =>
      problemsOf(statement, vocabulary).map((found) => placed(id, statement.name, found)),
    );
  });
}

/** Prefixes of condition keys that are not the service which has them. */
const KEYS_OF_OTHERS: Readonly<Record<string, string>> = {
  catalog: 'aws-marketplace',
  'cognito-identity-auth': 'cognito-identity',
  'cognito-identity-unauth': 'cognito-identity',
  identitycenter: 'sso',
  saml: 'sts',
};

/** The prefixes of every action and condition key, in lower case, for `loadVocabulary`. Some may be no service at all. */
export function servicesOf(policies: readonly NamedPolicy[]): Set<string> {
  const statements = policies.flatMap(({ document }) => statementsOf(document) ?? []);
  const actions = statements.flatMap((each) => each.actions).filter((each) => typeof each === 'string');
  const keys = statements.flatMap((each) => each.conditions).flatMap((each) => each.keys);
  const ofKeys = keys.map((each) => prefixOf(each)).map((each) => KEYS_OF_OTHERS[each] ?? each);
  const all = [...actions.map((each) => prefixOf(each)), ...ofKeys];
  // `aws:` keys are global, an identity provider's have its address before the colon, and `*` is no service.
  return new Set(all.filter((each) => /^[a-z0-9-]+$/.test(each) && each !== 'aws'));
}

const prefixOf = (name: string): string => name.split(':')[0]?.toLowerCase() ?? '';

function placed(policy: string, statement: string, found: Found): NameProblem {
  const level = found.kind === 'condition-key-not-taken' ? 'warning' : 'error';
  return { policy, statement, level, ...found };
}

function notAPolicy(document: unknown): Found {
  const name = shown(document);
  return { kind: 'no-policy', name, message: `${name} is no policy document: it has no statements` };
}

function problemsOf(statement: NamesOfStatement, vocabulary: Vocabulary): Found[] {
  return [
    ...statement.actions.flatMap((each) => problemsOfAction(each, vocabulary)),
    ...statement.conditions.flatMap(({ operator }) => problemsOfOperator(operator)),
    ...problemsOfKeys(statement, vocabulary),
    ...statement.resources.flatMap(problemsOfResource),
  ];
}

function problemsOfAction(action: unknown, vocabulary: Vocabulary): Found[] {
  if (action === '*' || action === '*:*') return [];
  if (typeof action !== 'string' || !/^[^:]+:[^:]+$/.test(action)) {
    const name = shown(action);
    return [{ kind: 'malformed-action', name, message: `${name} is not of the form service:Action` }];
  }
  const [prefix = '', short = ''] = action.split(':');
  if (!vocabulary.knowsService(prefix)) {
    const suggestion = didYouMean(nearest(prefix, vocabulary.services));
    return [{ kind: 'unknown-service', name: action, message: `AWS has no service ${prefix}${suggestion}` }];
  }
  if (vocabulary.actionsLike(action).length > 0) return [];
  // `rds:connect` is not misspelt, it is in another service. What several services have is no suggestion.
  const elsewhere = /[*?]/.test(short) ? [] : vocabulary.actionsLike(`*:${short}`);
  const meant =
    elsewhere.length === 1 ? elsewhere[0] : nearestToPattern(action, vocabulary.actionsLike(`${prefix}:*`));
  return [
    { kind: 'unknown-action', name: action, message: `no action is called ${action}${didYouMean(meant)}` },
  ];
}

function problemsOfOperator(operator: string): Found[] {
  if (isOperator(operator)) return [];
  const { quantifier, comparison, suffix } = operatorParts(operator);
  const meant = nearest(comparison, OPERATORS);
  // Of Null with IfExists the Null is right.
  const whole = meant && `${quantifier}${meant}${meant === 'Null' ? '' : suffix}`;
  return [
    {
      kind: 'unknown-operator',
      name: operator,
      message: `no condition operator is called ${operator}${didYouMean(whole)}`,
    },
  ];
}

function problemsOfKeys(statement: NamesOfStatement, vocabulary: Vocabulary): Found[] {
  const keys = new Set(statement.conditions.flatMap((each) => each.keys));
  return [...keys].flatMap((key): Found[] => {
    if (!vocabulary.knowsConditionKey(key)) return [unknownKey(key, vocabulary)];
    const actions = actionsOf(statement, vocabulary);
    // Without a known action there is another problem already.
    if (actions.length === 0 || actions.some((each) => vocabulary.action(each)?.takes(key))) return [];
    const message = `none of the statement's actions has ${key} in its requests: ${some(actions)}`;
    return [{ kind: 'condition-key-not-taken', name: key, message }];
  });
}

function unknownKey(key: string, vocabulary: Vocabulary): Found {
  const meant = nearest(key, vocabulary.conditionKeys);
  const message =
    meant?.toLowerCase() === key.toLowerCase()
      ? `${key} is as the documentation writes it: the name in brackets has to be filled in`
      : `no condition key is called ${key}${didYouMean(meant)}`;
  return { kind: 'unknown-condition-key', name: key, message };
}

/** The known ones, in the case of the documentation. */
function actionsOf({ actions, notActions }: NamesOfStatement, vocabulary: Vocabulary): readonly string[] {
  const named = new Set(
    actions.filter((each) => typeof each === 'string').flatMap((each) => vocabulary.actionsLike(each)),
  );
  return notActions ? vocabulary.actionsLike('*').filter((each) => !named.has(each)) : [...named];
}

/** Six parts; without a partition, a service or a resource it names nothing. */
const ARN = /^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/s;

function problemsOfResource(resource: unknown): Found[] {
  if (resource === '*') return [];
  if (typeof resource === 'string' && (isMarked(resource) ? mayBeArn(resource) : ARN.test(resource)))
    return [];
  const name = shown(resource);
  return [{ kind: 'malformed-resource', name, message: `${name} is neither an ARN nor *` }];
}

/** What nobody knows may be the rest of an ARN, if what stands before it is the beginning of one. */
function mayBeArn(text: string): boolean {
  const [beginning = ''] = literalParts(text);
  return beginning.startsWith('arn:') || 'arn:'.startsWith(beginning);
}

const didYouMean = (name: string | undefined): string =>
  name === undefined ? '' : `; did you mean ${name}?`;

/** Enough to see what the statement is about. */
function some(names: readonly string[]): string {
  const shownNames = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shownNames} and ${names.length - 3} more` : shownNames;
}

const shown = (value: unknown): string =>
  readable(typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)));
