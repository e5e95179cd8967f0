/** A verifier rule: one query over the catalog, one page in `docs/rules/`, one pair of planted cases in the tests. */
import type { Severity } from './types';

export interface Rule {
  /** `TZ1nn`: the number never changes its meaning and is never used again. */
  readonly id: string;
  readonly name: string;
  readonly severity: Severity;
  /** One sentence: what is wrong when the rule fires. */
  readonly title: string;
  /**
   * Returns the columns `key text, message text, fix text` and optionally `severity text`. `$1` is the
   * `RuleParameters` document as jsonb. Runs with `search_path = pg_catalog`, read-only; must not need a superuser.
   */
  readonly sql: string;
}

/** What a rule may know of the registry. Oids are numbers as in the catalog. */
export interface RuleParameters {
  /** The login that verifies; like superusers it is never itself a finding. */
  readonly self: string;
  readonly organizations: { readonly oid: number; readonly key: string; readonly key_type: string };
  readonly flag: {
    readonly kind: 'column' | 'managed';
    readonly column: string | null;
    readonly own: string | null;
  };
  readonly roles: readonly {
    readonly name: string;
    readonly sees: string;
    readonly settings: Record<string, string>;
  }[];
  /** Registered tables, the organizations table among them. `columns`: as `BoundTable.columns`. */
  readonly registered: readonly {
    readonly oid: number;
    readonly kind: 'direct' | 'via' | 'through';
    readonly columns: readonly string[];
  }[];
  /** Partitions and inheriting tables of registered ones. */
  readonly children: readonly number[];
  readonly excluded: readonly number[];
  readonly views: readonly number[];
  readonly unregistered: readonly number[];
  readonly migration_login: string | null;
  readonly appliers: readonly string[];
  readonly administrators: readonly string[];
  readonly gate: string | null;
  /** Role that owns `guard` and `vault`. */
  readonly guard_owner: string;
}
