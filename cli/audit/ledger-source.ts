/** Where the ledger is read from. Two ways lead there: a connection of one's own, and the Data API. */

/** One answer to "who could see it, and who did", cut to the range that was asked for. Times are ISO 8601 in UTC. */
export interface AuditRow {
  /** `could`: a grant or broken glass. `did`: a session while it was live. `nobody`: nothing of either kind. */
  readonly how: 'could' | 'did' | 'nobody';
  /** Id in `access.staff`. */
  readonly person: string | null;
  readonly login: string | null;
  readonly persona: string | null;
  /** `console`, `shell`, `flag`; for broken glass `break-glass`. */
  readonly kind: string | null;
  readonly access: string | null;
  readonly from: string;
  readonly until: string;
  readonly request: string | null;
  readonly approvedBy: readonly string[];
  readonly ticket: string | null;
  readonly reason: string | null;
  /** What an auditor should know of it, in words: that it was cut short, for example. */
  readonly note: string | null;
}

/** One entry as the ledger holds it. Hex is lower case. */
export interface Entry {
  readonly sequence: number;
  /** JSON, byte for byte what was hashed. */
  readonly body: string;
  readonly previous: string;
  readonly hash: string;
  /** What the table derives from the body, for those who query it: must say the same. `at`: microseconds since 1970. */
  readonly columns: Readonly<Record<string, string | null>>;
}

export interface LedgerSource {
  /**
   * What an organization's rows were open to in `[from, to)`; at least one row.
   * @param organization its key; `own`: the own tenant
   */
  audit(organization: string, from: Date, to: Date): Promise<AuditRow[]>;
  /** Up to `size` entries after that sequence, in order; empty: there are no more. */
  page(after: number, size: number): Promise<Entry[]>;
  close(): Promise<void>;
}

/** Entries a page: a few hundred bytes each. */
const PAGE = 500;

export async function* allEntries(source: Pick<LedgerSource, 'page'>, after = 0): AsyncGenerator<Entry> {
  let last = after;
  for (;;) {
    const entries = await source.page(last, PAGE);
    yield* entries;
    const final = entries.at(-1);
    // Entries that are out of order must not send the reader round in a circle.
    if (!final || final.sequence <= last) return;
    last = final.sequence;
  }
}
