/**
 * Roles that the registry managed and no longer names. Their policies go by name; their grants must go too: on a table
 * with a policy of somebody else's for PUBLIC, on an excluded table and on a view they would still count. Pure.
 */
import type { Desired, DesiredRelation } from '../compiler/desired';
import { GUARD_OWNER, isOurs, isRolePolicy } from '../compiler/our-names';
import type { Observed } from './observed';

/** The same, with an empty list of grants for every retired role, and for `guard_owner` where it needs nothing. */
export function retireRoles(desired: Desired, observed: Observed): Desired {
  const retired = retiredRoles(desired, observed);
  const entries = (relation: DesiredRelation): ReadonlyMap<string, readonly string[]> => {
    const held = observed.relations.get(relation.relation.oid);
    const grants = new Map(relation.grants);
    const holders = [
      ...(held?.grants ?? []),
      ...(held?.columnGrants ?? []),
      ...(held?.sequences ?? []).flatMap((each) => each.grants),
    ];
    for (const { role } of holders)
      if ((retired.has(role) || role === GUARD_OWNER) && !grants.has(role)) grants.set(role, []);
    return grants;
  };
  return {
    ...desired,
    relations: desired.relations.map((relation) => ({ ...relation, grants: entries(relation) })),
  };
}

/** As the last apply wrote down, and as policies of ours say: a crash may have come before it wrote. */
export function retiredRoles(desired: Desired, observed: Observed): ReadonlySet<string> {
  const retired = new Set(observed.state?.roles ?? []);
  for (const { policies } of observed.relations.values()) {
    for (const { name, roles } of policies)
      if (isOurs(name) && isRolePolicy(name)) for (const role of roles) retired.add(role);
  }
  for (const role of desired.roles) retired.delete(role.name);
  retired.delete(GUARD_OWNER);
  retired.delete('PUBLIC');
  return retired;
}
