/**
 * What no role of the platform can do, whatever is attached to it: change who may do what, hide what was done, or reach
 * the sensitive class without being named. Every role that the CDK makes has it, and every permission set.
 */
import { Effect, ManagedPolicy, PolicyStatement, type PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../nag/acknowledge';
import type { Names } from '../names';

/** Of a managed policy, without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAX_CHARACTERS = 6144;

/** Who there is, who may become whom, and what they may. */
const IDENTITIES = [
  'account:*',
  'iam:Add*',
  'iam:Attach*',
  'iam:Change*',
  'iam:Create*',
  'iam:Deactivate*',
  'iam:Delete*',
  'iam:Detach*',
  'iam:Enable*',
  'iam:Put*',
  'iam:Remove*',
  'iam:Set*',
  'iam:Tag*',
  'iam:Untag*',
  'iam:Update*',
  'iam:Upload*',
  'identitystore:Create*',
  'identitystore:Delete*',
  'identitystore:Update*',
  'organizations:Attach*',
  'organizations:Create*',
  'organizations:Delete*',
  'organizations:Detach*',
  'organizations:Leave*',
  'organizations:Remove*',
  'organizations:Update*',
  'sso:Attach*',
  'sso:Create*',
  'sso:Delete*',
  'sso:Detach*',
  'sso:Provision*',
  'sso:Put*',
  'sso:Update*',
];

export interface BoundaryProps {
  readonly names: Names;
}

export class Boundary extends ManagedPolicy {
  constructor(scope: Construct, id: string, { names }: BoundaryProps) {
    const statements = statementsOf(names);
    const size = JSON.stringify(statements.map((each) => each.toStatementJson())).length;
    if (size > MAX_CHARACTERS - 50) {
      throw new Error(`the permissions boundary has ${size} characters, ${MAX_CHARACTERS} are allowed`);
    }
    super(scope, id, {
      managedPolicyName: names.boundary.name,
      description: 'What no role of the platform can do, whatever is attached to it',
      statements,
    });
    acknowledge(this, {
      // Not a finding: the rule cannot read a statement with NotAction.
      rules: ['AwsSolutions-IAM5'],
      reason: 'A boundary allows nothing by itself: what a role may do, and on what, its own policy says',
      owner: 'security',
      until: '2027-11-30',
    });
  }
}

function statementsOf(names: Names): PolicyStatement[] {
  const { roles, personaRole, secrets, clusters, buckets, prefix, account, region } = names;
  const deny = (sid: string, actions: string[], rest: Partial<PolicyStatementProps> = {}) =>
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      actions,
      ...(rest.notResources ? {} : { resources: ['*'] }),
      ...rest,
    });
  const unless = (...arns: string[]) => ({ ArnNotLike: { 'aws:PrincipalArn': arns.sort() } });
  const auditor = personaRole('SecurityAuditor');

  return [
    // The identity policy of each role says what it may; this is the most that any of them may say.
    new PolicyStatement({ sid: 'WhateverTheRoleSays', notActions: IDENTITIES, resources: ['*'] }),
    deny('Identities', IDENTITIES),
    // The roles of the CDK deploy, publish and look up: for the two roles of the pipeline.
    deny('OtherRoles', ['sts:AssumeRole'], {
      conditions: unless(roles.ciPlatform.arn, roles.ciSensitive.arn),
    }),
    // Roles of tasks, to start exactly one: the migration's starter, in the registry's stack.
    deny('HandRolesOn', ['ecs:RunTask', 'ecs:StartTask', 'iam:PassRole'], {
      conditions: unless(`arn:aws:iam::${account}:role/${prefix}-registry-*`),
    }),
    deny('SensitiveSecrets', ['secretsmanager:*'], {
      resources: [secrets.all],
      conditions: unless(
        roles.approvals.arn,
        roles.backendTask.arn,
        roles.databaseBootstrap.arn,
        roles.secretRotation.arn,
        personaRole('BreakGlassAdmin'),
        auditor,
      ),
    }),
    deny('Master', ['secretsmanager:*'], {
      resources: [secrets.master],
      conditions: unless(roles.databaseBootstrap.arn),
    }),
    deny('Keys', [
      'kms:DeleteAlias',
      'kms:DisableKey*',
      'kms:ImportKeyMaterial',
      'kms:PutKeyPolicy',
      'kms:ReplicateKey',
      'kms:ScheduleKeyDeletion',
      'kms:TagResource',
      'kms:UntagResource',
      'kms:UpdateAlias',
      'kms:UpdatePrimaryRegion',
    ]),
    // Backups and volumes are encrypted by grants, for services of AWS.
    deny('Grants', ['kms:CreateGrant'], {
      conditions: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false' } },
    }),
    deny('Shells', ['ecs:ExecuteCommand'], {
      notResources: [clusters.support.arn, clusters.support.tasks],
    }),
    // Into a task by this way there is no transcript, and ports are forwarded to the database.
    deny('Sessions', ['ssm:ResumeSession', 'ssm:SendCommand', 'ssm:StartSession']),
    deny('Trail', [
      'cloudtrail:Delete*',
      'cloudtrail:Put*',
      'cloudtrail:Stop*',
      'cloudtrail:Update*',
      'cloudwatch:DeleteAlarms',
      'cloudwatch:DisableAlarmActions',
      'cloudwatch:PutMetricAlarm',
      'cloudwatch:SetAlarmState',
      'events:Delete*',
      'events:Disable*',
      'events:Put*',
      'events:Remove*',
      'logs:DeleteLogGroup',
      'logs:DeleteLogStream',
      'logs:DeleteMetricFilter',
      'logs:DeleteRetentionPolicy',
      'logs:DisassociateKmsKey',
      'logs:PutMetricFilter',
      'logs:PutSubscriptionFilter',
      'sns:AddPermission',
      'sns:Delete*',
      'sns:RemovePermission',
      'sns:Set*',
      'sns:Unsubscribe',
    ]),
    // RDS sets that of its own metrics, with the role that it was given.
    deny('Retention', ['logs:PutRetentionPolicy'], {
      notResources: [`arn:aws:logs:${region}:${account}:log-group:RDSOSMetrics*`],
    }),
    deny('Records', ['s3:BypassGovernanceRetention', 's3:Delete*', 's3:PutBucket*', 's3:PutLifecycle*'], {
      resources: [buckets.audit, buckets.transcripts].flatMap((name) => [
        `arn:aws:s3:::${name}`,
        `arn:aws:s3:::${name}/*`,
      ]),
    }),
    // Code of functions lies there between two deploys, the powerful ones' too: only what publishes assets writes.
    deny('Assets', ['s3:DeleteObject*', 's3:PutBucketPolicy', 's3:PutObject*'], {
      resources: ['arn:aws:s3:::cdk-*'],
    }),
    // Whoever copies the database needs no login of it; nor does whoever destroys it, or reads what others asked it.
    deny(
      'CopiesOfTheDatabase',
      [
        'backup:Delete*',
        'backup:StartCopyJob',
        'backup:StartRestoreJob',
        'pi:*',
        'rds:AddRole*',
        'rds:CopyDB*',
        'rds:Create*',
        'rds:DeleteDB*',
        'rds:Download*',
        'rds:EnableHttpEndpoint',
        'rds:ModifyDB*',
        'rds:Reset*',
        'rds:RestoreDB*',
        'rds:Start*',
        'rds:Stop*',
        'rds:Switchover*',
      ],
      { conditions: unless(`arn:aws:iam::${account}:role/${prefix}-data-*`) },
    ),
    deny('DataApi', ['rds-data:*'], { conditions: unless(auditor) }),
    deny('Code', [
      // It acts as who made a stack: whoever may delete or roll back one is the deployer for that moment.
      'cloudformation:Continue*',
      'cloudformation:Create*',
      'cloudformation:Delete*',
      'cloudformation:Execute*',
      'cloudformation:Rollback*',
      'cloudformation:Set*',
      'cloudformation:Update*',
      'ecs:Create*',
      'ecs:Delete*',
      'ecs:Put*',
      'ecs:Register*',
      'ecs:Update*',
      'lambda:Add*',
      'lambda:Create*',
      'lambda:Delete*',
      'lambda:Put*',
      'lambda:Remove*',
      'lambda:Update*',
    ]),
    deny('Images', ['ecr:BatchDeleteImage', 'ecr:Put*', 'ecr:Set*'], {
      conditions: unless(roles.imageBuilder.arn),
    }),
  ];
}
