/**
 * The functions of the approval path, as the gate's login calls them. Each is one statement; which of them share a
 * transaction is the caller's to say. Errors are SQLSTATEs of class TZ (`sql/db/errors.ts`).
 */
import type { ClientBase } from 'pg';
import type { z } from 'zod';
import { ANSWERS } from './answers';
import type { ApproverView, Blast, Kind, RequestView, ShellView } from './views';

/** Who calls, as AWS said and `access.staff` knows them. */
export interface CallerIdentity {
  /** Id in `access.staff`. */
  readonly person: string;
  readonly login: string;
  readonly persona: string;
}

export interface NewRequest {
  readonly id: string;
  readonly kind: Kind;
  readonly access: 'read' | 'write';
  /** Key of the organization; null for `approver`. */
  readonly organization: string | null;
  /** `flag` only. */
  readonly sensitive: boolean | null;
  /** Undefined: the registry's default. */
  readonly minutes?: number;
  readonly reason: string;
  readonly ticket: string;
}

export interface Context {
  /** The key; `own` is resolved. */
  readonly organization: string;
  readonly own: boolean;
  readonly sensitive: boolean;
  readonly codesNeeded: number;
  readonly defaultMinutes: number;
  readonly maximumMinutes: number;
  readonly past: { readonly grants: number; readonly last: string | null };
  readonly live: readonly { readonly kind: string; readonly access: string; readonly until: string }[];
}

export type Purpose = 'approve' | 'deny' | 'review' | 'confirm-approver' | 'remove-approver';

export interface NewAttempt {
  readonly id: string;
  readonly purpose: Purpose;
  /** `approve`, `deny`, `review`. */
  readonly request: string | null;
  readonly hash: string | null;
  /** `confirm-approver`, `remove-approver`: whom it is about. */
  readonly approver: string | null;
  /** `deny`, `review`, `remove-approver`. */
  readonly reason: string | null;
}

/** What a code is checked against. */
export interface Weighed {
  readonly attempt: string;
  /** Whose code it is: names the secret with the seed. */
  readonly approver: string;
  /** The last time step that was accepted; the code's must be later. Null: none yet. */
  readonly lastStep: number | null;
}

export interface Accepted {
  readonly request: RequestView | null;
  readonly approver: ApproverView | null;
  /** Codes still missing. */
  readonly missing: number;
}

export interface Refused {
  /** In the last 15 minutes, attempts without an end among them. */
  readonly failures: number;
  readonly lockedUntil: string | null;
  /** This very failure locked the approver: to be announced. */
  readonly lockedNow: boolean;
}

export interface NewTicket {
  readonly id: string;
  /** SHA-256 of the ticket, hex: the ticket itself never reaches a table. */
  readonly hash: string;
  readonly service: 'support-shell' | 'backend';
  readonly reason: string;
  readonly ticket: string;
  readonly write: boolean;
}

export interface Ended {
  readonly request: RequestView;
  /** Sessions of the database that the grant's person has open, to be ended by somebody of the same login. */
  readonly backends: readonly { readonly pid: number; readonly login: string }[];
  /** Sessions of ECS Exec. */
  readonly shells: readonly {
    readonly shell: string;
    readonly task: string | null;
    readonly session: string | null;
  }[];
}

export interface LedgerHead {
  readonly sequence: number;
  /** Hex. */
  readonly hash: string;
  readonly at: string;
}

export interface Measured {
  readonly grantsAlive: number;
  readonly reviewsOpen: number;
  readonly head: LedgerHead | null;
}

