/** One question to the policies: may this caller do this, to that, with these keys. */
import { type Context, UNKNOWN } from '../policy/context';
import type { Caller } from './caller';

export interface Request {
  readonly caller: Caller;
  /** `service:Action`. */
  readonly action: string;
  /** ARN, or `*` for actions that AWS does not limit to a resource. */
  readonly resource: string;
  /** Of the resource. */
  readonly account: string;
  readonly context: Context;
}

/** Keys that every request has, with values that no template knows. */
const ALWAYS_THERE = ['aws:currenttime', 'aws:epochtime', 'aws:useragent'];
/** Of sessions, and only of those. */
const OF_SESSIONS = ['aws:tokenissuetime'];

/**
 * The keys that follow from who asks and what for; `more` (by names in lower case) wins.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function requestOf(
  caller: Caller,
  action: string,
  resource: string,
  more: Context = new Map(),
  options: { readonly account?: string } = {},
): Request {
  const [, , , region = '', owner = ''] = resource.split(':');
  const account = options.account ?? (/^\d{12}$/.test(owner) ? owner : caller.account);
  const context = new Map<string, readonly string[]>(
    [...ALWAYS_THERE, ...(caller.kind === 'role' ? OF_SESSIONS : [])].map((key) => [key, UNKNOWN]),
  );
  const set = (key: string, value: string | undefined) => {
    if (value) context.set(key, [value]);
  };
  set('aws:securetransport', 'true');
  set('aws:viaawsservice', 'false');
  set('aws:principalisawsservice', String(caller.kind === 'service'));
  set('aws:resourceaccount', account);
  set('aws:requestedregion', region);
  for (const [key, value] of principalKeys(caller)) set(key, value);
  if (action.toLowerCase().startsWith('kms:')) set('kms:calleraccount', caller.account);
  for (const [key, values] of more) context.set(key, values);
  return { caller, action, resource, account, context };
}

/** Of requests by federated identities there are none of them: their keys are those of the token. */
function principalKeys(caller: Caller): [string, string | undefined][] {
  const { kind, arn, session, account } = caller;
  if (kind === 'federated') return [];
  if (kind === 'service') return [['aws:principalservicename', arn]];
  const name = arn.split('/').at(-1);
  return [
    ['aws:principalarn', arn],
    ['aws:principalaccount', account],
    ['aws:principaltype', { role: 'AssumedRole', user: 'User', root: 'Account' }[kind]],
    // The first half is an id that IAM gives out: policies that compare it mean a role that templates cannot name.
    [
      'aws:userid',
      kind === 'role'
        ? `AROA${name}:${session?.split('/').at(-1)}`
        : kind === 'user'
          ? `AIDA${name}`
          : account,
    ],
    ['aws:username', kind === 'user' ? name : undefined],
  ];
}
