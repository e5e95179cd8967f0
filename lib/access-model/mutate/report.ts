/** What became of each mutant. */
import type { Mutant, MutantKind } from './mutant';
import { MUTANT_KINDS } from './mutant';

/** Why nothing could notice it. */
export type Equivalence =
  /** The same requests are decided as before, by these. */
  | { readonly reason: 'masked'; readonly by: readonly string[] }
  | { readonly reason: 'nobody here makes such a request' }
  /** It stands at a resource, and is asked about no other. */
  | { readonly reason: 'no other resource' }
  /** An action that takes no resource is not asked about at one. */
  | { readonly reason: 'the action is about no resource' }
  | { readonly reason: 'the service has no other action' };

export type Outcome =
  | { readonly outcome: 'noticed'; readonly by: readonly string[] }
  | { readonly outcome: 'equivalent'; readonly why: Equivalence }
  /** `differs`: requests that are decided otherwise, in words; none where no request was found that is. */
  | { readonly outcome: 'not noticed'; readonly differs: readonly string[] };

export interface Result {
  readonly mutant: Omit<Mutant, 'document'>;
  readonly outcome: Outcome;
}

export interface MutationReport {
  readonly checks: readonly string[];
  readonly results: readonly Result[];
}

export interface Score {
  readonly mutants: number;
  readonly noticed: number;
  readonly equivalent: number;
  readonly notNoticed: number;
  /** Noticed, of those that are not equivalent; 1 where there are none. */
  readonly score: number;
}

export function scoreOf(results: readonly Result[]): Score {
  const count = (outcome: Outcome['outcome']) =>
    results.filter((each) => each.outcome.outcome === outcome).length;
  const [noticed, equivalent, notNoticed] = [count('noticed'), count('equivalent'), count('not noticed')];
  const counted = noticed + notNoticed;
  return {
    mutants: results.length,
    noticed,
    equivalent,
    notNoticed,
    score: counted === 0 ? 1 : noticed / counted,
  };
}

/** Of the kinds that there are, in their order. */
export function scoresByKind({ results }: MutationReport): [MutantKind, Score][] {
  return MUTANT_KINDS.map((kind): [MutantKind, Score] => [
    kind,
    scoreOf(results.filter(({ mutant }) => mutant.kind === kind)),
  ]).filter(([, { mutants }]) => mutants > 0);
}
