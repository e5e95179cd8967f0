/** What nobody of a list may, at once or by any path. */
import type { Analysis } from '../matrix/analysis';
import { rowOf } from '../matrix/matrix';
import type { Check, Failure } from './check';
import { isAny, unmatched } from './glob';
import type { Promises } from './promises';

type Refusal = Promises['refused'][number];

export function refusedCheck({ refused }: Promises): Check {
  return {
    id: 'refused',
    title: 'what is refused is refused, by any path where it says so',
    run: (analysis) => refused.flatMap((each) => [...stale(analysis, each), ...broken(analysis, each)]),
  };
}

/** A promise about nobody, or about nothing, is kept by anything. */
function stale({ estate, capabilities }: Analysis, { who, what, except = [] }: Refusal): Failure[] {
  const nobody = unmatched(
    who,
    estate.principals.map(({ name }) => name),
  );
  const nothing = unmatched(
    [...what, ...except],
    capabilities.map(({ id }) => id),
  );
  return [
    ...nobody.map((pattern) => ({
      id: `no ${pattern}`,
      message: `something is refused to ${pattern}, and there is nobody of that name`,
    })),
    ...nothing.map((pattern) => ({
      id: `no ${pattern}`,
      message: `${pattern} is refused, and there is no such capability here`,
    })),
  ];
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
