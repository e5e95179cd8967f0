/** What CloudFormation may do for the deployer of the sensitive stacks: guard everything, and read nothing. */
import type { Names } from '../names';
import { rolesOf } from './roles-of-stage';
import { STACKS } from './stacks';
import { allow, deny, denyElsewhere, type Statement } from './statement';

export interface SensitiveOptions {
  readonly repository: string;
  readonly managesOrganization: boolean;
}

export function sensitivePolicies(
  names: Names,
  own: readonly Statement[],
  options: SensitiveOptions,
): Record<string, Statement[]> {
  const { account, region, prefix, secrets, buckets, trail, boundary, topic, functions } = names;
  const of = (service: string, ...rests: string[]) =>
    rests.map((rest) => `arn:aws:${service}:${region}:${account}:${rest}`);
  const logs = [`/${prefix}/*`, `/aws/lambda/${prefix}-*`, `/aws/rds/*/${prefix}-*`].map(
    (each) => `log-group:${each}`,
  );
  return {
    Roles: rolesOf(names, 'sensitive'),
    Things: [
      allow(
        'Boundary',
        [
          'iam:CreatePolicy*',
          'iam:DeletePolicy*',
          'iam:GetPolicy*',
          'iam:ListEntitiesForPolicy',
          'iam:ListPolicyVersions',
          'iam:SetDefaultPolicyVersion',
          'iam:TagPolicy',
          'iam:UntagPolicy',
        ],
        [boundary.arn],
      ),
      allow(
        'GitHub',
        ['iam:*OpenIDConnectProvider*'],
        [`arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`],
      ),
      allow('Personas', ['sso:*', 'identitystore:Describe*', 'identitystore:List*']),
      allow('Keys', ['kms:*']),
      allow('Secrets', ['secretsmanager:*'], [secrets.all]),
      allow('Passwords', ['secretsmanager:GetRandomPassword']),
      allow('SeeTrails', ['cloudtrail:DescribeTrails', 'cloudtrail:ListTrails', 'cloudwatch:DescribeAlarms']),
      allow(
        'ChatRole',
        ['iam:CreateServiceLinkedRole'],
        [`arn:aws:iam::${account}:role/aws-service-role/management.chatbot.amazonaws.com/*`],
      ),
      allow('Trail', ['cloudtrail:*'], [trail.arn]),
      allow(
        'Buckets',
        ['s3:*'],
        [buckets.audit, buckets.transcripts, buckets.accessLogs].map((name) => `arn:aws:s3:::${name}`),
      ),
      allow('Alerts', ['sns:*'], [topic.arn, `${topic.arn}:*`]),
      allow('Chat', ['chatbot:*']),
      allow(
        'Alarms',
        ['cloudwatch:*'],
        [...of('cloudwatch', `alarm:${prefix}-*`), `arn:aws:cloudwatch::${account}:dashboard/${prefix}-*`],
      ),
      allow('Logs', ['logs:*'], of('logs', ...logs)),
      allow('LogGroups', ['logs:DescribeLogGroups', 'logs:DescribeMetricFilters']),
      allow('Images', ['ecr:*'], of('ecr', `repository/${options.repository}`)),
      allow('Functions', ['lambda:*'], of('lambda', `function:${prefix}-*`)),
      allow('FunctionsInTheNetwork', ['ec2:Describe*']),
      allow(
        'Schedules',
        [
          'events:DeleteRule',
          'events:DescribeRule',
          'events:DisableRule',
          'events:EnableRule',
          'events:ListTagsForResource',
          'events:ListTargetsByRule',
          'events:PutRule',
          'events:PutTargets',
          'events:RemoveTargets',
          'events:TagResource',
          'events:UntagResource',
        ],
        [names.rules.approvals.arn],
      ),
      ...own,
      ...(options.managesOrganization
        ? [
            allow('Guardrails', [
              'organizations:*Policy',
              'organizations:Describe*',
              'organizations:List*',
              'organizations:*Resource',
            ]),
          ]
        : []),
    ],
    Limits: [
      deny('ValuesStaySecret', [
        'secretsmanager:BatchGetSecretValue',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:ReplicateSecretToRegions',
        'secretsmanager:UpdateSecretVersionStage',
      ]),
      deny(
        'RecordsStay',
        ['s3:BypassGovernanceRetention', 's3:DeleteObject*', 's3:GetObject*', 's3:PutObject'],
        [buckets.audit, buckets.transcripts].map((name) => `arn:aws:s3:::${name}/*`),
      ),
      deny('Data', ['rds-data:*', 'rds-db:connect', 'rds:*']),
      deny('Shells', ['ecs:*', 'ssm:StartSession']),
      // CloudFormation calls the providers of custom resources as this role, and Secrets Manager wants that whoever sets a schedule may call.
      denyElsewhere(
        'Calls',
        ['lambda:InvokeFunction'],
        [
          ...STACKS.sensitive.flatMap((stack) => of('lambda', `function:${prefix}-${stack}-*`)),
          functions.secretRotation.arn,
        ],
      ),
      // A subscription and an export carry entries away as well as a query does.
      deny('LogsOfOthers', [
        'logs:CreateExportTask',
        'logs:FilterLogEvents',
        'logs:Get*Events',
        'logs:GetLogRecord',
        'logs:GetQueryResults',
        'logs:PutSubscriptionFilter',
        'logs:StartLiveTail',
        'logs:StartQuery',
      ]),
    ],
  };
}