export interface Gate {
  context(caller: CallerIdentity, organization: string): Promise<Context>;
  blastRadius(caller: CallerIdentity, organization: string): Promise<readonly Blast[]>;
  request(caller: CallerIdentity, request: NewRequest): Promise<RequestView>;
  /** Counts as a failure until `accept` says otherwise: commit it before the code is looked at. */
  attempt(caller: CallerIdentity, attempt: NewAttempt): Promise<Weighed>;
  /** Locks approver and request until the transaction ends, and checks everything once more. */
  weigh(attempt: string): Promise<Weighed>;
  accept(attempt: string, step: number, drift: number): Promise<Accepted>;
  refuse(attempt: string, why: 'wrong' | 'used' | 'malformed'): Promise<Refused>;
  /**
   * After `weigh` was refused, in a transaction of its own: the code was not looked at, and this is no failure of the approver.
   * @throws TZ052 when the attempt could still be weighed; TZ046 when the approver is locked: then it counts
   */
  abandon(attempt: string): Promise<void>;
  breakGlass(caller: CallerIdentity, request: NewRequest): Promise<RequestView>;
  revoke(caller: CallerIdentity, request: string, reason: string): Promise<Ended>;
  /** Writes what the probe measured into the ledger. */
  revoked(caller: CallerIdentity, request: string, proof: Readonly<Record<string, unknown>>): Promise<void>;
  list(
    caller: CallerIdentity,
    filter: { readonly all: boolean; readonly limit: number },
  ): Promise<readonly RequestView[]>;
  show(caller: CallerIdentity, request: string): Promise<RequestView>;
  addApprover(caller: CallerIdentity, name: string): Promise<ApproverView>;
  approvers(caller: CallerIdentity): Promise<readonly ApproverView[]>;
  ticket(
    caller: CallerIdentity,
    ticket: NewTicket,
  ): Promise<{ readonly shell: string; readonly expiresAt: string }>;
  shellOpened(caller: CallerIdentity, shell: string, task: string, session: string): Promise<ShellView>;
  shells(caller: CallerIdentity): Promise<readonly ShellView[]>;
  closeShell(
    caller: CallerIdentity,
    shell: string,
    reason: string | null,
  ): Promise<Ended['backends'] extends infer B ? { readonly view: ShellView; readonly backends: B } : never>;
  grantsOf(
    caller: CallerIdentity,
    organization: string | null,
  ): Promise<
    readonly {
      readonly organization: string;
      readonly kind: string;
      readonly access: string;
      readonly endsAt: string;
      readonly live: boolean;
      readonly revoked: boolean;
    }[]
  >;
  /** For the proof of a revocation: `person` for whom a session is opened, `hash` as of any ticket. */
  probeTicket(caller: CallerIdentity, person: string, hash: string): Promise<void>;
  measure(): Promise<Measured>;
}

type Parameter = string | number | null | object;

/** Each call is one statement on `client`: inside its transaction, if it is in one. */
export function gateOf(client: ClientBase): Gate {
  const ask = async <T>(schema: z.ZodType<T>, name: string, ...parameters: Parameter[]): Promise<T> => {
    const values = parameters.map((each) =>
      typeof each === 'object' && each !== null ? JSON.stringify(each) : each,
    );
    const places = parameters.map((_, index) => `$${index + 1}`).join(', ');
    const { rows } = await client.query<{ answer: unknown }>(
      `select guard.${name}(${places}) as answer`,
      values,
    );
    return schema.parse(rows[0]?.answer);
  };
  return {
    context: (caller, organization) => ask(ANSWERS.context, 'request_context', caller, organization),
    blastRadius: (caller, organization) => ask(ANSWERS.blast, 'blast_radius', caller, organization),
    request: (caller, request) => ask(ANSWERS.request, 'request_access', caller, request),
    attempt: (caller, attempt) => ask(ANSWERS.weighed, 'begin_attempt', caller, attempt),
    weigh: (attempt) => ask(ANSWERS.weighed, 'weigh_attempt', attempt),
    accept: (attempt, step, drift) => ask(ANSWERS.accepted, 'accept_attempt', attempt, step, drift),
    refuse: (attempt, why) => ask(ANSWERS.refused, 'refuse_attempt', attempt, why),
    abandon: (attempt) => ask(ANSWERS.nothing, 'abandon_attempt', attempt),
    breakGlass: (caller, request) => ask(ANSWERS.request, 'break_glass', caller, request),
    revoke: (caller, request, reason) => ask(ANSWERS.ended, 'revoke', caller, request, reason),
    revoked: (caller, request, proof) => ask(ANSWERS.nothing, 'revocation_proved', caller, request, proof),
    list: (caller, filter) => ask(ANSWERS.requests, 'list_requests', caller, filter),
    show: (caller, request) => ask(ANSWERS.request, 'show_request', caller, request),
    addApprover: (caller, name) => ask(ANSWERS.approver, 'add_approver', caller, name),
    approvers: (caller) => ask(ANSWERS.approvers, 'list_approvers', caller),
    ticket: (caller, ticket) => ask(ANSWERS.ticket, 'issue_ticket', caller, ticket),
    shellOpened: (caller, shell, task, session) =>
      ask(ANSWERS.shell, 'shell_opened', caller, shell, task, session),
    shells: (caller) => ask(ANSWERS.shells, 'shells', caller),
    closeShell: (caller, shell, reason) => ask(ANSWERS.closed, 'close_shell', caller, shell, reason),
    grantsOf: (caller, organization) => ask(ANSWERS.grants, 'grants_of', caller, organization),
    probeTicket: (caller, person, hash) => ask(ANSWERS.nothing, 'probe_ticket', caller, person, hash),
    measure: () => ask(ANSWERS.measured, 'measure'),
  };
}
