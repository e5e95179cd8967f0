/** The form of a condition, and the ways to say that one does not hold. */
import type { Facts } from '../facts';

/** Null: it holds. */
export type Doubt = null | {
  /** What was found instead. */
  readonly found: string;
  /** It may come to hold by itself in a moment: a deploy under way, an agent that starts. */
  readonly passing: boolean;
};

export interface Condition {
  /** Stable, for machines and tests. */
  readonly id: string;
  /** What has to be so. */
  readonly what: string;
  /** Who can mend it, and how. */
  readonly whoMends: string;
  holds(facts: Facts): Doubt;
}

export const wrong = (found: string): Doubt => ({ found, passing: false });
export const notYet = (found: string): Doubt => ({ found, passing: true });

/** `undefined` is not what anything should be. */
export const seen = (value: unknown): string =>
  value === undefined || value === null || value === '' ? 'nothing' : String(value);

/** Exact, and never equal by both being missing. */
export function same(name: string, given: unknown, wanted: string | number | boolean): Doubt {
  return given === wanted ? null : wrong(`${name} is ${seen(given)}, not ${wanted}`);
}

export const DEPLOYERS = 'the platform engineers: deploy the stage, docs/deploy.md';
export const SECURITY = 'the owners of the platform: somebody changed what is deployed, see docs/runbook.md';
