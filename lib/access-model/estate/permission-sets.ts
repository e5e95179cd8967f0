/**
 * Permission sets of IAM Identity Center, as the roles that it makes of them in the accounts they are assigned to.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
import { createHash } from 'node:crypto';
import type { Resource } from '../assembly/assembly';
import { SESSION } from '../evaluate/caller';
import { contextOf } from '../policy/context';
import { type Policy, parsePolicy } from '../policy/document';
import type { Attached } from './attached';
import type { Principal } from './estate';
import { perhapsEverything, perhapsNothing } from './managed-policies';
import { items, record, text, texts } from './properties';
import { boundaryOf } from './roles';

export function permissionSetsOf(resources: readonly Resource[], attached: Attached): Principal[] {
  const assignments = resources.filter(({ type }) => type === 'AWS::SSO::Assignment');
  return resources
    .filter(({ type }) => type === 'AWS::SSO::PermissionSet')
    .flatMap((set) => {
      const accounts = assignments
        .filter(
          ({ properties }) =>
            properties.PermissionSetArn === set.ref || properties.PermissionSetArn === set.arn,
        )
        .map(({ properties }) => text(properties.TargetId) ?? '');
      // One that nobody is assigned to yet is still what the next assignment gives.
      const places = [...new Set(accounts.length > 0 ? accounts : [set.stack.account])].sort();
      return places.map((account) => personOf(set, account, places.length > 1, attached));
    });
}

function personOf(set: Resource, account: string, several: boolean, attached: Attached): Principal {
  const name = text(set.properties.Name) ?? set.logicalId;
  const { partition, region } = set.stack;
  // Where Identity Center lives in us-east-1, the path names no region.
  const path = `aws-reserved/sso.amazonaws.com/${region === 'us-east-1' ? '' : `${region}/`}`;
  const suffix = createHash('sha256').update(`${account}/${name}`).digest('hex').slice(0, 16);
  const role = `AWSReservedSSO_${name}_${suffix}`;
  const arn = `arn:${partition}:iam::${account}:role/${path}${role}`;
  const boundary = boundaryOfSet(set, account, attached);
  const minutes = minutesOf(text(set.properties.SessionDuration) ?? 'PT1H');
  return {
    name: several ? `${name} in ${account}` : name,
    kind: 'person',
    caller: {
      kind: 'role',
      arn,
      session: `arn:${partition}:sts::${account}:assumed-role/${role}/${SESSION}`,
      account,
    },
    id: set.id,
    ...(set.path ? { path: set.path } : {}),
    identity: policiesOf(set, account, attached),
    ...boundary,
    trust: trustOf(set, account, name),
    keys: contextOf({}),
    ...(minutes === undefined ? {} : { sessionMinutes: minutes }),
  };
}

function policiesOf(set: Resource, account: string, attached: Attached): Policy[] {
  const { InlinePolicy, ManagedPolicies, CustomerManagedPolicyReferences } = set.properties;
  const inline =
    InlinePolicy === undefined || InlinePolicy === '' ? [] : [parsePolicy(`${set.id} inline`, InlinePolicy)];
  const managed = texts(ManagedPolicies).map((arn) => attached.managedPolicy(arn));
  const referenced = items(CustomerManagedPolicyReferences).map((each) => {
    const { name, path } = reference(each);
    const known = attached.customerManaged(account, name, path);
    const arn = `arn:${set.stack.partition}:iam::${account}:policy${path}${name}`;
    return known ?? { ...perhapsEverything(`${account} ${path}${name}`), arn };
  });
  return [...inline, ...managed, ...referenced];
}

function boundaryOfSet(
  set: Resource,
  account: string,
  attached: Attached,
): Pick<Principal, 'boundary' | 'boundaryArn'> {
  const { PermissionsBoundary } = set.properties;
  const unresolved = text(PermissionsBoundary);
  if (unresolved) return { boundaryArn: unresolved, boundary: perhapsNothing(unresolved) };
  const { CustomerManagedPolicyReference, ManagedPolicyArn } = record(PermissionsBoundary);
  const arn = text(ManagedPolicyArn);
  if (arn) return { boundaryArn: arn, boundary: boundaryOf(arn, attached) };
  if (CustomerManagedPolicyReference === undefined) return {};
  const { name, path } = reference(CustomerManagedPolicyReference);
  const known = attached.customerManaged(account, name, path)?.arn;
  return {
    boundaryArn: `arn:${set.stack.partition}:iam::${account}:policy${path}${name}`,
    boundary: (known && attached.boundary(known)) || perhapsNothing(`${account} ${path}${name}`),
  };
}

function reference(value: unknown): { name: string; path: string } {
  const { Name, Path } = record(value);
  return { name: text(Name) ?? '', path: text(Path) ?? '/' };
}

/** Nobody but Identity Center makes sessions of these roles, and nobody else changes them. */
function trustOf({ id, stack }: Resource, account: string, name: string): Policy {
  return parsePolicy(`${id} trust`, {
    Version: '2012-10-17',
    Statement: {
      Sid: name,
      Effect: 'Allow',
      Principal: { Federated: `arn:${stack.partition}:iam::${account}:saml-provider/AWSSSO_DO_NOT_DELETE` },
      Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
      Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
    },
  });
}

/** ISO 8601: `PT8H`, `PT1H30M`. */
function minutesOf(duration: string): number | undefined {
  const [whole, hours, minutes] = /^PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(duration) ?? [];
  return whole ? Number(hours ?? 0) * 60 + Number(minutes ?? 0) : undefined;
}
