/** A promise about nobody, or about nothing, is kept by anything. */
import type { Analysis } from '../matrix/analysis';
import type { Failure } from './check';
import { unmatched } from './glob';

/** @param what - patterns of capabilities */
export function staleIn(
  { estate, capabilities }: Analysis,
  who: readonly string[],
  what: readonly string[],
): Failure[] {
  const nobody = unmatched(
    who,
    estate.principals.map(({ name }) => name),
  );
  const nothing = unmatched(
    what,
    capabilities.map(({ id }) => id),
  );
  return [
    ...nobody.map((pattern) => ({
      id: `no ${pattern}`,
      message: `something is promised of ${pattern}, and there is nobody of that name`,
    })),
    ...nothing.map((pattern) => ({
      id: `no ${pattern}`,
      message: `something is promised about ${pattern}, and there is no such capability here`,
    })),
  ];
}
