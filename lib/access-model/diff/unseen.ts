/**
 * Resources of which nobody here sees the policy: a role of another account, its queue, a key that no template makes. The
 * model does not claim that they let anybody in. Neither can it be told that they do not: what a policy of ours newly says
 * of them counts.
 */
import type { Principal } from '../estate/estate';
import type { Layers } from '../evaluate/evaluate';
import type { Request } from '../evaluate/request';
import { type Policy, parsePolicy } from '../policy/document';
import { Model, type Question } from '../questions/model';
import { possible } from '../questions/witness';

/** As if each of them trusted the account of whoever asks. */
export class Unseen extends Model {
  private readonly opened = new Map<string, Policy>();

  override layers(principal: Principal, request: Request, floor = false): Layers {
    const layers = super.layers(principal, request, floor);
    return layers.resource ? layers : { ...layers, resource: this.openTo(principal.caller.account) };
  }

  allows(question: Question): boolean {
    const { kind } = question.principal.caller;
    if (question.resource === '*' || (kind !== 'role' && kind !== 'user')) return false;
    return possible(this, question).possible !== 'no';
  }

  /** The account, and not the principal: its own policies have to allow it too. */
  private openTo(account: string): Policy {
    const known = this.opened.get(account);
    if (known) return known;
    const statement = { Effect: 'Allow', Principal: { AWS: account }, Action: '*', Resource: '*' };
    const policy = parsePolicy('a policy that is not seen', { Version: '2012-10-17', Statement: statement });
    this.opened.set(account, policy);
    return policy;
  }
}
