/** What CloudFormation may do for each deployer. */
import { narrowBootstrap } from '../../../lib/bootstrap/narrow';
import { type Deployer, STACKS } from '../../../lib/bootstrap/stacks';
import { decide, type Statement } from '../../support/policy-decision';
import { stageNamed } from '../../support/stages';
import { account, DEPLOYERS, names, type Resource, region, templates, upstream, VERSION } from './narrowed';

const executionOf = (template: { Resources: Record<string, Resource> }): Statement[] =>
  Object.values(template.Resources)
    .filter(
      ({ Type, Properties }) =>
        Type === 'AWS::IAM::ManagedPolicy' && /-cfn-/.test(JSON.stringify(Properties.ManagedPolicyName)),
    )
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);

const execution = (deployer: Deployer) => executionOf(templates[deployer]);

const may = (deployer: Deployer, action: string, resource = '*', context: Record<string, string> = {}) =>
  decide(execution(deployer), { action, resource, context }) === 'allow';

describe.each(DEPLOYERS)('%s', (deployer) => {
  test('makes roles with the boundary only, and never takes it off', () => {
    const role = `arn:aws:iam::${account}:role/tz-prod-${STACKS[deployer][0]}-Something`;
    const bounded = { 'iam:PermissionsBoundary': names.boundary.arn };
    for (const action of ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary']) {
      expect(may(deployer, action, role, bounded)).toBe(true);
      expect(may(deployer, action, role)).toBe(false);
      expect(may(deployer, action, role, { 'iam:PermissionsBoundary': 'another' })).toBe(false);
    }
    expect(may(deployer, 'iam:DeleteRolePermissionsBoundary', role)).toBe(false);
    const administrator = { ...bounded, 'iam:PolicyARN': 'arn:aws:iam::aws:policy/AdministratorAccess' };
    expect(may(deployer, 'iam:AttachRolePolicy', role, administrator)).toBe(false);
  });

  test('makes no role of the other, none of the CDK and none of Identity Center', () => {
    const other = STACKS[deployer === 'platform' ? 'sensitive' : 'platform'][0];
    const bounded = { 'iam:PermissionsBoundary': names.boundary.arn };
    for (const role of [
      `tz-prod-${other}-Role`,
      'cdk-tzprod-deploy-role',
      'aws-reserved/sso.amazonaws.com/x',
    ]) {
      for (const action of [
        'iam:CreateRole',
        'iam:PutRolePolicy',
        'iam:UpdateAssumeRolePolicy',
        'iam:PassRole',
      ]) {
        expect(may(deployer, action, `arn:aws:iam::${account}:role/${role}`, bounded)).toBe(false);
      }
    }
  });
});

const secret = names.secrets.breakGlass.arn.replaceAll('?', 'x');
const master = names.secrets.master.replace('*', 'cluster-x');

