/** The registry as parsed: every default filled in, nothing checked against a database yet. */
import type { RelationName } from '../db/names';

/** Which organizations' rows a role sees. */
export type Sees =
  /** The one organization of the verified tenant token. */
  | 'current-organization'
  /** The organizations assigned to the person of the verified staff token; sensitive ones only under a live grant. */
  | 'assigned-organizations'
  /** Every organization that is not sensitive, and what a live grant of the verified person adds. */
  | 'non-sensitive'
  /** Every row. For a break-glass role. */
  | 'everything'
  /** No row. */
  | 'nothing';

export const VERBS = ['select', 'insert', 'update', 'delete'] as const;
export type Verb = (typeof VERBS)[number];

/** A place in the registry file. Lines and columns count from 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing wrong with the registry; parse and bind report all of them at once. */
export interface Problem {
  readonly location: Location;
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
}

/** Somebody answers for the exception, and it ends. Dates are `YYYY-MM-DD`, the last day on which it holds. */
export interface Exception {
  readonly reason: string;
  readonly owner: string;
  readonly until: string;
}

export interface OrganizationsEntry {
  readonly table: RelationName;
  /** The key column that other tables reference. */
  readonly id: string;
  /** A boolean column of the organizations table, or the engine's own private table. */
  readonly sensitive: { readonly kind: 'column'; readonly column: string } | { readonly kind: 'managed' };
  /** The own tenant: a boolean column, or the key of one organization written as text. */
  readonly own?:
    | { readonly kind: 'column'; readonly column: string }
    | { readonly kind: 'id'; readonly id: string };
  /** The only role that may change the sensitive flag, by login. Without one, nobody may. */
  readonly gate?: string;
  /** Verbs by role on the organizations table itself. Default: `select` for every role that sees some organization. */
  readonly grants: Readonly<Record<string, readonly Verb[]>>;
  readonly replaces: readonly string[];
  readonly samples: Readonly<Record<string, string>>;
  readonly location: Location;
}

/** Where `assigned-organizations` finds who is assigned to what. */
export interface AssignmentsEntry {
  readonly table: RelationName;
  readonly person: string;
  readonly organization: string;
  readonly location: Location;
}

/**
 * The approval path. With it a session of a role that sees what is not sensitive shows nothing before it has redeemed a
 * ticket, and the gate no longer changes the sensitive flag on its own.
 */
export interface ApprovalsEntry {
  /** Reads the ledger, by functions only; sees no row. */
  readonly auditor: string;
  /** Of a grant whose request does not say how long. */
  readonly defaultMinutes: number;
  readonly maximumMinutes: number;
  readonly location: Location;
}

/** Minutes of `approvals` that a file leaves out. */
export const DEFAULT_MINUTES = 30;
export const MAXIMUM_MINUTES = 240;

export interface RoleEntry {
  readonly name: string;
  readonly sees: Sees;
  /** What the role may do on a registered table that does not say otherwise. */
  readonly verbs: readonly Verb[];
  /** The role is a login of its own. False: NOLOGIN is not enforced on roles that exist, only what we create. */
  readonly login: boolean;
  /** `ALTER ROLE ... IN DATABASE ... SET`: fixed and re-checked. */
  readonly settings: Readonly<Record<string, string>>;
  readonly location: Location;
}

/** How a table belongs to an organization. */
export type Belonging =
  /** One column, or several of which all must be visible. */
  | { readonly kind: 'direct'; readonly columns: readonly string[] }
  /** Through the foreign key that starts at these columns: the row it points at must be visible. */
  | { readonly kind: 'via'; readonly columns: readonly string[] }
  /**
   * Through rows of another registered table that point here: users through memberships. Visible when at least one
   * such row is. `columns` are the referencing columns in `table`; there must be a foreign key from them to this table.
   */
  | { readonly kind: 'through'; readonly table: RelationName; readonly columns: readonly string[] };

/** A search function that keeps the index of an operator which is not leakproof. */
export interface SearchEntry {
  readonly column: string;
  readonly operator: 'ilike' | '@@' | '@>' | 'lower=';
}

export interface TableEntry {
  readonly table: RelationName;
  readonly belongs: Belonging;
  /** Verbs by role, where they differ from the role's own. */
  readonly grants: Readonly<Record<string, readonly Verb[]>>;
  /** Foreign policies (exact names or `*` patterns) that this table's protection replaces: apply drops them. */
  readonly replaces: readonly string[];
  /** Values for columns that probes cannot guess, as SQL literals' text. */
  readonly samples: Readonly<Record<string, string>>;
  readonly search: readonly SearchEntry[];
  readonly location: Location;
}

export interface ExcludedEntry extends Exception {
  readonly table: RelationName;
  /** Default: nobody. */
  readonly grants: Readonly<Record<string, readonly Verb[]>>;
  readonly location: Location;
}

/** A view that roles may use. It must be `security_invoker`. */
export interface ViewEntry {
  readonly table: RelationName;
  readonly grants: Readonly<Record<string, readonly Verb[]>>;
  readonly location: Location;
}

/** What `init` could not decide. Every entry is a gap until somebody moves it. */
export interface UndecidedEntry {
  readonly table: RelationName;
  readonly because: string;
  readonly location: Location;
}

/** A finding that is known and borne for a while. `on` is a finding's key, or a `*` pattern over keys. */
export interface AcknowledgedEntry extends Exception {
  readonly rule: string;
  readonly on: readonly string[];
  readonly location: Location;
}

export interface Registry {
  readonly file: string;
  /** SHA-256 of the parsed content, hex: two files that differ in comments only are the same registry. */
  readonly hash: string;
  readonly organizations: OrganizationsEntry;
  readonly assignments?: AssignmentsEntry;
  /** Undefined: no approval path is installed. */
  readonly approvals?: ApprovalsEntry;
  /** The role that must own every registered table. Without it, the owner found at the first apply is kept. */
  readonly owner?: string;
  readonly migrations?: { readonly login: string };
  /** Logins that apply the registry; they may be members of the roles that the engine manages. */
  readonly appliers: readonly string[];
  /** Logins that administer the server without being superusers; what they hold is never a finding. */
  readonly administrators: readonly string[];
  readonly roles: readonly RoleEntry[];
  readonly tables: readonly TableEntry[];
  readonly views: readonly ViewEntry[];
  readonly excluded: readonly ExcludedEntry[];
  readonly undecided: readonly UndecidedEntry[];
  readonly acknowledged: readonly AcknowledgedEntry[];
  /** The mildest severity that fails `verify` and `check`. */
  readonly failOn: 'error' | 'warning';
}
