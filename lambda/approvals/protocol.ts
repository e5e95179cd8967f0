/**
 * What callers and the approval function say to each other. One call is `{ version, id, operation, input, proof }`; the
 * answer is `{ ok: true, result }` or `{ ok: false, error }`. Times are ISO 8601 in UTC, ids are UUIDs in lower case.
 */
import { z } from 'zod';
import type { ApproverView, Blast, RequestView, ShellView } from '../../sql/approvals/views';

export type * from '../../sql/approvals/views';

/** Permission sets of people who may call; SecurityAuditor reads the ledger by its own login instead. */
export const CALLERS = ['ProdEngineer', 'BreakGlassAdmin', 'SensitiveApprover'] as const;
export type Caller = (typeof CALLERS)[number];

export const REASON_CHARACTERS = 10;
/** Digits of a one-time code (RFC 6238), and nothing else: spaces are the command line's to remove. */
const code = z.string().regex(/^\d{6}$/, 'is not six digits');
/**
 * What acts on a terminal, makes rows of its own in a message, or is not seen at all. Joiners and the marks of emoji are
 * part of words.
 */
const UNSEEN =
  /(?!\u200c|\u200d|\ufe0e|\ufe0f)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2800]/u;
const isSeen = (text: string) => !UNSEEN.test(text);
const NOT_SEEN = 'has characters that are not seen: write it in one line, in plain words';
const reason = z
  .string()
  .trim()
  // A row of spaces would make a line of its own on an approver's terminal.
  .overwrite((text) => text.replace(/\p{Zs}+/gu, ' '))
  .refine(isSeen, NOT_SEEN)
  .min(REASON_CHARACTERS, `says too little: at least ${REASON_CHARACTERS} characters`)
  .max(1000);
const ticket = z
  .string()
  .trim()
  .min(1, 'is missing: the number of the ticket')
  .max(100)
  .regex(/^[\w#./:-]+$/, 'is not the number of a ticket, such as OPS-123');
/** The organization's key, or `own` for the own tenant. */
const organization = z.string().trim().min(1).max(200).refine(isSeen, NOT_SEEN);
const id = z.uuid();
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'is not the hash that `show` prints');
/** Name of an approver as the stage declares it. */
const approver = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, 'is not the name of an approver, such as ada');
const access = z.enum(['read', 'write']);

export const ask = z.strictObject({
  organization,
  kind: z.enum(['console', 'shell', 'flag']),
  access: access.default('read'),
  /** `flag` only: what the organization shall be. */
  sensitive: z.boolean().optional(),
  /** How long; the registry says how long at most. Undefined: its default. */
  minutes: z.int().min(1).max(1440).optional(),
  reason,
  ticket,
});
export type Ask = z.input<typeof ask>;

/** Input of each operation. */
export const INPUTS = {
  /** What a request would open, before anybody is asked. Of a sensitive organization the ledger notes it. */
  preview: ask,
  request: ask,
  approve: z.strictObject({ request: id, hash, code }),
  deny: z.strictObject({ request: id, hash, code, reason }),
  revoke: z.strictObject({ request: id, reason }),
  list: z.strictObject({ all: z.boolean().default(false), limit: z.int().min(1).max(500).default(50) }),
  show: z.strictObject({ request: id }),
  'break-glass': z.strictObject({ organization, access: access.default('read'), reason, ticket }),
  /** Closes broken glass afterwards. */
  review: z.strictObject({ request: id, hash, code, note: reason }),
  'approver-add': z.strictObject({ name: approver }),
  'approver-confirm': z.strictObject({ name: approver, code }),
  /** `code` is the caller's own. */
  'approver-remove': z.strictObject({ name: approver, code, reason }),
  'approver-list': z.strictObject({}),
  ticket: z.strictObject({
    service: z.enum(['support-shell', 'backend']),
    reason,
    ticket,
    write: z.boolean().default(false),
  }),
  /** Which session of ECS Exec the ticket went to, so that a revocation can end it. */
  'shell-opened': z.strictObject({
    shell: id,
    task: z.string().min(1).max(300).refine(isSeen, NOT_SEEN),
    session: z.string().regex(/^[\w-]{1,120}$/),
  }),
  shells: z.strictObject({}),
  'shell-close': z.strictObject({ shell: id, reason: reason.optional() }),
  /** Of the caller's own grants. Says nothing about the organization itself. */
  visibility: z.strictObject({ organization: organization.optional() }),
} as const;
export type Operation = keyof typeof INPUTS;
export type Input<O extends Operation> = z.input<(typeof INPUTS)[O]>;
export const OPERATIONS = Object.keys(INPUTS) as Operation[];

