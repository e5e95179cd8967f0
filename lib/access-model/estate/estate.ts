/** Who there is and what there is, with the policies of each: what questions are asked of. */
import type { ResolvedStackHead, Resource } from '../assembly/assembly';
import type { Unresolved } from '../assembly/unresolved';
import type { Caller } from '../evaluate/caller';
import type { Certainty } from '../policy/certainty';
import type { Context } from '../policy/context';
import type { Policy } from '../policy/document';

/** `named`: a role that policies name and no template makes; what it may do, others decide. `stranger`: of no account here. */
export const KINDS = [
  'person',
  'task',
  'function',
  'pipeline',
  'deployment',
  'service',
  'role',
  'user',
  'named',
  'administrator',
  'stranger',
] as const;
export type Kind = (typeof KINDS)[number];

export interface Principal {
  /** As people call it: the permission set, the role. Unique in the estate. */
  readonly name: string;
  readonly kind: Kind;
  readonly caller: Caller;
  /** `Stack.LogicalId`. */
  readonly id?: string;
  readonly path?: string;
  readonly identity: readonly Policy[];
  readonly boundary?: Policy;
  readonly boundaryArn?: string;
  /** Who becomes it. */
  readonly trust?: Policy;
  /** `aws:PrincipalTag/...`. */
  readonly keys: Context;
  /** Of a permission set. */
  readonly sessionMinutes?: number;
  /** Of a user. */
  readonly groups?: readonly Membership[];
}

/** A group that a user is in, surely or perhaps. */
export interface Membership {
  readonly arn: string;
  readonly certainty: Exclude<Certainty, 'no'>;
}

/** A resource that may be asked for. */
export interface Target {
  readonly id: string;
  readonly type: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** Physical, or what stands for it. */
  readonly name: string;
  readonly stack: ResolvedStackHead;
  readonly logicalId: string;
  readonly path?: string;
  readonly policy?: Policy;
  /** What every request for it carries: tags, aliases of a key. */
  readonly keys: Context;
  readonly properties: Readonly<Record<string, unknown>>;
  /** What `Fn::GetAtt` gives, also where no template asks for it. */
  attribute(name: string): string | undefined;
}

/** A policy of the organization with the ids that it is attached to. */
export interface OrganizationPolicy {
  readonly kind: 'service-control' | 'resource-control';
  readonly policy: Policy;
  readonly targets: readonly string[];
}

export interface Estate {
  readonly principals: readonly Principal[];
  readonly targets: readonly Target[];
  /** All of them, those without an ARN too. */
  readonly resources: readonly Resource[];
  readonly organization: readonly OrganizationPolicy[];
  readonly stacks: readonly ResolvedStackHead[];
  readonly unresolved: readonly Unresolved[];
}
