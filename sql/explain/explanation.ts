/** What `explain` says about a table, as data. It speaks of rules, never of rows: whether one exists is not its business. */
import type { Mode } from '../compiler/desired';
import type { Location, Sees } from '../registry';

/** One step of the way from a row to its organization. */
export type Step =
  | { readonly kind: 'key'; readonly table: string; readonly column: string }
  | { readonly kind: 'column'; readonly table: string; readonly column: string }
  /** `links`: pairs of columns, here and there. */
  | {
      readonly kind: 'foreign-key';
      readonly table: string;
      readonly to: string;
      readonly links: readonly (readonly [string, string])[];
    }
  /** Rows of `by` point here; one of them that is visible is enough. */
  | {
      readonly kind: 'pointed-at';
      readonly table: string;
      readonly by: string;
      readonly links: readonly (readonly [string, string])[];
    };

/** Why the table is treated as it is. */
export type Decision =
  | { readonly kind: 'organizations'; readonly location: Location }
  | { readonly kind: 'registered'; readonly location: Location }
  | { readonly kind: 'child'; readonly parent: string; readonly location: Location }
  | {
      readonly kind: 'excluded';
      readonly reason: string;
      readonly owner: string;
      readonly until: string;
      readonly location: Location;
    }
  | { readonly kind: 'view'; readonly location: Location }
  | {
      readonly kind: 'unregistered';
      readonly undecided: string | undefined;
      readonly location: Location | undefined;
    };

export interface PolicyExplanation {
  readonly name: string;
  readonly permissive: boolean;
  readonly using: string;
}

export interface RoleExplanation {
  readonly role: string;
  /** Undefined: the owner of the table, which is no role of the registry. */
  readonly sees: Sees | undefined;
  /** Table privileges, upper case. */
  readonly verbs: readonly string[];
  readonly policies: readonly PolicyExplanation[];
  /** One sentence each: what it sees, and why. */
  readonly because: readonly string[];
}

export interface Explanation {
  readonly table: string;
  readonly mode: Mode;
  readonly decision: Decision;
  /** Empty when no organization decides. Several columns of the first table are several steps: all must be visible. */
  readonly path: readonly Step[];
  readonly children: readonly string[];
  readonly roles: readonly RoleExplanation[];
  readonly database: {
    /** Whether this table is now as the registry wants it. */
    readonly matches: boolean;
    /** `add policy tenant_zero_owner` */
    readonly pending: readonly string[];
    /** Changes of roles and of the schema guard, on which every table rests. */
    readonly enginePending: number;
    /** Policies that are not ours and stay. */
    readonly foreignPolicies: readonly string[];
  };
}
