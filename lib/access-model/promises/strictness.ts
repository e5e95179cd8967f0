/**
 * Strictness: whoever sees rows of the own tenant by a capability sees those of a sensitive customer by it, and whoever sees
 * those sees the ordinary ones. The other way round would mean that the own tenant is easier to reach than a customer.
 */
import type { Principal } from '../estate/estate';
import type { Analysis } from '../matrix/analysis';
import { rowOf } from '../matrix/matrix';
import type { Check, Failure } from './check';
import { isAny, unmatched } from './glob';
import type { Promises } from './promises';

type Class = Promises['classes'][number]['rows'][number];

/** From each class to the next wider one. */
const CONTAINED: readonly (readonly [Class, Class])[] = [
  ['own', 'sensitive'],
  ['sensitive', 'ordinary'],
];

export function strictnessCheck({ classes }: Promises): Check {
  return {
    id: 'strictness',
    title:
      'access to the own tenant is contained in that of a sensitive customer, and that in that of an ordinary one',
    run(analysis) {
      const ids = analysis.capabilities.map(({ id }) => id);
      const unknown = unmatched(
        classes.flatMap(({ what }) => what),
        ids,
      ).map((pattern) => ({
        id: `no ${pattern}`,
        message: `${pattern} shows rows of tenants, and there is no such capability here`,
      }));
      return [
        ...unknown,
        ...analysis.estate.principals.flatMap((principal) => ofPrincipal(analysis, principal, classes)),
      ];
    },
  };
}

function ofPrincipal(analysis: Analysis, principal: Principal, classes: Promises['classes']): Failure[] {
  const { cells } = rowOf(analysis, principal);
  const held = cells.filter(({ holds }) => holds !== 'no').map(({ capability: { id } }) => id);
  const seenBy = (name: Class) =>
    held.filter((id) => classes.some(({ what, rows }) => rows.includes(name) && isAny(what, id)));
  return CONTAINED.flatMap(([narrow, wide]) =>
    seenBy(narrow)
      .filter((id) => !seenBy(wide).includes(id))
      .map((id) => ({
        id: `${principal.name} ${narrow} not ${wide} ${id}`,
        message: `${principal.name} sees rows of ${narrow} tenants by ${id}, and none of ${wide} ones by it`,
      })),
  );
}
