/** What verification says: findings, and the measured behaviour behind them. */

/** `error`: isolation is broken or unproved. `warning`: a side channel or a hazard. `info`: worth knowing. */
export type Severity = 'error' | 'warning' | 'info';

export interface Finding {
  /** `TZ101`; the documentation page is `docs/rules/TZ101.md`. */
  readonly rule: string;
  /** Kebab-case, for people: `rls-not-forced`. */
  readonly name: string;
  readonly severity: Severity;
  /** Stable over runs and databases, unique per rule: the object, quoted as in SQL. Acknowledgements match on it. */
  readonly key: string;
  readonly message: string;
  /** What to do, one sentence or one SQL statement. */
  readonly fix: string;
  /** Present when the registry acknowledges it: it then counts as `info`. */
  readonly acknowledged?: { readonly reason: string; readonly owner: string; readonly until: string };
}
