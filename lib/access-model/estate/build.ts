/** Resources in, the estate out: every principal and every resource with the policies that stand at it. */

import { identityOf } from '../assembly/arns';
import type { Resolved, Resource } from '../assembly/assembly';
import { isMarked } from '../assembly/unresolved';
import { contextOf } from '../policy/context';
import type { Policy } from '../policy/document';
import { Attached } from './attached';
import { deploymentRoles } from './bootstrap';
import type { Estate, Principal, Target } from './estate';
import { organizationPolicies } from './organization';
import { administratorOf, namedRoles } from './outsiders';
import { permissionSetsOf } from './permission-sets';
import { tagsOf, text } from './properties';
import { resourcePolicies } from './resource-policies';
import { rolesOf, usersOf } from './roles';
import { strangersOf } from './strangers';

export function estateOf({ resources, stacks, unresolved }: Resolved): Estate {
  const attached = new Attached(resources);
  const targets = targetsOf(resources);
  const made = [
    ...permissionSetsOf(resources, attached),
    ...rolesOf(resources, attached),
    ...usersOf(resources, attached),
  ];
  const deploying = deploymentRoles(stacks, made);
  const organization = organizationPolicies(resources);
  const policies = [
    ...targets.flatMap(({ policy }) => (policy ? [policy] : [])),
    ...[...made, ...deploying].flatMap(({ trust }) => (trust ? [trust] : [])),
  ];
  // The accounts that hold something to guard; the one that manages the organization holds only its policies.
  const accounts = accountsOf(resources);
  const known = new Set([...made, ...deploying].map(({ caller }) => caller.arn));
  const named = namedRoles(
    { policies, organization, accounts: accounts.map(({ account }) => account) },
    known,
  );
  const administrators = accounts.map(({ account, partition }) =>
    administratorOf(account, partition, accounts.length > 1),
  );
  const trusts = made.flatMap(({ trust }) => (trust ? [trust] : []));
  const strangers = strangersOf(trusts, policies, accounts[0]?.partition ?? 'aws');
  return {
    principals: distinct([...made, ...deploying, ...named, ...administrators, ...strangers]),
    targets,
    resources,
    organization,
    stacks,
    unresolved,
  };
}

function targetsOf(resources: readonly Resource[]): Target[] {
  const policyOf = resourcePolicies(resources);
  const aliases = resources.filter(({ type }) => type === 'AWS::KMS::Alias');
  const endpoints = resources.filter(({ type }) => type === 'AWS::EC2::VPCEndpoint');
  const withArn = resources.filter(({ arn, type }) => arn !== undefined && type !== 'AWS::EC2::VPCEndpoint');
  const target = (resource: Resource, arn: string): Target => {
    const policy: Policy | undefined = policyOf(resource);
    return {
      id: resource.id,
      type: resource.type,
      arn,
      account: resource.stack.account,
      region: resource.stack.region,
      name: resource.ref,
      stack: resource.stack,
      logicalId: resource.logicalId,
      ...(resource.path ? { path: resource.path } : {}),
      ...(policy ? { policy } : {}),
      keys: keysOf(resource, aliases),
      properties: resource.properties,
      attribute: (name) => attributeOf(resource, name),
    };
  };
  return [
    ...withArn.map((resource) => target(resource, resource.arn as string)),
    ...endpoints.map((resource) => {
      const { partition, region, account } = resource.stack;
      return target(
        resource,
        resource.arn ?? `arn:${partition}:ec2:${region}:${account}:vpc-endpoint/${resource.ref}`,
      );
    }),
  ];
}

function attributeOf({ type, logicalId, stack, properties }: Resource, name: string): string | undefined {
  const value = identityOf(type, {
    logicalId,
    place: stack,
    property: (each) => properties[each],
  }).attribute(name);
  return typeof value === 'string' && !isMarked(value) ? value : undefined;
}

/** What AWS adds to every request for the resource, whoever makes it. */
function keysOf(resource: Resource, aliases: readonly Resource[]): Target['keys'] {
  const service = resource.arn?.split(':')[2] ?? '';
  const keys: Record<string, string | string[]> = {};
  for (const [tag, value] of tagsOf(resource.properties)) {
    keys[`aws:ResourceTag/${tag}`] = value;
    keys[`${service}:ResourceTag/${tag}`] = value;
  }
  if (resource.type === 'AWS::KMS::Key') {
    const { account, region } = resource.stack;
    // An alias and its key are of one account and region, and so are ids.
    const own = aliases.filter(
      ({ properties: { TargetKeyId }, stack }) =>
        TargetKeyId === resource.arn ||
        (TargetKeyId === resource.ref && stack.account === account && stack.region === region),
    );
    const names = own.flatMap(({ properties }) => text(properties.AliasName) ?? []);
    if (names.length > 0) keys['kms:ResourceAliases'] = names;
  }
  const boundary = text(resource.properties.PermissionsBoundary);
  if (boundary) keys['iam:PermissionsBoundary'] = boundary;
  return contextOf(keys);
}

function accountsOf(resources: readonly Resource[]): { account: string; partition: string }[] {
  const guarded = resources.filter(({ type }) => !type.startsWith('AWS::Organizations::'));
  const found = new Map(guarded.map(({ stack }) => [stack.account, stack.partition]));
  return [...found]
    .filter(([account]) => account !== '')
    .map(([account, partition]) => ({ account, partition }))
    .sort((a, b) => (a.account < b.account ? -1 : 1));
}

/** Two roles of one name in two accounts are told apart by their account. */
function distinct(principals: readonly Principal[]): Principal[] {
  const times = (name: string) => principals.filter((each) => each.name === name).length;
  return principals.map((each) =>
    times(each.name) > 1 ? { ...each, name: `${each.name} in ${each.caller.account}` } : each,
  );
}