test.each<[Deployer, boolean, string, string]>([
  ['platform', true, 'rds:CreateDBCluster', names.database.arn],
  ['platform', true, 'secretsmanager:CreateSecret', master],
  ['platform', false, 'secretsmanager:GetSecretValue', master],
  ['platform', false, 'secretsmanager:PutResourcePolicy', secret],
  ['platform', true, 'lambda:UpdateFunctionCode', names.functions.rlsRegistry.arn],
  ['platform', false, 'lambda:UpdateFunctionCode', names.functions.databaseBootstrap.arn],
  ['platform', false, 'lambda:UpdateFunctionCode', names.functions.approvals.arn],
  ['platform', false, 'lambda:InvokeFunction', names.functions.rlsRegistry.arn],
  [
    'platform',
    true,
    'lambda:InvokeFunction',
    `arn:aws:lambda:${region}:${account}:function:tz-prod-registry-RlsRegistryProvider`,
  ],
  [
    'platform',
    false,
    'lambda:InvokeFunction',
    `arn:aws:lambda:${region}:${account}:function:tz-prod-access-DatabaseBootstrapProvider`,
  ],
  [
    'sensitive',
    true,
    'lambda:InvokeFunction',
    `arn:aws:lambda:${region}:${account}:function:tz-prod-access-DatabaseBootstrapProvider`,
  ],
  ['sensitive', true, 'lambda:InvokeFunction', names.functions.secretRotation.arn],
  ['sensitive', false, 'lambda:InvokeFunction', names.functions.approvals.arn],
  ['platform', true, 'events:PutTargets', `arn:aws:events:${region}:${account}:rule/tz-prod-rls-verify`],
  ['platform', false, 'events:PutTargets', names.rules.approvals.arn],
  ['platform', false, 'events:DisableRule', names.rules.approvals.arn],
  ['sensitive', true, 'events:PutTargets', names.rules.approvals.arn],
  ['sensitive', false, 'events:PutTargets', `arn:aws:events:${region}:${account}:rule/tz-prod-rls-verify`],
  ['platform', false, 'lambda:AddPermission', names.functions.approvals.arn],
  ['platform', false, 'iam:UpdateAssumeRolePolicy', names.roles.approvals.arn],
  ['platform', false, 'cloudtrail:StopLogging', names.trail.arn],
  ['platform', false, 's3:PutBucketPolicy', `arn:aws:s3:::${names.buckets.audit}`],
  ['platform', false, 'sso:CreatePermissionSet', '*'],
  ['platform', false, 'iam:CreatePolicyVersion', names.boundary.arn],
  ['platform', false, 'iam:CreateUser', '*'],
  ['platform', true, 'ec2:CreateVpc', '*'],
  ['platform', false, 'ec2:RunInstances', '*'],
  ['platform', false, 'rds:ModifyDBClusterSnapshotAttribute', '*'],
  ['platform', false, 'ecs:ExecuteCommand', names.clusters.support.arn],
  ['platform', false, 'logs:DeleteLogGroup', `${names.logGroups.transcripts.arn}:*`],
  ['platform', false, 'logs:FilterLogEvents', `${names.logGroups.database.arn}:*`],
  ['platform', false, 'logs:PutSubscriptionFilter', names.logGroups.trail.arn],
  [
    'platform',
    false,
    'lambda:UpdateFunctionCode',
    `arn:aws:lambda:${region}:${account}:function:tz-prod-access-DatabaseBootstrapProvider`,
  ],
  [
    'platform',
    false,
    'cloudwatch:DeleteAlarms',
    `arn:aws:cloudwatch:${region}:${account}:alarm:tz-prod-trail-changed`,
  ],
  [
    'platform',
    true,
    'cloudwatch:PutMetricAlarm',
    `arn:aws:cloudwatch:${region}:${account}:alarm:tz-prod-registry-drift`,
  ],
  ['platform', true, 'logs:CreateLogGroup', names.logGroups.backend.arn],
  ['sensitive', true, 'secretsmanager:PutResourcePolicy', secret],
  ['sensitive', false, 'secretsmanager:GetSecretValue', secret],
  ['sensitive', false, 'secretsmanager:PutSecretValue', secret],
  ['sensitive', true, 'sso:CreatePermissionSet', '*'],
  ['sensitive', true, 'cloudtrail:UpdateTrail', names.trail.arn],
  ['sensitive', true, 's3:PutBucketPolicy', `arn:aws:s3:::${names.buckets.audit}`],
  ['sensitive', false, 's3:DeleteObjectVersion', `arn:aws:s3:::${names.buckets.audit}/x`],
  ['sensitive', false, 'rds:ModifyDBCluster', names.database.arn],
  ['sensitive', false, 'rds-data:ExecuteStatement', names.database.arn],
  ['sensitive', true, 'iam:CreatePolicyVersion', names.boundary.arn],
  ['sensitive', false, 'iam:CreateUser', '*'],
  ['sensitive', false, 'ecs:UpdateService', '*'],
  ['sensitive', false, 'organizations:DetachPolicy', '*'],
])('%s: %s for %s', (deployer, expected, action, resource) => {
  expect(may(deployer, action, resource)).toBe(expected);
});

test('reads assets and version of its own bootstrap, in each account that its stacks stand in', () => {
  const organization = { account: '999999999999', region: 'us-east-1', targets: ['ou-abcd-11112222'] };
  const elsewhere = stageNamed('prod', { organization });
  for (const deployer of DEPLOYERS) {
    const statements = executionOf(narrowBootstrap(upstream(), elsewhere, deployer, VERSION));
    const reads = (action: string, resource: string) => decide(statements, { action, resource }) === 'allow';
    const other = DEPLOYERS.find((each) => each !== deployer) as Deployer;
    for (const [environment, expected] of [
      [{ account, region }, true],
      [organization, deployer === 'sensitive'],
    ] as const) {
      const version = (of: Deployer) =>
        `arn:aws:ssm:${environment.region}:${environment.account}:parameter/cdk-bootstrap/${elsewhere.bootstrap[of]}/version`;
      const asset = (of: Deployer) =>
        `arn:aws:s3:::cdk-${elsewhere.bootstrap[of]}-assets-${environment.account}-${environment.region}/x`;
      expect(reads('ssm:GetParameters', version(deployer))).toBe(expected);
      expect(reads('s3:GetObject', asset(deployer))).toBe(expected);
      expect(reads('ssm:GetParameters', version(other))).toBe(false);
      expect(reads('s3:GetObject', asset(other))).toBe(false);
    }
  }
});

test('keys of the sensitive stacks are administered by their own deployer, told by their tag', () => {
  const key = `arn:aws:kms:${region}:${account}:key/0123`;
  const tag = (deployer: Deployer) => ({ 'aws:ResourceTag/tenant-zero:deployer': deployer });
  for (const action of ['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:UntagResource']) {
    expect(may('platform', action, key, tag('platform'))).toBe(true);
    expect(may('platform', action, key, tag('sensitive'))).toBe(false);
    expect(may('sensitive', action, key, tag('sensitive'))).toBe(true);
  }
  // RDS encrypts the master's login with the sensitive key, as who makes the database.
  for (const action of ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'])
    expect(may('platform', action, key, tag('sensitive'))).toBe(true);
});
