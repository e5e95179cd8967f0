/**
 * The roles that a CDK assembly is deployed with. Where no bootstrap template is given, they are those of the CDK's own: they
 * trust the whole account, and CloudFormation is an administrator. That is also what an account has that nobody narrowed.
 * https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html
 */
import type { Deployment, ResolvedStackHead } from '../assembly/assembly';
import { callerOf } from '../evaluate/caller';
import { contextOf } from '../policy/context';
import { parsePolicy } from '../policy/document';
import { Problem } from '../problem';
import type { Principal } from './estate';
import { managedByAws } from './managed-policies';

const partitionOf = (arn: string): string => arn.split(':')[1] ?? 'aws';

export function deploymentRoles(
  stacks: readonly ResolvedStackHead[],
  known: readonly Principal[],
): Principal[] {
  const made = new Map<string, Principal>();
  const isKnown = (arn: string) => made.has(arn) || known.some(({ caller }) => caller.arn === arn);
  for (const { deployment } of stacks) {
    if (!deployment) continue;
    for (const [arn, make] of rolesOf(deployment)) {
      if (arn && !isKnown(arn)) made.set(arn, make(arn));
    }
  }
  return [...made.values()];
}

type Make = (arn: string) => Principal;

function rolesOf(deployment: Deployment): [string | undefined, Make][] {
  const { deployRole, executionRole, lookupRole, publishingRoles } = deployment;
  return [
    [executionRole, (arn) => role(arn, 'cloudformation.amazonaws.com', [allow('*')])],
    [deployRole, (arn) => role(arn, undefined, deploying(executionRole))],
    [
      lookupRole,
      (arn) => {
        const made = role(arn, undefined, [{ ...allow('kms:Decrypt'), Effect: 'Deny' }]);
        return {
          ...made,
          identity: [
            ...made.identity,
            managedByAws(`arn:${partitionOf(arn)}:iam::aws:policy/ReadOnlyAccess`),
          ],
        };
      },
    ],
    ...publishingRoles.map((arn): [string, Make] => [
      arn,
      () => role(arn, undefined, publishing(deployment, partitionOf(arn))),
    ]),
  ];
}

function role(arn: string, service: string | undefined, statements: readonly object[]): Principal {
  const caller = callerOf(arn);
  if (!caller) throw new Problem(`${JSON.stringify(arn)} is no ARN of a role`);
  const name = arn.split('/').at(-1) ?? arn;
  const principal = service
    ? { Service: service }
    : { AWS: `arn:${partitionOf(arn)}:iam::${caller.account}:root` };
  return {
    name,
    kind: 'deployment',
    caller,
    identity: [parsePolicy(`bootstrap ${name}`, { Version: '2012-10-17', Statement: statements })],
    trust: parsePolicy(`bootstrap ${name} trust`, {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' },
    }),
    keys: contextOf({}),
  };
}

const allow = (action: string | readonly string[], resource: string | readonly string[] = '*') => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
});

function deploying(executionRole: string | undefined): object[] {
  return [
    allow([
      'cloudformation:CreateChangeSet',
      'cloudformation:DeleteChangeSet',
      'cloudformation:DescribeChangeSet',
      'cloudformation:DescribeStacks',
      'cloudformation:ExecuteChangeSet',
      'cloudformation:CreateStack',
      'cloudformation:UpdateStack',
      'cloudformation:RollbackStack',
      'cloudformation:ContinueUpdateRollback',
      'cloudformation:DescribeStackEvents',
      'cloudformation:GetTemplate',
      'cloudformation:DeleteStack',
      'cloudformation:UpdateTerminationProtection',
    ]),
    ...(executionRole ? [allow('iam:PassRole', executionRole)] : []),
    allow('sts:GetCallerIdentity'),
  ];
}

function publishing({ assetBuckets, assetRepositories }: Deployment, partition: string): object[] {
  const buckets = assetBuckets.flatMap((name) => [
    `arn:${partition}:s3:::${name}`,
    `arn:${partition}:s3:::${name}/*`,
  ]);
  const repositories = assetRepositories.map((name) => `arn:${partition}:ecr:*:*:repository/${name}`);
  return [
    ...(buckets.length > 0
      ? [
          allow(
            ['s3:GetObject*', 's3:GetBucket*', 's3:List*', 's3:PutObject*', 's3:DeleteObject*', 's3:Abort*'],
            buckets,
          ),
        ]
      : []),
    ...(repositories.length > 0
      ? [
          allow(
            [
              'ecr:PutImage',
              'ecr:InitiateLayerUpload',
              'ecr:UploadLayerPart',
              'ecr:CompleteLayerUpload',
              'ecr:BatchCheckLayerAvailability',
              'ecr:DescribeRepositories',
              'ecr:DescribeImages',
              'ecr:BatchGetImage',
              'ecr:GetDownloadUrlForLayer',
            ],
            repositories,
          ),
          allow('ecr:GetAuthorizationToken'),
        ]
      : []),
  ];
}
