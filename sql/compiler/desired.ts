/** The state that a registry asks for, as comparable values. The planner reads the same values from the catalog. */
import type { Relation } from './bound';

export interface Policy {
  readonly name: string;
  readonly permissive: boolean;
  readonly command: 'ALL' | 'SELECT';
  /** Exactly one role: a policy of ours is never for PUBLIC. */
  readonly role: string;
  /** SQL as compiled. The planner compares it after PostgreSQL has parsed and printed it. */
  readonly using: string;
  readonly check: string | undefined;
}

export interface Trigger {
  readonly name: string;
  /** `BEFORE TRUNCATE`, in the order in which `pg_get_triggerdef` prints events: INSERT, DELETE, UPDATE, TRUNCATE. */
  readonly events: string;
  /** `FOR EACH ROW WHEN (...)` or `FOR EACH STATEMENT`. */
  readonly each: string;
  /** `guard.refuse_truncate()` with its arguments. */
  readonly call: string;
}

/** How a relation is protected. */
export type Mode =
  /** Registered: policies per role. */
  | 'registered'
  /** Partition or inheriting table of a registered one: no policies, no grants; reached through its parent only. */
  | 'child'
  /** Nobody registered it: row security on, no policy but the owner's, no grants. */
  | 'sealed'
  /** Excluded: the registry says who may read it; row security is the product's business. */
  | 'excluded'
  /** View, materialised view or foreign table: grants only. */
  | 'grants-only';

export interface DesiredRelation {
  readonly relation: Relation;
  readonly mode: Mode;
  /** Undefined: left as it is. */
  readonly rowSecurity: boolean | undefined;
  readonly policies: readonly Policy[];
  readonly triggers: readonly Trigger[];
  /** Table privileges by role, upper case, sorted. Every registry role has an entry; PUBLIC is always empty. */
  readonly grants: ReadonlyMap<string, readonly string[]>;
  /** Column privileges of `guard_owner`, as `UPDATE (is_sensitive)`. */
  readonly columnGrants: readonly { role: string; privilege: string; column: string }[];
  /** Patterns of foreign policies that are dropped in the same transaction. */
  readonly replaces: readonly string[];
  /** The columns that policies and triggers of this relation mention, for parsing them elsewhere. */
  readonly mentions: readonly { name: string; type: string }[];
}

export interface DesiredRole {
  readonly name: string;
  readonly login: boolean;
  readonly settings: Readonly<Record<string, string>>;
}

export interface DesiredFunction {
  readonly schema: 'guard' | 'vault';
  readonly name: string;
  /** `p_key text, ...` as in CREATE FUNCTION; identity arguments for comparison are the types alone. */
  readonly parameters: readonly { name: string; type: string }[];
  readonly returns: string;
  readonly language: 'plpgsql' | 'sql';
  readonly volatility: 'STABLE' | 'VOLATILE';
  readonly parallel: 'SAFE' | 'RESTRICTED' | 'UNSAFE';
  readonly definer: boolean;
  /** plpgsql: the source between the dollars. sql: the statement of a BEGIN ATOMIC body. */
  readonly body: string;
  readonly config: readonly string[];
  readonly executableBy: readonly string[];
}

export interface DesiredTableOfOurs {
  readonly schema: 'guard' | 'vault';
  readonly name: string;
  readonly create: string;
  /** What `create` makes, as PostgreSQL prints it with an empty search path: `name type`. */
  readonly columns: readonly string[];
  /** Columns that may be NULL. */
  readonly nullable: readonly string[];
  /** Primary key, unique keys, foreign keys and checks. */
  readonly constraints: readonly string[];
  readonly triggers?: readonly Trigger[];
  /** Columns that an older version of the engine did not make: what adds each, by its line in `columns`. */
  readonly additions?: Readonly<Record<string, string>>;
}

export interface Desired {
  readonly roles: readonly DesiredRole[];
  readonly tables: readonly DesiredTableOfOurs[];
  readonly functions: readonly DesiredFunction[];
  /** Schema name -> roles that need USAGE. */
  readonly usage: ReadonlyMap<string, readonly string[]>;
  /** Roles that must be able to connect. */
  readonly connect: readonly string[];
  readonly relations: readonly DesiredRelation[];
}
