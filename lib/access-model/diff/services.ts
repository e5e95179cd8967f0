/** Services whose names a comparison needs. */
import type { Estate } from '../estate/estate';
import type { NamedPolicy } from '../names/statements';
import { servicesOf } from '../names/validate';
import type { Policy } from '../policy/document';

export function servicesIn(estates: readonly Estate[]): string[] {
  const policies = estates.flatMap(({ principals, targets, organization }) => [
    ...principals.flatMap(({ identity, boundary, trust }) => [...identity, boundary, trust]),
    ...targets.map(({ policy }) => policy),
    ...organization.map(({ policy }) => policy),
  ]);
  const named = policies.filter((each): each is Policy => each !== undefined);
  return [...servicesOf(named.map(({ id, document }): NamedPolicy => ({ id, document })))].sort();
}
