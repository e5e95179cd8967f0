/** What the changed statements come to: concrete requests, asked on both sides of every principal that they concern. */
import type { Estate, Principal } from '../estate/estate';
import { inOrder } from '../in-order';
import type { Analysis } from '../matrix/analysis';
import type { Vocabulary } from '../names/vocabulary';
import { type Context, contextOf } from '../policy/context';
import { actionsOf, literalsOf } from '../probes/actions';
import type { Stranger } from '../probes/callers';
import { MOST_TARGETS, resourcesOf, type Surroundings } from '../probes/resources';
import { statementsOf } from '../probes/services';
import { Both, type Difference, type Probe } from './ask';
import type { RequestChange } from './changes';
import type { Pair } from './pairs';
import type { Affected } from './places';

export interface Asked {
  readonly pair: Pair;
  readonly affected: Affected;
  readonly probe: Probe;
}

export function requestChanges(
  base: Analysis,
  head: Analysis,
  affected: readonly Affected[],
  vocabulary: Vocabulary,
): RequestChange[] {
  const both = new Both(base.model, head.model);
  const probes = probesOf(base, head, affected, vocabulary);
  const found = probes.flatMap((each) => {
    const own = judge(both, each, false);
    // What is opened for somebody need not be told to be open for others too.
    if (own.some(({ change }) => change === 'broadened') || !asksFloor(each)) return own;
    return [...own, ...judge(both, each, true).filter(({ change }) => change === 'broadened')];
  });
  return found.sort((a, b) => inOrder(sortKey(a), sortKey(b)));
}

/** Each request once, whatever led to it: a statement that may open something is named before one that cannot. */
function probesOf(
  base: Analysis,
  head: Analysis,
  affected: readonly Affected[],
  vocabulary: Vocabulary,
): Asked[] {
  const named = namedActions([base.estate, head.estate]);
  const targets = [
    ...new Map([...base.estate.targets, ...head.estate.targets].map((each) => [each.arn, each])).values(),
  ];
  const contexts = new Map<string, Context>();
  const contextFor = (principal: Principal): Context => {
    const known =
      contexts.get(principal.name) ??
      head.model.request({ principal, action: 'any:Any', resource: '*' }).context;
    contexts.set(principal.name, known);
    return known;
  };
  const region = head.estate.stacks[0]?.region ?? '';
  const asked = new Map<string, Asked>();
  for (const each of affected) {
    const { literal, expanded } = actionsOf(each, vocabulary, named);
    for (const pair of each.callers) {
      if (!pair.head) continue;
      const { arn, account } = pair.head.caller;
      const partition = arn.startsWith('arn:') ? (arn.split(':')[1] ?? 'aws') : 'aws';
      const around: Surroundings = {
        vocabulary,
        targets,
        partition,
        account: account || (head.estate.stacks[0]?.account ?? ''),
        region,
        context: contextFor(pair.head),
        ...(each.resource === undefined ? {} : { resource: each.resource }),
      };
      for (const action of [...literal, ...expanded]) {
        const most = literal.includes(action) ? MOST_TARGETS.literal : MOST_TARGETS.expanded;
        for (const resource of resourcesOf(each, action, { ...around, most })) {
          add(asked, { pair, affected: each, probe: probeOf(pair, each, action, resource) });
        }
      }
    }
  }
  return [...asked.values()];
}

function probeOf(pair: Pair, affected: Affected, action: string, resource: string): Probe {
  const { context } = affected;
  return { pair, action, resource, ...(context ? { context } : {}), onlyNarrows: onlyNarrows(affected) };
}

function add(asked: Map<string, Asked>, each: Asked): void {
  const { pair, action, resource, context } = each.probe;
  const keys = [...(context ?? [])].map(([key, values]) => `${key}=${values}`).join('&');
  const id = `${pair.name}\n${action.toLowerCase()}\n${resource}\n${keys}`;
  const known = asked.get(id);
  if (!known || (known.probe.onlyNarrows && !each.probe.onlyNarrows)) asked.set(id, each);
}

/** A denial more or a permission less opens nothing, unless the policy is there or not there as a whole. */
function onlyNarrows({ before, after, touched }: Affected): boolean {
  if (touched || (before && after)) return false;
  return before ? before.statement.effect === 'Allow' : after?.statement.effect === 'Deny';
}

/** Those who have policies of their own, where there was something before that could refuse them. */
function asksFloor({ pair, affected, probe }: Asked): boolean {
  if (affected.isNew || probe.onlyNarrows || !pair.base || pair.base === pair.head) return false;
  const { caller } = pair.base;
  return caller.kind === 'role' || caller.kind === 'user';
}

function judge(both: Both, { pair, affected, probe }: Asked, floor: boolean): RequestChange[] {
  const differences = (pair as Stranger).unknown ? unjudged(probe) : both.differences(probe, floor);
  const { policy, statement } = (affected.after ?? affected.before) as NonNullable<Affected['after']>;
  return differences.map(({ change, from, to, context }) => ({
    principal: pair.name,
    action: probe.action,
    resource: probe.resource,
    context: Object.fromEntries(
      [...(probe.context ?? contextOf({})), ...context].sort(([a], [b]) => inOrder(a, b)),
    ),
    change,
    floor,
    from,
    to,
    policy: policy.id,
    statement: statement.name,
    ...(affected.where ? { where: affected.where } : {}),
  }));
}

/** Somebody whom the model cannot speak for. */
const unjudged = ({ onlyNarrows: safe }: Probe): Difference[] =>
  safe ? [] : [{ change: 'broadened', from: 'perhaps', to: 'perhaps', context: new Map() }];

/** Where statements draw their lines. */
const namedActions = (estates: readonly Estate[]): string[] => [
  ...new Set(estates.flatMap(statementsOf).flatMap(literalsOf)),
];

const sortKey = ({ principal, action, resource, floor, change, context }: RequestChange): string =>
  JSON.stringify([principal, action, resource, floor, change, context]);
