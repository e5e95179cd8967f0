/** Every place where policies stand, on both sides: what changed there, and whose requests that is about. */
import type { Estate, Principal, Target } from '../estate/estate';
import { principalMatch } from '../evaluate/principal';
import { type Context, contextOf } from '../policy/context';
import { type Policy, parsePolicy, type Statement } from '../policy/document';
import { knownIn, strangersIn } from '../probes/callers';
import type { Layer } from './changes';
import { affectedByFacts } from './facts';
import { affectedByOrganization } from './organization';
import type { Pair } from './pairs';
import { type Changed, changedStatements } from './statements';

/** A statement that changed, or whose effect did, and the requests to ask about it. */
export interface Affected extends Changed {
  readonly layer: Layer;
  /** The text is the same: something around it changed. */
  readonly touched?: boolean;
  /** Name of the principal, id of the resource. */
  readonly at: string;
  readonly where?: string;
  readonly callers: readonly Pair[];
  /** The resource that it stands at, or that it is about alone. */
  readonly resource?: string;
  /** Of every request: that it passes an endpoint. */
  readonly context?: Context;
  /** The place itself is new: nothing was refused there before. */
  readonly isNew?: boolean;
}

export function affectedIn(base: Estate, head: Estate, pairs: readonly Pair[]): Affected[] {
  return [
    ...pairs.flatMap(atPrincipal),
    ...pairs.flatMap((pair) => trustOf(pair, base, head, pairs)),
    ...targetsOf(base, head).flatMap((pair) => atTarget(pair, base, head, pairs)),
    ...affectedByOrganization(base, head, pairs),
    ...affectedByFacts(base, head, pairs),
  ];
}

/** What everything that is neither allowed nor refused by name is asked by. */
const EVERYTHING = parsePolicy('everything', {
  Version: '2012-10-17',
  Statement: { Sid: 'Everything', Effect: 'Allow', Action: '*', Resource: '*' },
});

const touching = (policies: readonly Policy[]): Changed[] =>
  policies.flatMap((policy) => policy.statements.map((statement) => ({ after: { policy, statement } })));

function atPrincipal(pair: Pair): Affected[] {
  const { base, head } = pair;
  if (!head) return removedPrincipal(pair);
  const own = { at: pair.name, ...(head.id ? { where: head.id } : {}), callers: [pair], isNew: !base };
  const identity = changedStatements(base?.identity ?? [], head.identity);
  const boundary = changedStatements(listOf(base?.boundary), listOf(head.boundary));
  // With or without a boundary at all: what changes is what it does not name.
  const flips = base !== undefined && (base.boundary === undefined) !== (head.boundary === undefined);
  const touched = flips ? touching([...base.identity, ...head.identity, EVERYTHING]) : [];
  return [
    ...identity.map((each): Affected => ({ ...each, ...own, layer: 'identity' })),
    ...boundary.map((each): Affected => ({ ...each, ...own, layer: 'boundary' })),
    ...touched.map((each): Affected => ({ ...each, ...own, layer: 'boundary', touched: true })),
  ];
}

/** Told, and not asked about: nobody is left to ask. */
function removedPrincipal({ name, base }: Pair): Affected[] {
  if (!base) return [];
  const own = { at: name, ...(base.id ? { where: base.id } : {}), callers: [] };
  return [
    ...changedStatements(base.identity, []).map((each): Affected => ({ ...each, ...own, layer: 'identity' })),
    ...changedStatements(listOf(base.boundary), []).map(
      (each): Affected => ({ ...each, ...own, layer: 'boundary' }),
    ),
    ...changedStatements(listOf(base.trust), []).map(
      (each): Affected => ({ ...each, ...own, layer: 'trust' }),
    ),
  ];
}

function trustOf(pair: Pair, base: Estate, head: Estate, pairs: readonly Pair[]): Affected[] {
  if (!pair.head || pair.newlyNamed) return [];
  const policies = [...listOf(pair.base?.trust), ...listOf(pair.head.trust)];
  const where = pair.head.id;
  return changedStatements(listOf(pair.base?.trust), listOf(pair.head.trust)).map((each) => ({
    ...each,
    layer: 'trust',
    at: pair.name,
    ...(where ? { where } : {}),
    // What a service does with a new role, the role itself is told to be able to.
    callers: callersOf(each, policies, [base, head], pairs, !pair.base),
    resource: (pair.head as Principal).caller.arn,
    isNew: !pair.base,
  }));
}

interface TargetPair {
  readonly base?: Target;
  readonly head?: Target;
}

/** By ARN: a resource whose logical id changed is still the same. */
function targetsOf(base: Estate, head: Estate): TargetPair[] {
  const was = new Map(base.targets.map((each) => [each.arn, each]));
  const pairs = head.targets.map((each): TargetPair => {
    const old = was.get(each.arn);
    was.delete(each.arn);
    return old ? { base: old, head: each } : { head: each };
  });
  return [...pairs, ...[...was.values()].map((each) => ({ base: each }))];
}

function atTarget(pair: TargetPair, base: Estate, head: Estate, pairs: readonly Pair[]): Affected[] {
  const { id, arn, type, name } = (pair.head ?? pair.base) as Target;
  // The policy of a role is its trust.
  if (type === 'AWS::IAM::Role') return [];
  const before = listOf(pair.base?.policy);
  const after = listOf(pair.head?.policy);
  const isEndpoint = type === 'AWS::EC2::VPCEndpoint';
  const own = { at: id, where: id, isNew: !pair.base };
  const asked = isEndpoint ? { context: contextOf({ 'aws:SourceVpce': name }) } : { resource: arn };
  // Through an endpoint that is not there nobody comes. A resource that is gone may have been left behind without its policy.
  const nobody = isEndpoint && !(pair.base && pair.head);
  const flips = isEndpoint && !nobody && before.length !== after.length;
  return [
    ...changedStatements(before, after),
    ...(flips ? touching([EVERYTHING]).map((each) => ({ ...each, touched: true })) : []),
  ].map((each) => ({
    ...each,
    ...own,
    ...asked,
    layer: isEndpoint ? 'endpoint' : 'resource',
    callers: nobody
      ? []
      : flips
        ? pairs
        : callersOf(each, [...before, ...after], [base, head], pairs, !pair.base),
  }));
}

/** Whom the statement names, before or after, and those strangers whom the policy names otherwise. */
function callersOf(
  { before, after }: Changed,
  policies: readonly Policy[],
  estates: readonly Estate[],
  pairs: readonly Pair[],
  isNew: boolean,
): Pair[] {
  const statements = [before, after].flatMap((each) => (each ? [each.statement] : []));
  const named = strangersIn(
    policies.flatMap((policy) => [...policy.statements]),
    knownIn(estates),
  );
  // A service that is let in at a new resource is what the resource is for.
  const strangers = isNew ? named.filter(({ head }) => head?.caller.kind !== 'service') : named;
  return [...pairs, ...strangers].filter(
    (pair) =>
      pair.head !== undefined &&
      (('unknown' in pair && pair.unknown === true && names(statements, pair.head)) ||
        statements.some((each) => means(each, pair.head as Principal))),
  );
}

const means = (statement: Statement, { caller }: Principal): boolean =>
  principalMatch(statement, caller).certainty !== 'no';

const names = (statements: readonly Statement[], { caller }: Principal): boolean =>
  statements.some(({ principals }) =>
    Object.values(principals ?? {}).some((all) => all.includes(caller.arn)),
  );

const listOf = (policy: Policy | undefined): Policy[] => (policy ? [policy] : []);
