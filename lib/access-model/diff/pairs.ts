/** Which principal was which: by name, and where only the name changed, by ARN. */
import type { Estate, Principal } from '../estate/estate';
import { inOrder } from '../in-order';

export interface Pair {
  /** As it is called now; of one that is gone, as it was called. */
  readonly name: string;
  readonly base?: Principal;
  readonly head?: Principal;
  /** Named by a policy for the first time, but there before. */
  readonly newlyNamed?: boolean;
}

export function pairsOf(base: Estate, head: Estate): Pair[] {
  const gone = new Map(base.principals.map((each) => [each.name, each]));
  const take = (found: Principal | undefined) => {
    if (found) gone.delete(found.name);
    return found;
  };
  const byName = new Map(head.principals.map((each) => [each, take(gone.get(each.name))]));
  const pairs = head.principals.map((each): Pair => {
    // A second one of the same name in another account renames the first to `X in 111111111111`.
    const was =
      byName.get(each) ?? take([...gone.values()].find(({ caller }) => caller.arn === each.caller.arn));
    if (was) return { name: each.name, base: was, head: each };
    // A role that a policy names now was there before, among the administrators whom nobody named.
    const among = each.kind === 'named' ? administratorOf(base, each.caller.account) : undefined;
    return among
      ? { name: each.name, base: among, head: each, newlyNamed: true }
      : { name: each.name, head: each };
  });
  const removed = [...gone.values()].map((each): Pair => ({ name: each.name, base: each }));
  return [...pairs, ...removed].sort((a, b) => inOrder(a.name, b.name));
}

function administratorOf({ principals }: Estate, account: string): Principal | undefined {
  return principals.find(({ kind, caller }) => kind === 'administrator' && caller.account === account);
}
