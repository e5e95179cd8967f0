/**
 * Whom a statement of a resource's policy means, and how directly. It matters: what is granted to a session by its name is
 * not limited by a boundary, what is granted to the account has to be granted once more by a policy of the identity.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policies_evaluation-basics.html
 */
import { isMarked } from '../assembly/unresolved';
import type { Certainty } from '../policy/certainty';
import type { Statement } from '../policy/document';
import type { Caller } from './caller';

/**
 * `itself`: by the ARN of the user or of the session, `role`: by the ARN of its role, `everyone`: by `*`,
 * `account`: by its account.
 */
export type Named = 'itself' | 'role' | 'everyone' | 'account';

export interface PrincipalMatch {
  readonly certainty: Certainty;
  readonly named: Named;
}

const NOBODY: PrincipalMatch = { certainty: 'no', named: 'account' };
const BY_DIRECTNESS: readonly Named[] = ['itself', 'role', 'everyone', 'account'];

export function principalMatch(statement: Statement, caller: Caller): PrincipalMatch {
  // A statement of a resource's policy without a principal means nobody; one of an identity's policy is not asked.
  if (!statement.principals) return NOBODY;
  const named = Object.entries(statement.principals).flatMap(([kind, names]) =>
    names.map((name) => match(kind, name, caller)),
  );
  if (statement.notPrincipals) return { certainty: exceptFor(named, caller), named: 'everyone' };
  for (const certainty of ['yes', 'maybe'] as const) {
    for (const directness of BY_DIRECTNESS) {
      if (named.some((each) => each.certainty === certainty && each.named === directness)) {
        return { certainty, named: directness };
      }
    }
  }
  return NOBODY;
}

function match(kind: string, name: string, caller: Caller): PrincipalMatch {
  const yes = (named: Named): PrincipalMatch => ({ certainty: 'yes', named });
  if (name === '*')
    return kind === 'AWS' || (kind === 'Service') === (caller.kind === 'service') ? yes('everyone') : NOBODY;
  if (isMarked(name)) return { certainty: 'maybe', named: 'role' };
  switch (caller.kind) {
    case 'service':
      return kind === 'Service' && name === caller.arn ? yes('itself') : NOBODY;
    case 'federated':
      return kind === 'Federated' && (name === caller.arn || caller.arn.endsWith(`/${name}`))
        ? yes('itself')
        : NOBODY;
    default:
  }
  if (kind !== 'AWS') return NOBODY;
  if (caller.kind === 'role' && name === caller.session) return yes('itself');
  if (name === caller.arn)
    return yes(caller.kind === 'role' ? 'role' : caller.kind === 'root' ? 'account' : 'itself');
  return name === caller.account || /^arn:[^:]+:iam::(\d{12}):root$/.exec(name)?.[1] === caller.account
    ? yes('account')
    : NOBODY;
}

/**
 * Of `NotPrincipal` a caller is left out only if it is named with its account and, for a session, its role: with less AWS
 * may or may not leave it out. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function exceptFor(named: readonly PrincipalMatch[], caller: Caller): Certainty {
  const has = (wanted: Named) => named.some((each) => each.certainty === 'yes' && each.named === wanted);
  if (has('everyone')) return 'no';
  const needed: Named[] = caller.kind === 'role' ? ['itself', 'role', 'account'] : ['itself', 'account'];
  const enough = caller.kind === 'service' || caller.kind === 'root' ? needed.some(has) : needed.every(has);
  if (enough) return 'no';
  return named.some(({ certainty }) => certainty !== 'no') ? 'maybe' : 'yes';
}
