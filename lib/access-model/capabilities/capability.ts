/**
 * What somebody can do, in the words of those who review it, made of actions on resources.
 *
 * A claim that somebody cannot do it must hold for the least that it takes; a claim that somebody can, for all of it. So a way
 * has `steps`, without any of which it is closed, and `also`, what AWS asks for on top.
 */
import type { Context } from '../policy/context';

export interface Step {
  /** `service:Action`. */
  readonly action: string;
  /** ARN, or `*`. */
  readonly resource: string;
  /** Keys that a request for this purpose has; an empty list: it has none. What is not named is chosen by who asks. */
  readonly context?: Context;
}

export interface Way {
  readonly steps: readonly Step[];
  readonly also?: readonly Step[];
}

export const GROUPS = ['data', 'secrets', 'records', 'identities', 'what runs', 'day to day'] as const;
export type Group = (typeof GROUPS)[number];

export interface Whereabouts {
  readonly account: string;
  readonly region: string;
  /** `Stack.LogicalId`, or whatever else is unique. */
  readonly id: string;
}

export interface Capability {
  /** `shell:tz-prod-support`, `secret:read`. Stable: promises and accepted changes name it. */
  readonly id: string;
  /** Completes "may ...". */
  readonly title: string;
  readonly group: Group;
  /** Of several alike: what this one is about. The title ends in it, and rows that say the same are put together. */
  readonly object?: string;
  /** Where the object lies, which tells it from others of the same name. */
  readonly place?: Whereabouts;
  /** One suffices. None: there is nothing here that it could be done to. */
  readonly ways: readonly Way[];
}

/** `in part`: the least of it, but not all that AWS asks for; or it depends on what could not be resolved. */
export type Holds = 'yes' | 'in part' | 'no';
