/**
 * Of the policies that have a say in a request, what can matter to it, whatever keys are chosen. Only for speed: the same
 * request is asked with hundreds of keys, and most statements are about another resource or somebody else.
 */
import { applies, statementsFor } from '../evaluate/applies';
import type { Layers } from '../evaluate/evaluate';
import { principalMatch } from '../evaluate/principal';
import type { Request } from '../evaluate/request';
import { holds } from '../policy/condition';
import type { Policy, Statement } from '../policy/document';

interface Relevant {
  readonly layers: Layers;
  /** Of the keys that are free, those that something still asks for. */
  readonly keys: ReadonlySet<string>;
}

/** @param free - keys that are chosen; all others are as in the request */
export function relevant(layers: Layers, request: Request, free: ReadonlySet<string>): Relevant {
  const narrowed = (policy: Policy, byPrincipal = false): Policy => {
    const statements = statementsFor(policy, request.action).flatMap((each) =>
      mayApply(each, request, byPrincipal) ? (withoutFixed(each, request, free) ?? []) : [],
    );
    return { ...policy, statements };
  };
  const { identity, boundary, session, resource, endpoint, serviceControl, resourceControl } = layers;
  const levels = (all: Layers['serviceControl']) =>
    all?.map((level) => level.map((policy) => narrowed(policy)));
  const result = {
    identity: identity.map((policy) => narrowed(policy)),
    boundary: boundary && narrowed(boundary),
    session: session && narrowed(session),
    resource: resource && narrowed(resource, true),
    endpoint: endpoint && narrowed(endpoint, true),
    serviceControl: levels(serviceControl),
    resourceControl: levels(resourceControl),
  } as Layers;
  return { layers: result, keys: keysIn(result, free) };
}

function mayApply(statement: Statement, request: Request, byPrincipal: boolean): boolean {
  if (byPrincipal && principalMatch(statement, request.caller).certainty === 'no') return false;
  return hasVariables(statement.resources) || applies({ ...statement, conditions: [] }, request) !== 'no';
}

/** Without the conditions that hold whatever is chosen; undefined: one of them never holds. */
function withoutFixed(
  statement: Statement,
  { context }: Request,
  free: ReadonlySet<string>,
): Statement | undefined {
  const conditions = [];
  for (const each of statement.conditions) {
    const isFixed = !free.has(each.key) && !hasVariables(each.values);
    const certainty = isFixed ? holds(each, context, statement.variables) : 'maybe';
    if (certainty === 'no') return undefined;
    if (certainty === 'maybe') conditions.push(each);
  }
  return { ...statement, conditions };
}

const hasVariables = (texts: readonly string[]): boolean => texts.some((text) => text.includes('${'));

function keysIn(layers: Layers, free: ReadonlySet<string>): Set<string> {
  const { identity, boundary, session, resource, endpoint, serviceControl, resourceControl } = layers;
  const policies = [
    ...identity,
    boundary,
    session,
    resource,
    endpoint,
    ...(serviceControl ?? []).flat(),
    ...(resourceControl ?? []).flat(),
  ];
  const statements = policies.flatMap((policy) => policy?.statements ?? []);
  const texts = statements.flatMap(({ resources, conditions }) => [
    ...resources,
    ...conditions.flatMap(({ values }) => values),
  ]);
  // A variable may name any of them.
  if (hasVariables(texts)) return free as Set<string>;
  return new Set(statements.flatMap(({ conditions }) => conditions.map(({ key }) => key)));
}
