/** What the probes measured: per table, role and verb, with the evidence. */
import type { Sees, Verb } from '../../registry/types';

export type ProbeMode =
  /** Rows are made, in a transaction that is rolled back. */
  | 'synthetic'
  /** Rows that exist are looked at, nothing is written: for a database in production. */
  | 'existing';

/** What should happen when the case runs. */
export type Expected =
  /** Exactly one row. */
  | 'reached'
  /** No row, and no sign of one. */
  | 'hidden'
  /** An error of row security, or of the trigger that keeps rows in their organization. */
  | 'refused'
  /** An error: the role does not hold the privilege. */
  | 'denied'
  /** An error of the privilege, or no row. */
  | 'denied-or-hidden'
  /** An error: this transaction carries no token. */
  | 'token-missing'
  /** An error of the privilege, or of the trigger against TRUNCATE. */
  | 'truncate-refused'
  /** No error; any number of rows. */
  | 'allowed';

export type Verdict =
  | 'as-expected'
  /** The role reached what it must not reach. */
  | 'leak'
  /** The role could not reach what it should. */
  | 'unreachable'
  /** The statement failed in a way that says nothing about isolation. */
  | 'error'
  /** There was nothing to measure with. */
  | 'unmeasured';

export interface Evidence {
  /** `row of A`, `move from A to S`; A and B are ordinary organizations, S is sensitive, O the own tenant. */
  readonly what: string;
  readonly expected: Expected;
  /** Rows found or changed; undefined after an error. */
  readonly rows: number | undefined;
  readonly sqlstate: string | undefined;
  readonly message: string | undefined;
  readonly verdict: Verdict;
}

export type Outcome = 'proved' | 'violated' | 'unproved';
export type ProbedVerb = Verb | 'truncate';

export interface Measurement {
  /** Quoted and qualified. */
  readonly table: string;
  readonly role: string;
  readonly sees: Sees;
  readonly verb: ProbedVerb;
  /** Whether the registry gives the role this verb here. */
  readonly granted: boolean;
  readonly outcome: Outcome;
  readonly evidence: readonly Evidence[];
}

/** A table, or a role on a table, about which nothing could be measured. */
export interface Unproved {
  readonly table: string;
  readonly reason: string;
  readonly fix: string;
}

export interface ProbeReport {
  readonly mode: ProbeMode;
  readonly measurements: readonly Measurement[];
  readonly unproved: readonly Unproved[];
  /** Tables whose probe broke off: table and reason. */
  readonly failed: readonly { readonly table: string; readonly reason: string }[];
  readonly counts: {
    readonly tables: number;
    readonly proved: number;
    readonly violated: number;
    readonly unproved: number;
    readonly cases: number;
  };
  readonly milliseconds: number;
}

/** The outcome of one verb from its cases: one leak is a violation, and nothing less than every control is a proof. */
export function outcomeOf(evidence: readonly Evidence[]): Outcome {
  if (evidence.some((each) => each.verdict === 'leak')) return 'violated';
  return evidence.length > 0 && evidence.every((each) => each.verdict === 'as-expected')
    ? 'proved'
    : 'unproved';
}
