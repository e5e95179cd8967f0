/** Errors of ours: SQLSTATEs raised in the database, and the one error class that a command line prints. */

/**
 * SQLSTATEs that our functions raise. Class `TZ` is outside every class that the SQL standard or PostgreSQL assigns.
 * Callers test the code, never the text. Documented in `docs/error-codes.md`.
 */
export const SQLSTATE = {
  /** The role needs a tenant token and the transaction has none. */
  tokenMissing: 'TZ001',
  /** The token is not of the form `tz1....`. */
  tokenMalformed: 'TZ002',
  /** No signing key of that id is valid, or the signature does not match. */
  tokenForged: 'TZ003',
  /** The token's expiry has passed. */
  tokenExpired: 'TZ004',
  /** A token of another kind: a staff token where a tenant token is needed, for example. */
  tokenWrongKind: 'TZ005',
  /** A statement of a table's owner outside the declared migration login. */
  ownerRefused: 'TZ010',
  /** TRUNCATE of a registered table. */
  truncateRefused: 'TZ011',
  /** A row would move from one organization to another. */
  moveRefused: 'TZ012',
  /** A change of the sensitive flag, or of an organization's key, outside the approval path. */
  flagRefused: 'TZ013',
  /** The list of hidden organizations, the key store or the applied state is damaged: nobody is shown anything. */
  guardDamaged: 'TZ020',
  /** The session of a support shell has redeemed no ticket, or its session is over. */
  ticketMissing: 'TZ030',
  /** The ticket is unknown, was redeemed already, or has expired. */
  ticketRefused: 'TZ031',
  /** No such request, approver or shell, or none that the caller may know of. */
  accessUnknown: 'TZ040',
  /** The hash is not that of the request: a code was given for something else. */
  requestChanged: 'TZ041',
  /** The request is decided already, or its grant is over. */
  requestClosed: 'TZ042',
  /** Older than an hour: codes for it are refused. */
  requestLapsed: 'TZ043',
  /** Nobody approves what they asked for themselves. */
  selfApproval: 'TZ044',
  /** The caller is no approver who counts. */
  approverUnknown: 'TZ045',
  /** Five failures in 15 minutes. */
  approverLocked: 'TZ046',
  /** The same approver has given a code for this request already. */
  alreadyApproved: 'TZ047',
  /** The time step of the code is not later than the last one accepted. */
  codeUsed: 'TZ048',
  /** The persona, or the member of staff, may not do this. */
  accessRefused: 'TZ049',
  /** No such organization. */
  organizationUnknown: 'TZ050',
  /** Nothing to ask for: the organization is ordinary, or is so already. */
  nothingToGrant: 'TZ051',
  /** Longer than the registry allows, too short a reason, and other input that makes no sense. */
  requestInvalid: 'TZ052',
} as const;

/** Whose fault an error is: the caller's input and environment, or a defect of ours. */
export type Fault = 'user' | 'system';

/** An error that ends a command: printed once, at the edge, as `message` and `next`. Exit code 2. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  constructor(
    /** Stable, kebab-case; tests and machines read this. */
    readonly code: string,
    message: string,
    /** What to do about it, one sentence. */
    readonly next: string,
    readonly fault: Fault = 'user',
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

/** The SQLSTATE of a database error, or undefined for anything else. */
export function sqlstate(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}
