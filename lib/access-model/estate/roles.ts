/** Roles and users of the templates. */
import type { Resource } from '../assembly/assembly';
import { callerOf } from '../evaluate/caller';
import { all, any } from '../policy/certainty';
import { contextOf } from '../policy/context';
import { type Policy, parsePolicy } from '../policy/document';
import { Problem } from '../problem';
import { type Attached, attachedAs, names } from './attached';
import type { Kind, Principal } from './estate';
import { perhapsNothing } from './managed-policies';
import { record, tagsOf, text, texts } from './properties';

export function rolesOf(resources: readonly Resource[], attached: Attached): Principal[] {
  return resources
    .filter(({ type }) => type === 'AWS::IAM::Role')
    .map((resource) => {
      const trust = parsePolicy(
        `${resource.id} trust`,
        resource.properties.AssumeRolePolicyDocument ?? { Statement: [] },
      );
      return {
        ...identity(resource, attached.of(resource, 'Roles'), attached),
        kind: kindOf(trust, resource.ref),
        trust,
      };
    });
}

export function usersOf(resources: readonly Resource[], attached: Attached): Principal[] {
  const groups = resources
    .filter(({ type }) => type === 'AWS::IAM::Group')
    .map((group) => ({ group, policies: attached.of(group, 'Groups') }));
  const additions = resources.filter(({ type }) => type === 'AWS::IAM::UserToGroupAddition');
  return resources
    .filter(({ type }) => type === 'AWS::IAM::User')
    .map((user) => {
      const memberships = groups.flatMap(({ group, policies }) => {
        const added = any(additions, (each) =>
          all([names(each, 'Users', user), names(each, 'GroupName', group)], (both) => both),
        );
        const certainty = any([names(user, 'Groups', group), added], (each) => each);
        return certainty === 'no' ? [] : [{ arn: group.arn ?? group.ref, certainty, policies }];
      });
      const ofGroups = memberships.flatMap(({ certainty, policies }) =>
        policies.flatMap((policy) => attachedAs(certainty, policy)),
      );
      return {
        ...identity(user, [...attached.of(user, 'Users'), ...ofGroups], attached),
        kind: 'user' as const,
        groups: memberships.map(({ arn, certainty }) => ({ arn, certainty })),
      };
    });
}

function identity(
  resource: Resource,
  policies: readonly Policy[],
  attached: Attached,
): Omit<Principal, 'kind'> {
  const arn = resource.arn ?? '';
  const caller = callerOf(arn);
  if (!caller)
    throw new Problem(
      `${resource.id}: ${JSON.stringify(arn)} is no ARN of an identity: its name, path or account is none`,
    );
  const boundaryArn = text(resource.properties.PermissionsBoundary);
  return {
    name: resource.ref,
    caller,
    id: resource.id,
    ...(resource.path ? { path: resource.path } : {}),
    identity: policies,
    ...boundaryGiven(resource, boundaryArn, attached),
    keys: contextOf(
      Object.fromEntries(
        tagsOf(resource.properties).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
      ),
    ),
  };
}

/** Something that is no ARN is a boundary all the same, of which nothing is known. */
function boundaryGiven(
  { id, properties }: Resource,
  boundaryArn: string | undefined,
  attached: Attached,
): Pick<Principal, 'boundary' | 'boundaryArn'> {
  if (boundaryArn) return { boundaryArn, boundary: boundaryOf(boundaryArn, attached) };
  return properties.PermissionsBoundary === undefined ? {} : { boundary: perhapsNothing(`${id} boundary`) };
}

export function boundaryOf(arn: string, attached: Attached): Policy {
  return (
    attached.boundary(arn) ?? (/:aws:policy\//.test(arn) ? attached.managedPolicy(arn) : perhapsNothing(arn))
  );
}

/** Of the services that a role trusts: what runs as it. */
const BY_SERVICE: Readonly<Record<string, Kind>> = {
  'ecs-tasks.amazonaws.com': 'task',
  'lambda.amazonaws.com': 'function',
  'cloudformation.amazonaws.com': 'deployment',
};

function kindOf({ statements }: Policy, name: string): Kind {
  const principals = statements
    .filter(({ effect }) => effect === 'Allow')
    .map(({ principals: each }) => record(each));
  const services = principals.flatMap(({ Service }) => texts(Service));
  const known = services.map((service) => BY_SERVICE[service]).find((kind) => kind !== undefined);
  if (known) return known;
  // The CDK names the roles that its command line assumes.
  if (/^cdk-.*-role-/.test(name)) return 'deployment';
  if (principals.some(({ Federated }) => texts(Federated).length > 0)) return 'pipeline';
  return services.length > 0 ? 'service' : 'role';
}
