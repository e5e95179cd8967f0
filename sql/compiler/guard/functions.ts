/** All guard functions in the order in which they can be created: what is called stands before its caller. */
import type { Sees } from '../../registry/types';
import type { BoundRegistry } from '../bound';
import type { DesiredFunction } from '../desired';
import { approvalFunctions } from './approvals';
import { listFunctions } from './organizations';
import { refusalFunctions } from './refusals';
import { searchFunctions } from './search';
import { stateFunctions } from './state';
import { tokenFunctions } from './token';

export function guardFunctions(bound: BoundRegistry, owners: string[]): DesiredFunction[] {
  const { registry, key } = bound;
  const rolesThatSee = (...sees: Sees[]) =>
    registry.roles
      .filter((role) => sees.includes(role.sees))
      .map((role) => role.name)
      .sort();
  const staff = rolesThatSee('assigned-organizations');
  return [
    ...tokenFunctions(bound, {
      tenant: rolesThatSee('current-organization'),
      anyone: rolesThatSee('current-organization', 'assigned-organizations', 'non-sensitive', 'everything'),
      keySetters: [...registry.appliers].sort(),
    }),
    ...listFunctions(bound, {
      hidden: rolesThatSee('non-sensitive'),
      assigned: staff,
    }),
    ...stateFunctions(rolesThatSee('current-organization', 'assigned-organizations', 'non-sensitive')),
    ...refusalFunctions(bound, key.type, owners),
    ...searchFunctions(bound),
    ...(registry.approvals ? approvalFunctions(bound) : []),
  ];
}
