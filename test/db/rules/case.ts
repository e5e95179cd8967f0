import type { Severity } from '../../../sql/verifier/types';
import type { Register } from './fixture';

/** One planted fault: nothing is found, the fault is planted, one finding names it, the fix makes it go away. */
export interface RuleCase {
  readonly rule: string;
  /** What is planted, as the end of "finds ...". */
  readonly fault: string;
  /** SQL that is no fault by itself. */
  readonly setup?: string;
  readonly plant: string;
  /** The key of the one finding. */
  readonly key: string;
  /** Default: the rule's own. */
  readonly severity?: Severity;
  /** SQL. Default: the finding's own `fix`, which then is executed as it stands. */
  readonly fix?: string;
  readonly register?: Register;
  /** The server version that the rule is made to see before, after planting, and after the fix. */
  readonly version?: readonly [clean: number, planted: number, fixed: number];
}
