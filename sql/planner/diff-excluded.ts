/** A table that the registry excludes and that carries protection of ours, from a time when it said otherwise. Pure. */
import type { DesiredRelation } from '../compiler/desired';
import { isOurs, isRolePolicy } from '../compiler/our-names';
import { ident, qualified } from '../db/names';
import type { ObservedRelation } from './observed';
import type { Add } from './relation-context';

/**
 * Sealed before (nobody had registered it): the exclusion is the decision that was missing, and the seal goes.
 *
 * Registered before: a rollback to an older registry looks exactly like this, and must not open tenants' rows. Lifting
 * that protection is somebody's own act; the plan says so until it is done.
 */
export function diffExcluded(
  desired: DesiredRelation,
  observed: ObservedRelation,
  wasRegistered: boolean,
  add: Add,
): void {
  const { relation } = desired;
  const table = qualified(relation.table);
  const policies = observed.policies.filter((policy) => isOurs(policy.name));
  const { triggers } = observed;
  if (policies.length + triggers.length === 0) return;
  const foreign = observed.policies.length > policies.length;
  const lift = [
    ...policies.map(({ name }) => `DROP POLICY ${ident(name)} ON ${table}`),
    ...triggers.map(({ name }) => `DROP TRIGGER ${ident(name)} ON ${table}`),
    `ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`,
    // With policies of its own the product had row security before us, and keeps it.
    ...(foreign ? [] : [`ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`]),
  ];
  add({
    kind: 'row-security',
    action: 'remove',
    name: wasRegistered ? 'protection from when it was registered' : 'seal',
    before: policies.map(({ name }) => name).join(', '),
    sql: wasRegistered ? [] : lift,
    note: wasRegistered
      ? `it stays protected: an older registry must not open it. If it holds no tenant's rows, run as ${relation.owner}: ${lift.join('; ')}`
      : undefined,
  });
}

/** Whether policies per role stand on it. */
export function hasRolePolicies(observed: ObservedRelation | undefined): boolean {
  return observed?.policies.some((policy) => isRolePolicy(policy.name)) ?? false;
}
