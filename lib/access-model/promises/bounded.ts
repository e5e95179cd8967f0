/** Who stands under which boundary. One that is lost changes no decision on the day it is lost. */
import type { Check } from './check';
import { isAny, isLike, unmatched } from './glob';
import type { Promises } from './promises';

export function boundedCheck({ bounded }: Promises): Check {
  return {
    id: 'bounded',
    title: 'roles stand under their boundary',
    run: ({ estate: { principals } }) =>
      bounded.flatMap(({ who, boundary }) => {
        const meant = principals.filter(({ name }) => isAny(who, name));
        const nobody = unmatched(
          who,
          principals.map(({ name }) => name),
        ).map((pattern) => ({
          id: `no ${pattern}`,
          message: `a boundary is promised for ${pattern}, and there is nobody of that name`,
        }));
        const without = meant.filter(
          ({ boundaryArn }) => boundaryArn === undefined || !isLike(boundary, boundaryArn),
        );
        return [
          ...nobody,
          ...without.map(({ name, boundaryArn = 'none' }) => ({
            id: `${name} without its boundary`,
            message: `${name} stands under ${boundaryArn}, not ${boundary}`,
          })),
        ];
      }),
  };
}