/** A request that only the caller could have signed, for STS to say who that is. Host, path and body are the function's. */
export const proof = z.strictObject({
  authorization: z.string().min(1).max(4000),
  /** `x-amz-date` */
  date: z.string().regex(/^\d{8}T\d{6}Z$/),
  /** `x-amz-security-token` */
  token: z
    .string()
    .max(8000)
    .regex(/^[!-~]+$/, 'is no token of AWS')
    .optional(),
});
export type Proof = z.infer<typeof proof>;

export const envelope = z.strictObject({
  version: z.literal(1),
  /** Made by the caller. The same id again gets the same answer, and does nothing twice. */
  id,
  operation: z.enum(OPERATIONS as [Operation, ...Operation[]]),
  input: z.unknown(),
  proof,
});
export type Call = z.infer<typeof envelope>;

export interface Preview {
  readonly organization: string;
  readonly own: boolean;
  readonly codesNeeded: number;
  readonly minutes: number;
  readonly blast: readonly Blast[];
  /** Grants that the same person had for this organization. */
  readonly past: { readonly grants: number; readonly last: string | null };
  readonly live: readonly { readonly kind: string; readonly access: string; readonly until: string }[];
  /** Ways to do with less; empty where there is none. */
  readonly narrower: readonly string[];
}

export interface Decision {
  readonly request: RequestView;
  /** Steps of 30 s by which the approver's clock differs: -1, 0, 1. */
  readonly drift: number;
  /** Codes still missing. */
  readonly missing: number;
}

export interface Revocation {
  readonly request: RequestView;
  /** Sessions of the database that were ended. */
  readonly sessions: number;
  /** Shells whose channel was ended, and those where that failed. */
  readonly shells: { readonly ended: number; readonly failed: readonly string[] };
  /** As that person, afterwards: rows of the organization, and of an ordinary one as positive control. */
  readonly proof: {
    readonly rows: number;
    readonly afterMs: number;
    readonly tables: number;
    /** False: the probe itself could not see anything, so that nothing is proved. */
    readonly control: boolean;
  };
  readonly proved: boolean;
}

export interface ApproverAdded {
  readonly name: string;
  /** Shown once, as a QR code. */
  readonly otpauth: string;
  readonly secret: string;
}

export interface TicketIssued {
  readonly shell: string;
  /** Redeemed once, soon. */
  readonly ticket: string;
  readonly expiresAt: string;
  readonly person: string;
  readonly login: string;
}

export interface Visibility {
  readonly person: string;
  readonly login: string;
  readonly persona: string;
  readonly maySeeSensitive: boolean;
  readonly grants: readonly {
    readonly organization: string;
    readonly kind: string;
    readonly access: string;
    readonly endsAt: string;
    readonly live: boolean;
    readonly revoked: boolean;
  }[];
}

export interface Results {
  preview: Preview;
  request: RequestView;
  approve: Decision;
  deny: Decision;
  revoke: Revocation;
  list: { readonly requests: readonly RequestView[] };
  show: RequestView;
  'break-glass': RequestView;
  review: Decision;
  'approver-add': ApproverAdded;
  'approver-confirm': ApproverView & { readonly request: RequestView | null };
  'approver-remove': ApproverView;
  'approver-list': { readonly approvers: readonly ApproverView[] };
  ticket: TicketIssued;
  'shell-opened': ShellView;
  shells: { readonly shells: readonly ShellView[] };
  'shell-close': ShellView;
  visibility: Visibility;
}

/** `code`: for programs, kebab-case. `next`: what to do about it. */
export interface CallError {
  readonly code: string;
  readonly message: string;
  readonly next: string;
}

export type Answer<O extends Operation> =
  | { readonly ok: true; readonly result: Results[O] }
  | { readonly ok: false; readonly error: CallError };
