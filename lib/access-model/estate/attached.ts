/** Which policies are attached to which identities: CloudFormation says it at either end. */
import type { Resource } from '../assembly/assembly';
import { isMarked } from '../assembly/unresolved';
import { any, type Certainty, certainly } from '../policy/certainty';
import { isUnread, type Policy, parsePolicy } from '../policy/document';
import { matches } from '../policy/pattern';
import { managedByAws, perhapsEverything, perhapsNothing } from './managed-policies';
import { items, record, text, texts } from './properties';

type Side = 'Roles' | 'Users' | 'Groups';
const NAME_PROPERTY = { Roles: 'RoleName', Users: 'UserName', Groups: 'GroupName' } as const;
/** `AWS::IAM::RolePolicy` and its like stand at one identity. */
const SINGLE = {
  Roles: 'AWS::IAM::RolePolicy',
  Users: 'AWS::IAM::UserPolicy',
  Groups: 'AWS::IAM::GroupPolicy',
} as const;

export class Attached {
  private readonly managed = new Map<string, { policy: Policy; resource: Resource }>();

  constructor(private readonly resources: readonly Resource[]) {
    for (const each of resources) {
      if (each.type !== 'AWS::IAM::ManagedPolicy') continue;
      const arn = each.arn ?? each.ref;
      const policy = parsePolicy(each.id, each.properties.PolicyDocument ?? { Statement: [] });
      this.managed.set(arn, {
        policy: { ...policy, arn, ...(each.perhaps ? { doubtful: true } : {}) },
        resource: each,
      });
    }
  }

  /** Inline, and managed ones by either side. */
  of(resource: Resource, side: Side): Policy[] {
    const inline = items(resource.properties.Policies).map((each, i) => {
      // A mark instead of one is one of which nothing is known.
      const { PolicyName, PolicyDocument = each } = record(each);
      const policy = parsePolicy(`${resource.id} ${text(PolicyName) ?? i}`, PolicyDocument);
      return resource.perhaps ? { ...policy, doubtful: true } : policy;
    });
    const apart = this.resources.flatMap((each) => {
      const { PolicyDocument } = each.properties;
      const property =
        each.type === 'AWS::IAM::Policy'
          ? side
          : each.type === SINGLE[side]
            ? NAME_PROPERTY[side]
            : undefined;
      if (property === undefined || PolicyDocument === undefined) return [];
      const certainty = names(each, property, resource);
      return attachedAs(
        each.perhaps && certainty === 'yes' ? 'maybe' : certainty,
        parsePolicy(each.id, PolicyDocument),
      );
    });
    const attaching = [...this.managed.values()].flatMap(({ policy, resource: each }) =>
      attachedAs(names(each, side, resource), policy),
    );
    const own = texts(resource.properties.ManagedPolicyArns).map((arn) => this.managedPolicy(arn));
    return [...inline, ...apart, ...unique([...own, ...attaching])];
  }

  /** By ARN: of this assembly, of AWS, or of somebody else, whose text is unknown. */
  managedPolicy(arn: string): Policy {
    const found = this.managed.get(arn);
    if (found) return found.policy;
    if (isMarked(arn)) return perhapsEverything(arn);
    return /^arn:[^:]+:iam::aws:policy\//.test(arn) ? managedByAws(arn) : { ...perhapsEverything(arn), arn };
  }

  /** By name and path, as a permission set refers to it in the account that it is assigned to. */
  customerManaged(account: string, name: string, path: string): Policy | undefined {
    for (const { policy, resource } of this.managed.values()) {
      const { ManagedPolicyName, Path } = resource.properties;
      if (resource.stack.account !== account || (text(Path) ?? '/') !== path) continue;
      if (ManagedPolicyName === name || resource.arn?.endsWith(`:policy${path}${name}`)) return policy;
    }
    return undefined;
  }

  /** As a boundary: a text that nobody has limits perhaps nothing, and perhaps everything. */
  boundary(arn: string): Policy | undefined {
    const { policy, resource } = this.managed.get(arn) ?? {};
    if (!policy) return undefined;
    return isUnread(resource?.properties.PolicyDocument) ? { ...perhapsNothing(policy.id), arn } : policy;
  }
}

/** Whether a property names an identity: IAM's names are of one account. A name that is not resolved is perhaps its own. */
export function names(by: Resource, property: string, { ref, stack }: Resource): Certainty {
  if (by.stack.account !== stack.account) return 'no';
  return any(texts(by.properties[property]), (name) =>
    isMarked(name) ? matches(name, ref) : certainly(name === ref),
  );
}

/** A policy that is attached only perhaps says all that it says perhaps. */
export function attachedAs(certainty: Certainty, policy: Policy): Policy[] {
  if (certainty === 'no') return [];
  return certainty === 'yes' ? [policy] : [{ ...policy, doubtful: true, attached: 'perhaps' }];
}

function unique(policies: readonly Policy[]): Policy[] {
  return policies.filter(({ id }, i) => policies.findIndex((each) => each.id === id) === i);
}
