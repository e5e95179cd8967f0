/** What a change of the templates does to access: plain data, by names, in a fixed order. */
import type { Holds } from '../capabilities/capability';
import type { Kind } from '../estate/estate';
import type { Possibility } from '../questions/witness';

export interface AccessChanges {
  /** By name; only those with a change. */
  readonly principals: readonly PrincipalChange[];
  /** By policy and statement. */
  readonly statements: readonly StatementChange[];
  /** Requests that the changed statements are about, and that are answered in another way than before. */
  readonly requests: readonly RequestChange[];
}

export interface PrincipalChange {
  readonly name: string;
  readonly kind: Kind;
  readonly change: 'added' | 'removed' | 'changed';
  /** `Stack.LogicalId`, where a template makes it. */
  readonly where?: string;
  readonly capabilities: readonly CapabilityChange[];
  readonly becomes: readonly BecomingChange[];
}

/** `gained`: from no; `lost`: to no; `widened`: from in part to yes; `narrowed`: from yes to in part. */
export type Direction = 'gained' | 'lost' | 'widened' | 'narrowed';

export interface CapabilityChange {
  readonly capability: string;
  readonly title: string;
  readonly change: Direction;
  readonly from: Holds;
  readonly to: Holds;
  /** Empty: by itself. Of what is lost or narrowed: the path that there was. */
  readonly path: readonly PathStep[];
}

export interface BecomingChange {
  readonly principal: string;
  readonly change: Direction;
  readonly from: Holds;
  readonly to: Holds;
  readonly path: readonly PathStep[];
}

export interface PathStep {
  readonly from: string;
  /** `assumes`. */
  readonly verb: string;
  readonly to: string;
  readonly certain: boolean;
}

/** Where a policy stands. */
export const LAYERS = [
  'identity',
  'boundary',
  'trust',
  'resource',
  'endpoint',
  'service-control',
  'resource-control',
] as const;
export type Layer = (typeof LAYERS)[number];

export interface StatementChange {
  readonly layer: Layer;
  /** Id of the policy. */
  readonly policy: string;
  /** Sid, or place in the document. */
  readonly statement: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Names of the principals that it stands at, or the id of the resource. */
  readonly at: readonly string[];
  /** `Stack.LogicalId`, where a template holds the policy. */
  readonly where?: string;
  /** Normalized. */
  readonly before?: Plain;
  readonly after?: Plain;
}

/** A statement in the one form in which equal statements are equal: names of actions in lower case, lists sorted. */
export interface Plain {
  readonly effect: 'Allow' | 'Deny';
  readonly principals?: Readonly<Record<string, readonly string[]>>;
  readonly notPrincipals?: Readonly<Record<string, readonly string[]>>;
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  /** `StringEquals aws:PrincipalTag/team` to its values. */
  readonly conditions?: Readonly<Record<string, readonly string[]>>;
  /** Version 2008-10-17: variables stand for themselves. */
  readonly withoutVariables?: true;
  /** Nobody knows whether the policy is attached, or what it says. */
  readonly doubtful?: true;
}

export interface RequestChange {
  readonly principal: string;
  /** `service:Action`. */
  readonly action: string;
  readonly resource: string;
  /** Keys under which the answer changed; an empty list: the key is absent. None: it changed altogether. */
  readonly context: Readonly<Record<string, readonly string[]>>;
  readonly change: 'broadened' | 'narrowed';
  /** As if the principal's own policies allowed everything: what changed is what others refuse. */
  readonly floor: boolean;
  readonly from: Possibility['possible'];
  readonly to: Possibility['possible'];
  /** The change of a principal that says the same: `gains secret:write`. */
  readonly within?: string;
  /** The statement that led here. */
  readonly policy: string;
  readonly statement: string;
  readonly where?: string;
}

const RANK: Readonly<Record<Holds, number>> = { no: 0, 'in part': 1, yes: 2 };

export const isMore = (than: Holds, holds: Holds): boolean => RANK[holds] > RANK[than];

export function directionOf(from: Holds, to: Holds): Direction | undefined {
  if (from === to) return undefined;
  if (isMore(from, to)) return from === 'no' ? 'gained' : 'widened';
  return to === 'no' ? 'lost' : 'narrowed';
}
