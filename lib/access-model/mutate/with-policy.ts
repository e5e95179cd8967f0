/** The same estate with another text of one policy, wherever it is used. */
import type { Estate, OrganizationPolicy, Principal, Target } from '../estate/estate';
import { type Policy, parsePolicy } from '../policy/document';
import { joined, partsOf } from './policies';

/**
 * What does not use the policy stays the same object. The resources keep the text that the templates have: it is read from
 * them no more once the estate is there.
 */
export function withPolicy(estate: Estate, policyId: string, document: unknown): Estate {
  const parsed = parsePolicy(policyId, document);
  const swap = (policy: Policy): Policy => (policy.id === policyId ? { ...policy, ...parsed } : policy);
  // Shared by reference before, and so it is after.
  const known = new Map<Policy, Policy>();
  const swapped = (policy: Policy): Policy => {
    const before = known.get(policy);
    if (before) return before;
    const made = swap(policy);
    known.set(policy, made);
    return made;
  };
  const ofTarget = (policy: Policy, target: Target): Policy => {
    if (policy.id === policyId) return swapped(policy);
    if (!policy.id.includes(policyId)) return policy;
    const parts = partsOf(policy, target, estate.resources);
    return parts.some(({ id }) => id === policyId) ? joined(parts.map(swapped)) : policy;
  };
  return {
    ...estate,
    principals: estate.principals.map((each) => principalWith(each, swapped)),
    targets: estate.targets.map((each): Target => {
      if (!each.policy) return each;
      const policy = ofTarget(each.policy, each);
      return policy === each.policy ? each : { ...each, policy };
    }),
    organization: estate.organization.map((each): OrganizationPolicy => {
      const policy = swapped(each.policy);
      return policy === each.policy ? each : { ...each, policy };
    }),
  };
}

function principalWith(principal: Principal, swapped: (policy: Policy) => Policy): Principal {
  const identity = principal.identity.map(swapped);
  const boundary = principal.boundary && swapped(principal.boundary);
  const trust = principal.trust && swapped(principal.trust);
  const isSame =
    identity.every((each, i) => each === principal.identity[i]) &&
    boundary === principal.boundary &&
    trust === principal.trust;
  if (isSame) return principal;
  return { ...principal, identity, ...(boundary ? { boundary } : {}), ...(trust ? { trust } : {}) };
}
