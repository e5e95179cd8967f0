/** One policy with one fault in it: what somebody's slip, or somebody's intent, would make of it. */

export const MUTANT_KINDS = [
  'drop-statement',
  'drop-condition',
  /** One of several values of a condition: of a negated one, whom or what it exempts. */
  'drop-value',
  /** A value of a condition becomes `*`. */
  'widen-value',
  /** What is allowed, on everything. */
  'widen-resource',
  /** One of several resources is no longer denied. */
  'drop-denied-resource',
  /** `NotResource` of a denial excepts everything. */
  'widen-excepted-resource',
  /** Allowed to everyone. */
  'widen-principal',
  /** All of the service is allowed. */
  'widen-action',
  /** One of several actions is no longer denied. */
  'drop-denied-action',
  /** `NotAction` of a denial excepts all of a service. */
  'widen-excepted-action',
  /** `NotAction` of a permission excepts one action less. */
  'drop-excepted-action',
] as const;
export type MutantKind = (typeof MUTANT_KINDS)[number];

/** Of what principals can do. */
export type Direction = 'broadens' | 'narrows';

export interface Mutant {
  /** `Sensitive.Key policy / Decrypt / drop-condition StringEquals kms:viaservice`: the same as long as the policy is. */
  readonly id: string;
  /** Id of the policy; of joined policies, of the one that is changed. */
  readonly policy: string;
  /** The Sid, or the place in the document, from 1. */
  readonly statement: string;
  /** From 0. */
  readonly place: number;
  readonly kind: MutantKind;
  readonly direction: Direction;
  /** The whole policy with the fault. */
  readonly document: unknown;
}
