/** A promise about an analysis that can be broken, and says where. */
import type { Analysis } from '../matrix/analysis';

export interface Failure {
  /** Stable: the same breach has the same id, whatever else changes. `ProdEngineer gains secret:x`. */
  readonly id: string;
  /** In words: what is so, what should be, and what decides it. */
  readonly message: string;
}

export interface Check {
  /** `rows`, `floor`. */
  readonly id: string;
  /** Completes "checked that ...". */
  readonly title: string;
  /** Empty: the promise holds. */
  run(analysis: Analysis): readonly Failure[];
}
