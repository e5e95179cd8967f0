/**
 * Those whom a policy lets in and for whom nobody in the estate stands: services, other accounts by their number, whoever
 * comes from an identity provider with claims of any kind. One stands for each, so that letting them in does not go unseen.
 */
import { isMarked } from '../assembly/unresolved';
import type { Pair } from '../diff/pairs';
import type { Estate, Principal } from '../estate/estate';
import { type Caller, callerOf } from '../evaluate/caller';
import { contextOf } from '../policy/context';
import { type Policy, parsePolicy, type Statement } from '../policy/document';

export interface Stranger extends Pair {
  /** A canonical user of S3, or what AWS may add: nobody can tell who that is. */
  readonly unknown?: boolean;
}

/** @param known - ARNs and accounts of both estates, which speak for themselves */
export function strangersIn(statements: readonly Statement[], known: ReadonlySet<string>): Stranger[] {
  const found = new Map<string, Stranger>();
  for (const { principals = {} } of statements) {
    const names = Object.entries(principals).flatMap(([kind, all]) =>
      all.map((name) => [kind, name] as const),
    );
    for (const [kind, name] of names) {
      const stranger = strangerOf(kind, name, known);
      if (stranger) found.set(stranger.name, stranger);
    }
  }
  return [...found.values()];
}

export function knownIn(estates: readonly Estate[]): ReadonlySet<string> {
  return new Set(
    estates.flatMap(({ principals }) =>
      // Strangers at an identity provider stand for some of its claims only.
      principals
        .filter(({ caller }) => caller.kind !== 'federated')
        .flatMap(({ caller }) => [caller.arn, caller.session ?? caller.arn, caller.account]),
    ),
  );
}

function strangerOf(kind: string, name: string, known: ReadonlySet<string>): Stranger | undefined {
  // With a mark it may be anybody, and the estate's own are asked about it.
  if (known.has(name) || isMarked(name)) return undefined;
  switch (kind) {
    case 'AWS':
      return ofAws(name, known);
    case 'Service':
      return speaking(name, { kind: 'service', arn: name, account: '' });
    case 'Federated': {
      const account = name.split(':')[4] ?? '';
      return speaking(name, { kind: 'federated', arn: name, account });
    }
    default:
      return { ...speaking(`${kind} ${name}`, { kind: 'federated', arn: name, account: '' }), unknown: true };
  }
}

function ofAws(name: string, known: ReadonlySet<string>): Stranger | undefined {
  // For everyone there is somebody of another account.
  if (name === '*') return undefined;
  const account = /^(\d{12})$/.exec(name)?.[1] ?? /^arn:[^:]+:iam::(\d{12}):root$/.exec(name)?.[1];
  // Of an account of the estate there is a principal that stands for whoever has no name.
  if (account)
    return known.has(account) ? undefined : speaking(`anyone of account ${account}`, roleIn(account));
  const caller = callerOf(name);
  if (caller && known.has(caller.arn)) return undefined;
  return caller
    ? speaking(name, caller)
    : { ...speaking(name, { kind: 'federated', arn: name, account: '' }), unknown: true };
}

const roleIn = (account: string): Caller => callerOf(`arn:aws:iam::${account}:role/anyone`) as Caller;

/** Their own account allows them everything: that is not ours to refuse. */
const EVERYTHING: Policy = parsePolicy('their own account', {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
});

function speaking(name: string, caller: Caller): Stranger {
  const identity = caller.kind === 'role' || caller.kind === 'user' ? [EVERYTHING] : [];
  const principal: Principal = {
    name,
    kind: caller.kind === 'service' ? 'service' : 'named',
    caller,
    identity,
    keys: contextOf({}),
  };
  return { name, base: principal, head: principal };
}
