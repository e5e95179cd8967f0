/**
 * Strictness: whoever sees rows of the own tenant by a capability sees those of a sensitive customer by it, and whoever sees
 * those sees the ordinary ones. The other way round would mean that the own tenant is easier to reach than a customer.
 */
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
      return [...unknown, ...skewed(ids, classes).flatMap((each) => holders(analysis, each))];
    },
  };
}

interface Skewed {
  readonly id: string;
  readonly narrow: Class;
  readonly wide: Class;
}

/** What shows rows of a narrow class, and none of the next wider one. Where nothing does, nobody holds any of it. */
function skewed(ids: readonly string[], classes: Promises['classes']): Skewed[] {
  return ids.flatMap((id) => {
    const shown = classes.filter(({ what }) => isAny(what, id)).flatMap(({ rows }) => rows);
    return CONTAINED.filter(([narrow, wide]) => shown.includes(narrow) && !shown.includes(wide)).map(
      ([narrow, wide]) => ({ id, narrow, wide }),
    );
  });
}

function holders(analysis: Analysis, { id, narrow, wide }: Skewed): Failure[] {
  return analysis.estate.principals
    .filter((principal) =>
      rowOf(analysis, principal).cells.some(
        ({ capability, holds }) => capability.id === id && holds !== 'no',
      ),
    )
    .map(({ name }) => ({
      id: `${name} ${narrow} not ${wide} ${id}`,
      message: `${name} sees rows of ${narrow} tenants by ${id}, and none of ${wide} ones by it`,
    }));
}
