/**
 * Whose requests a policy is about. Of those whom it treats alike one speaks for all: a boundary of thirty roles would
 * otherwise be asked thirty times.
 */

import type { Estate, Principal } from '../estate/estate';
import { principalMatch } from '../evaluate/principal';
import { requestOf } from '../evaluate/request';
import { holds } from '../policy/condition';
import type { Policy, Statement } from '../policy/document';
import { strangersIn } from '../probes/callers';
import type { PlacedPolicy } from './policies';

export function concernedBy(placed: PlacedPolicy, estate: Estate): Principal[] {
  const { policy, identities, trusting, targets, ofOrganization } = placed;
  const anybody = trusting.length > 0 || targets.length > 0 || ofOrganization;
  const asking = anybody ? [...estate.principals, ...outsidersOf(policy, estate)] : identities;
  const found = new Map<string, Principal>();
  for (const each of asking) {
    const kind = signatureOf(policy, each);
    if (!found.has(kind)) found.set(kind, each);
  }
  return [...found.values()];
}

/** Services, identity providers and other accounts that it names, and somebody whom nobody knows. */
function outsidersOf({ statements }: Policy, estate: Estate): Principal[] {
  const known = new Set(
    estate.principals.flatMap(({ caller }) => [caller.arn, caller.session ?? caller.arn, caller.account]),
  );
  const all = [...statements, EVERYONE];
  return strangersIn(all, known).flatMap(({ head, unknown }) => (head && !unknown ? [head] : []));
}

const EVERYONE = { principals: { AWS: ['*'] }, notPrincipals: false } as unknown as Statement;

/** From the name that `strangersIn` gives. */
export function outsiderNamed(name: string): Principal | undefined {
  const principals: Statement['principals'] = /\.amazonaws\.com(\.cn)?$/.test(name)
    ? { Service: [name] }
    : /:(oidc|saml)-provider\//.test(name)
      ? { Federated: [name] }
      : { AWS: [name === 'anyone anywhere' ? '*' : name.replace('anyone of account ', '')] };
  return strangersIn([{ ...EVERYONE, principals }], new Set())[0]?.head;
}

/** How each statement takes them, as far as that follows from who they are. */
function signatureOf({ statements }: Policy, { kind, caller, keys }: Principal): string {
  const { context } = requestOf(caller, 'any:Any', '*', keys);
  const taken = statements.map((each) => {
    const names = Object.values(each.principals ?? {}).flat();
    // Who is named by name is nobody else, and so is who is exempted.
    const named = names.map((name) => Number(name === caller.arn || name === caller.session)).join('');
    const match = each.principals ? principalMatch(each, caller).certainty : '';
    const conditions = each.conditions
      .filter(({ key }) => key.startsWith('aws:principal') || key.startsWith('aws:user'))
      .flatMap((condition) =>
        condition.values.map((value) => holds({ ...condition, values: [value] }, context, each.variables)),
      );
    return [named, match, ...conditions].join();
  });
  // What speaks for a kind must be there of each kind, and of people everybody counts.
  return [kind === 'person' ? caller.arn : kind, caller.kind, caller.account, ...taken].join('|');
}
