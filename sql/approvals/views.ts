/** What the functions of the approval path answer: JSON with these shapes. Times are ISO 8601 in UTC. */

/** `approver`: that somebody new counts as an approver. */
export type Kind = 'console' | 'shell' | 'flag' | 'approver';

export type State = 'pending' | 'approved' | 'denied' | 'lapsed' | 'ended' | 'revoked';

/** Rows of the organization in a table, rounded up to one digit and zeros: 7, 40, 3000. */
export interface Blast {
  readonly table: string;
  readonly rows: number;
}

export interface RequestView {
  readonly id: string;
  /** SHA-256 over everything that is asked for: a code is given for this and for nothing else. */
  readonly hash: string;
  readonly kind: Kind;
  readonly access: 'read' | 'write';
  /** Key of the organization; null for `approver`. */
  readonly organization: string | null;
  readonly own: boolean;
  /** `flag`: what it shall be. */
  readonly sensitive: boolean | null;
  /** `approver`: who. */
  readonly approver: string | null;
  /** Id in `access.staff`. */
  readonly person: string;
  /** As Identity Center names them. */
  readonly login: string;
  readonly persona: string;
  readonly reason: string;
  readonly ticket: string;
  readonly minutes: number;
  readonly blast: readonly Blast[];
  readonly codesNeeded: number;
  readonly codesGiven: readonly { readonly approver: string; readonly at: string; readonly drift: number }[];
  readonly state: State;
  readonly createdAt: string;
  /** When codes for it are refused from. */
  readonly lapsesAt: string;
  readonly decidedAt: string | null;
  readonly grant: {
    readonly startsAt: string;
    readonly endsAt: string;
    readonly revokedAt: string | null;
  } | null;
  readonly denied: { readonly by: string; readonly reason: string } | null;
  readonly breakGlass: boolean;
  /** Broken glass: null until an approver closes it. */
  readonly reviewed: { readonly by: string; readonly at: string; readonly note: string } | null;
}

export interface ApproverView {
  readonly name: string;
  readonly login: string;
  readonly state: 'unconfirmed' | 'waits-for-approval' | 'counts' | 'removed';
  readonly since: string;
  readonly lockedUntil: string | null;
  /** New, or back after a removal: from when their codes count for the own tenant. Null: now. */
  readonly ownFrom: string | null;
}

export interface ShellView {
  readonly shell: string;
  readonly login: string;
  readonly persona: string;
  readonly service: string;
  readonly reason: string;
  readonly ticket: string;
  readonly write: boolean;
  readonly issuedAt: string;
  readonly openedAt: string | null;
  readonly endedAt: string | null;
  readonly task: string | null;
}
