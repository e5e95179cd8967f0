/** The actual state, in the terms of `Desired`. */

export interface ObservedPolicy {
  readonly name: string;
  readonly permissive: boolean;
  /** `ALL`, `SELECT`, `INSERT`, `UPDATE`, `DELETE`. */
  readonly command: string;
  /** Sorted; `PUBLIC` for all. */
  readonly roles: readonly string[];
  /** As PostgreSQL prints it with an empty search path; undefined when there is none. */
  readonly using: string | undefined;
  readonly check: string | undefined;
}

export interface ObservedTrigger {
  readonly name: string;
  /** As `pg_get_triggerdef` prints it with an empty search path. */
  readonly definition: string;
  /** `O` origin, `D` disabled, `R` replica, `A` always. */
  readonly enabled: string;
}

export interface ObservedGrant {
  readonly role: string;
  /** Upper case; `*` behind a privilege held with grant option; `SELECT (column)` for columns. */
  readonly privileges: readonly string[];
}

export interface ObservedSequence {
  readonly text: string;
  readonly owner: string;
  /** It belongs to a column of this table. False: a default of this table calls it. */
  readonly own: boolean;
  /** Defaults of other tables call it: what they need is not this table's to take away. */
  readonly shared: boolean;
  readonly grants: readonly ObservedGrant[];
}

export interface ObservedRelation {
  readonly policies: readonly ObservedPolicy[];
  readonly triggers: readonly ObservedTrigger[];
  readonly grants: readonly ObservedGrant[];
  readonly columnGrants: readonly ObservedGrant[];
  /** Sequences behind defaults: INSERT needs USAGE on them. */
  readonly sequences: readonly ObservedSequence[];
}

export interface ObservedRole {
  readonly name: string;
  readonly login: boolean;
  readonly superuser: boolean;
  readonly bypassRls: boolean;
  readonly createRole: boolean;
  readonly createDb: boolean;
  readonly replication: boolean;
  /** Roles that it is a member of, in whatever way. */
  readonly memberOf: readonly string[];
  /** `name=value` of `ALTER ROLE ... SET`, for this database and for all. */
  readonly settings: readonly string[];
  readonly globalSettings: readonly string[];
}

export interface ObservedFunction {
  readonly schema: string;
  readonly name: string;
  /** Identity arguments, types only. */
  readonly types: readonly string[];
  readonly parameterNames: readonly string[];
  readonly returns: string;
  readonly language: string;
  readonly volatility: string;
  readonly parallel: string;
  readonly definer: boolean;
  readonly leakproof: boolean;
  readonly strict: boolean;
  /** It has a parameter with a default. */
  readonly defaults: boolean;
  /** A support function plans it. */
  readonly supported: boolean;
  readonly source: string;
  /** `pg_get_function_sqlbody`, for BEGIN ATOMIC. */
  readonly sqlBody: string | undefined;
  readonly config: readonly string[];
  readonly owner: string;
  /** Roles that may execute it, the owner aside, sorted; PUBLIC among them when it may; `*` behind one that may pass it on. */
  readonly executableBy: readonly string[];
}

export interface ObservedOwnTable {
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  /** As in `pg_class.relkind`. */
  readonly kind: string;
  /** Columns as `name type`, in order. */
  readonly columns: readonly string[];
  /** Columns that may be NULL. */
  readonly nullable: readonly string[];
  /** Primary key and checks, as PostgreSQL prints them. */
  readonly constraints: readonly string[];
  readonly rules: readonly string[];
  readonly rowSecurity: boolean;
  readonly triggers: readonly ObservedTrigger[];
  /** Grants to anybody but the owner. */
  readonly grants: readonly ObservedGrant[];
}

export interface ObservedSchema {
  readonly name: string;
  readonly owner: string;
  readonly grants: readonly ObservedGrant[];
}

export interface Observed {
  readonly relations: ReadonlyMap<number, ObservedRelation>;
  readonly roles: ReadonlyMap<string, ObservedRole>;
  readonly functions: readonly ObservedFunction[];
  readonly tables: readonly ObservedOwnTable[];
  readonly schemas: ReadonlyMap<string, ObservedSchema>;
  /** Registry roles that may connect, by whatever grant. */
  readonly canConnect: ReadonlySet<string>;
  /** `guard.state`, when there is one that we can read. */
  readonly state: State | undefined;
  /** Members of `guard_owner`, in whatever way. */
  readonly guardMembers: readonly string[];
}

/** `empty`: the row is gone. `unreadable`: schema or table belong to somebody else, and `guard_owner` is shut out. */
export type Damage = 'empty' | 'unreadable';

/** What the last apply wrote down. */
export interface State {
  readonly keyType: string;
  /** Then nothing else here is known. */
  readonly damage: Damage | undefined;
  readonly registryHash: string | undefined;
  readonly appliedAt: string | undefined;
  readonly appliedBy: string | undefined;
  /** Owners of protected relations as found at their first apply, by relation text. */
  readonly owners: Readonly<Record<string, string>>;
  /** Roles that the registry managed then. */
  readonly roles: readonly string[];
  /** Expressions as PostgreSQL prints them, by what was compiled. A shortcut: `verify` does without it. */
  readonly printed: Readonly<Record<string, string>>;
}
