/** Who is assigned to permission sets: groups, and none of them to two sets that are meant for different people. */
import { text } from '../estate/properties';
import type { Check, Failure } from './check';
import { isAny } from './glob';
import type { Promises } from './promises';

export function assignmentsCheck({ floor }: Promises): Check {
  return {
    id: 'assignments',
    title: 'permission sets are assigned to groups, and no group to two personas',
    run({ estate: { resources, principals } }) {
      const guarded = principals.filter(
        ({ kind, name }) => kind === 'person' && floor.some(({ who }) => isAny(who, name)),
      );
      const assignments = resources
        .filter(({ type }) => type === 'AWS::SSO::Assignment')
        .map(({ id, properties }) => ({
          id,
          set: resources.find(({ ref }) => ref === properties.PermissionSetArn),
          type: text(properties.PrincipalType) ?? '',
          who: text(properties.PrincipalId) ?? '',
        }))
        .filter(({ set }) => guarded.some(({ id }) => id === set?.id));
      const persons = assignments
        .filter(({ type }) => type !== 'GROUP')
        .map(
          ({ id }): Failure => ({
            id: `${id} is no group`,
            message: `${id} assigns a permission set to a person, and not to a group`,
          }),
        );
      const shared = assignments.filter(({ who, set }, i) =>
        assignments.some((each, j) => j < i && each.who === who && each.set !== set),
      );
      return [
        ...persons,
        ...shared.map(
          ({ id, who }): Failure => ({
            id: `${id} shares ${who}`,
            message: `${id} gives the group ${who} a second persona`,
          }),
        ),
      ];
    },
  };
}
