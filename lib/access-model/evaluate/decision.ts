/** What was decided and by what: data, which others put into words. */
import type { Certainty } from '../policy/certainty';
import type { Effect } from '../policy/document';

/** In the order in which AWS asks them. */
export const LAYERS = [
  'resource-control',
  'service-control',
  'endpoint',
  'resource',
  'identity',
  'boundary',
  'session',
] as const;
export type Layer = (typeof LAYERS)[number];

export interface Decisive {
  readonly layer: Layer;
  /** Id of the policy. */
  readonly policy: string;
  /** Sid, or place in the document. */
  readonly statement: string;
  readonly effect: Effect;
  readonly certainty: Exclude<Certainty, 'no'>;
}

export interface Decision {
  readonly allowed: boolean;
  /** Where it was decided: of a denial the first layer that denies or does not allow, else the one that grants. */
  readonly layer: Layer;
  /** Of a denial: a statement denies; otherwise nothing allows. */
  readonly explicit: boolean;
  /** All statements that deny; of what is allowed, those that allow; of an implicit denial none. */
  readonly statements: readonly Decisive[];
  /** Statements whose say depends on what could not be resolved. */
  readonly doubts: readonly Decisive[];
}
