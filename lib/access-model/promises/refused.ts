/** What nobody of a list may, at once or by any path. */
import type { Analysis } from '../matrix/analysis';
import { rowOf } from '../matrix/matrix';
import type { Check, Failure } from './check';
import { isAny } from './glob';
import type { Promises } from './promises';
import { staleIn } from './stale';

type Refusal = Promises['refused'][number];

export function refusedCheck({ refused }: Promises): Check {
  return {
    id: 'refused',
    title: 'what is refused is refused, by any path where it says so',
    run: (analysis) =>
      refused.flatMap((each) => [
        ...staleIn(analysis, each.who, [...each.what, ...(each.except ?? [])]),
        ...broken(analysis, each),
      ]),
  };
}

function broken(analysis: Analysis, { who, what, except = [], how, why }: Refusal): Failure[] {
  const principals = analysis.estate.principals.filter(({ name }) => isAny(who, name));
  return principals.flatMap((principal) =>
    rowOf(analysis, principal)
      .cells.filter(({ capability: { id } }) => isAny(what, id) && !isAny(except, id))
      .filter(({ direct, holds }) => (how === 'at once' ? direct.holds : holds) !== 'no')
      .map(({ capability: { id, title }, path }) => {
        const through = path.map((edge) => `${edge.technique.verb} ${edge.to.name}`).join(', ');
        return {
          id: `${principal.name} gains ${id} ${how}`,
          message: `${principal.name} may ${title}${through ? ` (${through})` : ''}; refused because: ${why}`,
        };
      }),
  );
}
