/** Refusals, and which errors of the database are some: an answer with a code and a next step. Everything else is thrown. */
import { SQLSTATE, sqlstate } from '../../sql/db/errors';
import type { CallError } from './protocol';

/** The caller is told, and may do something about it. Never for what is broken on our side. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    /** Kebab-case. */
    readonly code: string,
    message: string,
    readonly next: string,
  ) {
    super(message);
  }

  toAnswer(): { readonly ok: false; readonly error: CallError } {
    const { code, message, next } = this;
    return { ok: false, error: { code, message, next } };
  }
}

/** Of a call whose answer holds a secret: it was made before, whether or not the answer arrived. */
export function answerGivenOnce(): Refusal {
  return new Refusal(
    'answer-given-once',
    'this call was made already, and its answer is shown only once',
    'Call again with a new id: the command line does when you run it again.',
  );
}

type Names = keyof typeof SQLSTATE;

const RUN = (command: string) => `\`npm run -s sensitive-access -- ${command}\``;

/** Undefined: nothing that a caller did; a defect or damage, which the log and the alarm are for. */
export const REFUSALS: Readonly<Record<Names, Pick<CallError, 'code' | 'next'> | undefined>> = {
  tokenMissing: undefined,
  tokenMalformed: undefined,
  tokenForged: undefined,
  tokenExpired: undefined,
  tokenWrongKind: undefined,
  ownerRefused: undefined,
  truncateRefused: undefined,
  moveRefused: undefined,
  flagRefused: {
    code: 'flag-refused',
    next: `Nothing was changed. See what the request asks for: ${RUN('show <request>')}.`,
  },
  guardDamaged: undefined,
  ticketMissing: undefined,
  ticketRefused: undefined,
  accessUnknown: {
    code: 'access-unknown',
    next: `See which there are: ${RUN('list')}.`,
  },
  requestChanged: {
    code: 'request-changed',
    next: `Read what the request asks for now, and give the hash that is printed there: ${RUN('show <request>')}.`,
  },
  requestClosed: {
    code: 'request-closed',
    next: `See how it ended: ${RUN('show <request>')}.`,
  },
  requestLapsed: {
    code: 'request-lapsed',
    next: `Whoever asked asks again: ${RUN('request …')}; an approval is given within the hour.`,
  },
  selfApproval: {
    code: 'self-approval',
    next: 'Ask another approver: nobody decides about what they asked for themselves.',
  },
  approverUnknown: {
    code: 'approver-unknown',
    next: `See who counts as an approver: ${RUN('approver list')}. To become one: ${RUN('approver add <name>')}.`,
  },
  approverLocked: {
    code: 'approver-locked',
    next: `Wait until the time that ${RUN('approver list')} prints, or ask another approver. If it was not you who typed, say so at once.`,
  },
  alreadyApproved: {
    code: 'already-approved',
    next: 'Ask a different approver: the own tenant needs the codes of two people.',
  },
  codeUsed: {
    code: 'code-used',
    next: 'Wait for the next code, at most 30 seconds, and give that one.',
  },
  accessRefused: {
    code: 'access-refused',
    next: 'Sign in with the permission set that may do this; docs/sensitive-access.md says which.',
  },
  organizationUnknown: {
    code: 'organization-unknown',
    next: 'Give the key of the organization as the console prints it, or `own`.',
  },
  nothingToGrant: {
    code: 'nothing-to-grant',
    next: 'Nothing is needed: open the shell or the console, and look.',
  },
  requestInvalid: {
    code: 'request-invalid',
    next: `Correct what the message names; ${RUN('request --help')} has examples.`,
  },
};

const BY_SQLSTATE = new Map(
  (Object.keys(SQLSTATE) as Names[]).map((name) => [SQLSTATE[name] as string, REFUSALS[name]]),
);

/** Somebody holds what is needed: a table that is locked, an approver whose other code is just being looked at. */
const LOCK_NOT_AVAILABLE = '55P03';
const busy = () =>
  new Refusal(
    'busy',
    'somebody else is just doing something with it',
    'Nothing was done. Try again in a moment.',
  );

/** An error of the database as a refusal, where it is one; the text is that of our own functions, which hold no secret. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (sqlstate(error) === LOCK_NOT_AVAILABLE) return busy();
  const known = BY_SQLSTATE.get(sqlstate(error) ?? '');
  if (known === undefined) return undefined;
  // Where the database says what to do, it knows the case; the list knows the code only.
  const { message, hint } = error as Error & { hint?: string };
  return new Refusal(known.code, message, hint ? sentence(hint) : known.next);
}

/** As our functions write hints: `ask for less` */
function sentence(hint: string): string {
  return `${hint[0]?.toUpperCase()}${hint.slice(1)}`.replace(/([^.])$/, '$1.');
}
