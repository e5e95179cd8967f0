/** Two analyses in, what changed between them out. */
import { isDeepStrictEqual } from 'node:util';
import type { Resource } from '../assembly/assembly';
import { inOrder } from '../in-order';
import type { Analysis } from '../matrix/analysis';
import type { Vocabulary } from '../names/vocabulary';
import type { AccessChanges, PrincipalChange, StatementChange } from './changes';
import { type Pair, pairsOf } from './pairs';
import { type Affected, affectedIn } from './places';
import { principalChanges } from './principals';
import { requestChanges } from './requests';
import { type Placed, plain, textOf } from './statements';

/** @param vocabulary - with every service that a policy of either side names: `servicesIn` */
export function compare(base: Analysis, head: Analysis, vocabulary: Vocabulary): AccessChanges {
  if (isDeepStrictEqual(givenOf(base), givenOf(head)))
    return { principals: [], statements: [], requests: [] };
  const pairs = pairsOf(base.estate, head.estate);
  const principals = principalChanges(base, head, pairs);
  const affected = affectedIn(base.estate, head.estate, pairs);
  const told = new Map(principals.map((each) => [each.name, stepsOf(each, pairs, head)]));
  const ids = new Set([...base.estate.resources, ...head.estate.resources].map(({ id }: Resource) => id));
  const place = <T extends { policy: string; where?: string }>(each: T): T => {
    const where = [each.policy.split(' ')[0] ?? '', each.where ?? ''].find((id) => ids.has(id));
    const { where: _, ...rest } = each;
    return { ...rest, ...(where ? { where } : {}) } as T;
  };
  return {
    principals,
    statements: statementChanges(affected).map(place),
    requests: requestChanges(base, head, affected, vocabulary).map((each) => {
      const whole = Object.keys(each.context).length === 0 && !each.floor && each.change === 'broadened';
      const within = whole && told.get(each.principal)?.get(keyOf(head, each.action, each.resource));
      return place(within ? { ...each, within } : each);
    }),
  };
}

/** All that an analysis follows from: where that is equal, every answer is. */
const givenOf = ({ estate: { resources, stacks, unresolved } }: Analysis) => ({
  resources,
  stacks,
  unresolved,
});

/** Requests that a gained capability or a principal newly become consists of, with what says so. */
function stepsOf(
  { name, capabilities, becomes }: PrincipalChange,
  pairs: readonly Pair[],
  head: Analysis,
): Map<string, string> {
  const opened = (change: string) => change === 'gained' || change === 'widened';
  const steps = new Map<string, string>();
  for (const { capability, change, path } of capabilities) {
    // Through others: its own requests are not what gives it that.
    if (!opened(change) || path.length > 0) continue;
    const ways = head.capabilities.find(({ id }) => id === capability)?.ways ?? [];
    for (const { action, resource } of ways.flatMap((way) => [...way.steps, ...(way.also ?? [])])) {
      steps.set(keyOf(head, action, resource), `gains ${capability}`);
    }
  }
  const principal = pairs.find((pair) => pair.name === name)?.head;
  for (const [to, path] of principal ? head.graph.reach(principal) : []) {
    const told = becomes.find((each) => each.principal === to.name && opened(each.change));
    if (!told || path.length !== 1) continue;
    for (const { action, resource } of path[0]?.steps ?? []) {
      steps.set(keyOf(head, action, resource), `becomes ${to.name}`);
    }
  }
  return steps;
}

/** An object of a bucket is as good as another. */
const keyOf = ({ model }: Analysis, action: string, resource: string): string =>
  `${action.toLowerCase()} ${model.lookup.target(resource)?.arn ?? resource}`;

/** The same change of a policy that stands at several places is one. */
function statementChanges(affected: readonly Affected[]): StatementChange[] {
  const found = new Map<string, StatementChange>();
  for (const { layer, before, after, touched, at, where } of affected) {
    if (touched) continue;
    const { policy, statement } = (after ?? before) as Placed;
    const texts = [before, after].map((each) => (each ? textOf(each) : ''));
    const id = JSON.stringify([policy.id, statement.name, layer, ...texts]);
    const known = found.get(id);
    found.set(id, {
      layer,
      policy: policy.id,
      statement: statement.name,
      change: before && after ? 'changed' : after ? 'added' : 'removed',
      at: [...new Set([...(known?.at ?? []), at])].sort(inOrder),
      ...(where ? { where } : {}),
      ...(before ? { before: plain(before) } : {}),
      ...(after ? { after: plain(after) } : {}),
    });
  }
  return [...found].sort(([a], [b]) => inOrder(a, b)).map(([, each]) => each);
}
