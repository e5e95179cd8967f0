/** What CloudFormation may do for the deployer of the platform. */
import type { Names } from '../names';
import { rolesOf } from './roles-of-stage';
import { STACKS } from './stacks';
import { allow, deny, denyElsewhere, type Statement } from './statement';

export function platformPolicies(names: Names, own: readonly Statement[]): Record<string, Statement[]> {
  const { account, region, prefix, secrets, functions, buckets, trail, boundary } = names;
  const of = (service: string, ...rests: string[]) =>
    rests.map((rest) => `arn:aws:${service}:${region}:${account}:${rest}`);
  const powerful = [
    ...[functions.databaseBootstrap, functions.secretRotation, functions.approvals].map(
      ({ arn }) => `${arn}*`,
    ),
    // What calls them on behalf of CloudFormation, named after its stack.
    ...STACKS.sensitive.flatMap((stack) => of('lambda', `function:${prefix}-${stack}-*`)),
  ];
  return {
    Roles: rolesOf(names, 'platform'),
    Things: [
      // Scaling is refused to whoever could not set its alarms; an endpoint with private names is a zone of its own.
      allow('SeeAlarms', [
        'cloudwatch:DescribeAlarms',
        'kms:RetireGrant',
        'route53:AssociateVPCWithHostedZone',
      ]),
      allow(
        'ScalingAlarms',
        ['cloudwatch:DeleteAlarms', 'cloudwatch:PutMetricAlarm'],
        of('cloudwatch', 'alarm:TargetTracking-*'),
      ),
      allow('Network', ['ec2:*']),
      allow('Database', ['application-autoscaling:*', 'backup-storage:*', 'backup:*', 'rds:*']),
      allow('Services', ['ecs:*', 'elasticloadbalancing:*', 'wafv2:*']),
      allow('Functions', ['lambda:*'], of('lambda', `function:${prefix}-*`)),
      allow('Schedules', ['events:*'], of('events', `rule/${prefix}-*`)),
      allow('Waiting', ['states:*'], of('states', 'stateMachine:*')),
      allow('Alarms', ['cloudwatch:*'], of('cloudwatch', `alarm:${prefix}-registry-*`)),
      allow(
        'Logs',
        ['logs:*'],
        of(
          'logs',
          ...[
            `/${prefix}/*`,
            `/aws/lambda/${prefix}-*`,
            `/aws/rds/*${prefix}-*`,
            `aws-waf-logs-${prefix}-*`,
          ].map((each) => `log-group:${each}`),
        ),
      ),
      allow('LogDelivery', [
        'logs:CreateLogDelivery',
        'logs:DescribeLogGroups',
        'logs:GetLogDelivery',
        'logs:UpdateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:ListLogDeliveries',
        // The firewall lets itself write, as whoever switches its log on.
        'logs:DescribeResourcePolicies',
        'logs:PutResourcePolicy',
      ]),
      allow('Parameters', ['ssm:*'], of('ssm', `parameter/${prefix}/configuration/*`)),
      // Ours say themselves who may use them: the sensitive ones name their users, and delegate nothing.
      allow('Keys', [
        'kms:Create*',
        'kms:DeleteAlias',
        'kms:Describe*',
        'kms:Enable*',
        'kms:Decrypt',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:Get*',
        'kms:List*',
        'kms:PutKeyPolicy',
        'kms:ScheduleKeyDeletion',
        'kms:TagResource',
        'kms:UntagResource',
        'kms:UpdateAlias',
        'kms:UpdateKeyDescription',
      ]),
      allow(
        'MasterLogin',
        [
          'secretsmanager:CreateSecret',
          'secretsmanager:DescribeSecret',
          'secretsmanager:RotateSecret',
          'secretsmanager:TagResource',
        ],
        [secrets.master],
      ),
      ...own,
      allow('ScaleServices', ['iam:PassRole'], [`arn:aws:iam::${account}:role/aws-service-role/*`], {
        StringEquals: { 'iam:PassedToService': 'application-autoscaling.amazonaws.com' },
      }),
      allow(
        'ServiceLinkedRoles',
        ['iam:CreateServiceLinkedRole'],
        [`arn:aws:iam::${account}:role/aws-service-role/*`],
      ),
    ],
    Limits: [
      deny('SensitiveSecrets', ['secretsmanager:*'], [secrets.all]),
      deny('MasterLoginStaysSecret', [
        'secretsmanager:BatchGetSecretValue',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutResourcePolicy',
        'secretsmanager:PutSecretValue',
      ]),
      deny('PowerfulFunctions', ['lambda:*'], powerful),
      deny('SchedulesOfTheOther', ['events:*'], [names.rules.approvals.arn]),
      deny('Shells', ['ecs:ExecuteCommand', 'ssm:StartSession']),
      deny('TaskByHand', ['ecs:RunTask', 'ecs:StartTask']),
      // CloudFormation calls the providers of custom resources as this role.
      denyElsewhere(
        'Calls',
        ['lambda:InvokeFunction'],
        [...STACKS.platform.flatMap((stack) => of('lambda', `function:${prefix}-${stack}-*`))],
      ),
      deny('Copies', [
        'rds:CopyDB*',
        'rds:Download*',
        'rds:ModifyDB*SnapshotAttribute',
        'rds:StartActivityStream',
        'rds:StartExportTask',
        'rds-data:*',
        'rds-db:connect',
      ]),
      // By the tag that every stack puts on what it makes: the id of a key is not known before. To use them is for their own
      // policies: RDS encrypts the master's login with the sensitive key, on behalf of who makes the database.
      deny(
        'KeysOfTheOther',
        [
          'kms:DisableKey*',
          'kms:PutKeyPolicy',
          'kms:ScheduleKeyDeletion',
          'kms:TagResource',
          'kms:UntagResource',
          'kms:UpdateAlias',
        ],
        ['*'],
        { StringEquals: { 'aws:ResourceTag/tenant-zero:deployer': 'sensitive' } },
      ),
      deny('Personas', ['identitystore:*', 'organizations:*', 'sso:*']),
      // Nothing here runs on a machine of its own, and one in the network would stand beside the database.
      deny('Machines', ['ec2:CreateFleet', 'ec2:RequestSpot*', 'ec2:RunInstances']),
      deny('Trail', ['cloudtrail:*'], [trail.arn]),
      deny(
        'Records',
        ['s3:*'],
        [buckets.audit, buckets.transcripts, buckets.accessLogs].flatMap((name) => [
          `arn:aws:s3:::${name}`,
          `arn:aws:s3:::${name}/*`,
        ]),
      ),
      // Statements and their values: not to be read, forwarded or cut short.
      deny(
        'RecordedLogs',
        ['logs:*'],
        [
          names.logGroups.trail,
          names.logGroups.transcripts,
          names.logGroups.database,
          names.logGroups.instance,
        ].flatMap(({ arn }) => [arn, `${arn}:*`]),
      ),
      deny(
        'Boundary',
        ['iam:CreatePolicyVersion', 'iam:DeletePolicy*', 'iam:SetDefaultPolicyVersion'],
        [boundary.arn],
      ),
    ],
  };
}
