/** Which policies are attached to which identities: CloudFormation says it at either end. */
import type { Resource } from '../assembly/assembly';
import { isMarked } from '../assembly/unresolved';
import { type Policy, parsePolicy } from '../policy/document';
import { managedByAws, perhapsEverything } from './managed-policies';
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
      const policy = parsePolicy(each.id, each.properties.PolicyDocument ?? { Statement: [] });
      this.managed.set(each.arn ?? each.ref, { policy, resource: each });
    }
  }

  /** Inline, and managed ones by either side. */
  of(resource: Resource, side: Side): Policy[] {
    const name = resource.ref;
    const inline = items(resource.properties.Policies).map((each, i) => {
      const { PolicyName, PolicyDocument } = record(each);
      return parsePolicy(`${resource.id} ${text(PolicyName) ?? i}`, PolicyDocument);
    });
    const pointing = this.resources.filter((each) => {
      if (each.type === 'AWS::IAM::Policy') return texts(each.properties[side]).includes(name);
      return each.type === SINGLE[side] && each.properties[NAME_PROPERTY[side]] === name;
    });
    const attaching = [...this.managed.values()]
      .filter(({ resource: each }) => texts(each.properties[side]).includes(name))
      .map(({ policy }) => policy);
    const own = texts(resource.properties.ManagedPolicyArns).map((arn) => this.managedPolicy(arn));
    const documents = pointing
      .filter(({ properties }) => properties.PolicyDocument !== undefined)
      .map(({ id, properties }) => parsePolicy(id, properties.PolicyDocument));
    return [...inline, ...documents, ...unique([...own, ...attaching])];
  }

  /** By ARN: of this assembly, of AWS, or of somebody else, whose text is unknown. */
  managedPolicy(arn: string): Policy {
    const found = this.managed.get(arn);
    if (found) return found.policy;
    return /^arn:[^:]+:iam::aws:policy\//.test(arn) && !isMarked(arn)
      ? managedByAws(arn)
      : perhapsEverything(arn);
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

  isThere(arn: string): Policy | undefined {
    return this.managed.get(arn)?.policy;
  }
}

function unique(policies: readonly Policy[]): Policy[] {
  return policies.filter(({ id }, i) => policies.findIndex((each) => each.id === id) === i);
}
