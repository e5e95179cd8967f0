/** Tags and the like: no statement changed, but what statements say of somebody or something did. */
import type { Estate, Principal, Target } from '../estate/estate';
import { inOrder } from '../in-order';
import type { Context } from '../policy/context';
import type { Policy, Statement } from '../policy/document';
import type { Layer } from './changes';
import type { Pair } from './pairs';
import type { Affected } from './places';

interface Standing {
  readonly layer: Layer;
  readonly policy: Policy;
  readonly statement: Statement;
  /** Whose statement it is: of a policy of somebody, that one alone. */
  readonly of?: Principal;
  readonly resource?: string;
}

export function affectedByFacts(base: Estate, head: Estate, pairs: readonly Pair[]): Affected[] {
  const standing = standingIn(head);
  const alive = pairs.filter(({ head: is }) => is !== undefined);
  const principals = alive.flatMap((pair) => {
    if (!pair.base || pair.newlyNamed) return [];
    const keys = differing(pair.base.keys, (pair.head as Principal).keys);
    return standing
      .filter(({ statement, of }) => (!of || of === pair.head) && mentions(statement, keys))
      .map((each) => touched(each, pair.name, [pair], each.resource));
  });
  const was = new Map(base.targets.map((each) => [each.arn, each]));
  const targets = head.targets.flatMap((target) => {
    const old = was.get(target.arn);
    const keys = old ? differing(old.keys, target.keys) : [];
    return standing
      .filter(
        ({ statement, resource }) => (!resource || resource === target.arn) && mentions(statement, keys),
      )
      .map((each) =>
        touched(each, target.id, each.of ? alive.filter((pair) => pair.head === each.of) : alive, target.arn),
      );
  });
  return [...principals, ...targets];
}

function touched(
  { layer, policy, statement }: Standing,
  at: string,
  callers: readonly Pair[],
  resource: string | undefined,
): Affected {
  return {
    after: { policy, statement },
    layer,
    touched: true,
    at,
    callers,
    ...(resource ? { resource } : {}),
  };
}

function standingIn({ principals, targets, organization }: Estate): Standing[] {
  const at = (layer: Layer, policy: Policy | undefined, more: Partial<Standing>): Standing[] =>
    (policy?.statements ?? []).map((statement) => ({ layer, policy: policy as Policy, statement, ...more }));
  return [
    ...principals.flatMap((of) => [
      ...of.identity.flatMap((policy) => at('identity', policy, { of })),
      ...at('boundary', of.boundary, { of }),
      ...at('trust', of.trust, { resource: of.caller.arn }),
    ]),
    ...targets
      .filter(({ type }) => type !== 'AWS::EC2::VPCEndpoint')
      .flatMap(({ policy, arn }: Target) => at('resource', policy, { resource: arn })),
    ...organization.flatMap(({ kind, policy }) => at(kind, policy, {})),
  ];
}

/** Keys whose values are others, or that came or went. */
function differing(before: Context, after: Context): string[] {
  const textOf = (values: readonly string[] | undefined) =>
    values ? JSON.stringify([...values].sort(inOrder)) : '';
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => textOf(before.get(key)) !== textOf(after.get(key)),
  );
}

/** As a condition key, or as a variable. */
function mentions({ conditions, resources }: Statement, keys: readonly string[]): boolean {
  if (keys.length === 0) return false;
  const texts = [...resources, ...conditions.flatMap(({ values }) => values)].filter((each) =>
    each.includes('${'),
  );
  return keys.some(
    (key) =>
      conditions.some((each) => each.key === key) || texts.some((each) => each.toLowerCase().includes(key)),
  );
}
