/** Policies of the organization that changed, or that are attached elsewhere. */
import { isMarked } from '../assembly/unresolved';
import type { Estate, OrganizationPolicy } from '../estate/estate';
import { inOrder } from '../in-order';
import type { Pair } from './pairs';
import type { Affected } from './places';
import { changedStatements } from './statements';

export function affectedByOrganization(base: Estate, head: Estate, pairs: readonly Pair[]): Affected[] {
  const was = new Map(base.organization.map((each) => [each.policy.id, each]));
  const is = new Map(head.organization.map((each) => [each.policy.id, each]));
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((id) =>
    ofPolicy(was.get(id), is.get(id), pairs),
  );
}

function ofPolicy(
  before: OrganizationPolicy | undefined,
  after: OrganizationPolicy | undefined,
  pairs: readonly Pair[],
): Affected[] {
  const { kind, policy } = (after ?? before) as OrganizationPolicy;
  const moved = before && after && targetsOf(before) !== targetsOf(after);
  const statements = moved
    ? [...changedStatements([before.policy], []), ...changedStatements([], [after.policy])]
    : changedStatements(before ? [before.policy] : [], after ? [after.policy] : []);
  const targets = [...(before?.targets ?? []), ...(after?.targets ?? [])];
  // Of a unit or the root nobody knows the accounts; of a resource's owner nobody who asks.
  const everyone =
    kind === 'resource-control' || targets.some((each) => /^(r|ou)-/.test(each) || isMarked(each));
  const callers = pairs.filter(({ head }) => head && (everyone || targets.includes(head.caller.account)));
  return statements.map((each) => ({ ...each, layer: kind, at: policy.id, where: policy.id, callers }));
}

const targetsOf = ({ targets }: OrganizationPolicy): string => [...targets].sort(inOrder).join(' ');
