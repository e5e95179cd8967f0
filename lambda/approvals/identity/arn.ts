/** From the ARN that STS answers to a person of ours: exact account, exact permission set, or nobody. */
import { CALLERS, type Caller } from '../protocol';

export interface Principal {
  readonly arn: string;
  readonly persona: Caller;
  /** The session's name, which is the user name of Identity Center, in lower case. */
  readonly login: string;
}

/** Why somebody is nobody; for the log and the answer. */
export type Stranger = { readonly stranger: 'account' | 'no-persona' | 'unknown-persona' };

/**
 * Identity Center makes the role names, sixteen hexadecimal digits at the end; nobody else can make roles that begin so.
 * The session's ARN has no path, whatever path the role has.
 */
const SESSION =
  /^arn:aws:sts::(\d{12}):assumed-role\/AWSReservedSSO_([A-Za-z0-9+=,.@-]{1,32})_[0-9a-f]{16}\/([\w+=,.@-]{2,64})$/;

export function principalOf(arn: string, account: string): Principal | Stranger {
  const [, of, set, session] = SESSION.exec(arn) ?? [];
  if (of === undefined || set === undefined || session === undefined) return { stranger: 'no-persona' };
  if (of !== account) return { stranger: 'account' };
  const persona = CALLERS.find((each) => each === set);
  if (persona === undefined) return { stranger: 'unknown-persona' };
  return { arn, persona, login: session.toLowerCase() };
}
