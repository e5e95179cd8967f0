/** Every policy of an estate, and the services whose names a comparison needs. */
import type { Estate } from '../estate/estate';
import type { Policy, Statement } from '../policy/document';

export function statementsOf({ principals, targets, organization }: Estate): Statement[] {
  const policies: (Policy | undefined)[] = [
    ...principals.flatMap(({ identity, boundary, trust }) => [...identity, boundary, trust]),
    ...targets.map(({ policy }) => policy),
    ...organization.map(({ policy }) => policy),
  ];
  return policies.flatMap((policy) => policy?.statements ?? []);
}

/** Prefixes as in actions; a pattern of services is one of those that are named otherwise. */
export function servicesIn(estates: readonly Estate[]): string[] {
  const actions = estates.flatMap(statementsOf).flatMap((each) => each.actions);
  const prefixes = actions.map((each) => each.split(':')[0]?.toLowerCase() ?? '');
  return [...new Set(prefixes)].filter((each) => /^[a-z0-9-]+$/.test(each)).sort();
}
