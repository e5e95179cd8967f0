/** The bootstrap of each deployer: who may act as the CDK, and what CloudFormation may do for it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { BootstrapShapeUnknown, narrowBootstrap } from '../../../lib/bootstrap/narrow';
import { type Deployer, STACKS } from '../../../lib/bootstrap/stacks';
import { namesOf } from '../../../lib/names';
import { decide, type Statement } from '../../support/policy-decision';
import { stageNamed } from '../../support/stages';

const ROOT = path.join(__dirname, '../../..');
const upstream = () =>
  parse(
    readFileSync(path.join(ROOT, 'node_modules/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml'), 'utf8'),
  );
const stage = stageNamed('prod');
const names = namesOf(stage);
const { account, region } = stage;
const DEPLOYERS = Object.keys(STACKS) as Deployer[];
const templates = Object.fromEntries(
  DEPLOYERS.map((deployer) => [deployer, narrowBootstrap(upstream(), stage, deployer)]),
);

interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: as it stands in the template
  readonly Properties: any;
}
const resources = (deployer: Deployer) => templates[deployer].Resources as Record<string, Resource>;

const execution = (deployer: Deployer): Statement[] =>
  Object.values(resources(deployer))
    .filter(
      ({ Type, Properties }) =>
        Type === 'AWS::IAM::ManagedPolicy' && /-cfn-/.test(JSON.stringify(Properties.ManagedPolicyName)),
    )
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);

const may = (deployer: Deployer, action: string, resource = '*', context: Record<string, string> = {}) =>
  decide(execution(deployer), { action, resource, context }) === 'allow';

describe.each(DEPLOYERS)('%s', (deployer) => {
  const ci = deployer === 'platform' ? names.roles.ciPlatform.arn : names.roles.ciSensitive.arn;

  test('roles of the command line are assumed by the pipeline and the administrators, not by the account', () => {
    for (const role of ['FilePublishingRole', 'ImagePublishingRole', 'LookupRole', 'DeploymentActionRole']) {
      expect(resources(deployer)[role]?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
        {
          Effect: 'Allow',
          Action: ['sts:AssumeRole', 'sts:TagSession'],
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Condition: { ArnLike: { 'aws:PrincipalArn': [ci, ...stage.sensitiveAdministrators].sort() } },
        },
      ]);
    }
  });

  test('nobody is an administrator, and each policy fits', () => {
    expect(JSON.stringify(templates[deployer])).not.toContain('AdministratorAccess');
    for (const { Type, Properties } of Object.values(resources(deployer))) {
      if (Type === 'AWS::IAM::ManagedPolicy')
        expect(JSON.stringify(Properties.PolicyDocument).length).toBeLessThan(6144);
    }
    expect(resources(deployer).CloudFormationExecutionRole?.Properties.ManagedPolicyArns).toHaveLength(3);
  });

  test('deploys and deletes stacks of its own, for CloudFormation acts as who made a stack', () => {
    const statements: Statement[] = resources(
      deployer,
    ).DeploymentActionRole?.Properties.Policies[0].PolicyDocument.Statement.map(
      // Intrinsics stand for other things than stacks.
      (each: Statement) => ({
        ...each,
        Resource: [each.Resource].flat().map((one) => (typeof one === 'string' ? one : JSON.stringify(one))),
      }),
    );
    const stack = (id: string) => `arn:aws:cloudformation:${region}:${account}:stack/tz-prod-${id}/0123`;
    const mine = STACKS[deployer];
    const others = STACKS[deployer === 'platform' ? 'sensitive' : 'platform'];
    for (const action of [
      'cloudformation:DeleteStack',
      'cloudformation:CreateChangeSet',
      'cloudformation:UpdateStack',
    ]) {
      for (const id of mine)
        expect([id, decide(statements, { action, resource: stack(id) })]).toEqual([id, 'allow']);
      for (const id of others)
        expect([id, decide(statements, { action, resource: stack(id) })]).toEqual([id, 'no statement']);
    }
  });

  test('keeps what cdk deploy looks for', () => {
    const { Parameters, Outputs } = templates[deployer];
    expect(Parameters.Qualifier.Default).toBe(stage.bootstrap[deployer]);
    expect(Object.keys(Outputs)).toEqual(Object.keys(upstream().Outputs));
    expect(Object.keys(resources(deployer))).toEqual(
      expect.arrayContaining(Object.keys(upstream().Resources)),
    );
  });

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
  ['platform', false, 'cloudtrail:StopLogging', names.trail.arn],
  ['platform', false, 's3:PutBucketPolicy', `arn:aws:s3:::${names.buckets.audit}`],
  ['platform', false, 'sso:CreatePermissionSet', '*'],
  ['platform', false, 'iam:CreatePolicyVersion', names.boundary.arn],
  ['platform', false, 'iam:CreateUser', '*'],
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

test('a template of another shape is refused, by the name of what is not there', () => {
  const other = upstream();
  delete other.Resources.CloudFormationExecutionRole;
  expect(() => narrowBootstrap(other, stage, 'platform')).toThrow(BootstrapShapeUnknown);
  expect(() => narrowBootstrap(other, stage, 'platform')).toThrow('Resources.CloudFormationExecutionRole');
});

test('what was narrowed was wide: the check sees the difference', () => {
  const wide = JSON.stringify(upstream().Resources);
  expect(wide).toContain('AdministratorAccess');
  expect(wide).toContain('AWS::AccountId');
});

test('the command prints the same template twice, and what to do with it', () => {
  const run = () =>
    execFileSync(
      process.execPath,
      ['--import', 'tsx', 'bin/bootstrap-template.ts', '--stage', 'dev', '--deployer', 'sensitive'],
      { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
  const first = run();
  expect(parse(first).Resources.CdkBootstrapVersion).toBeDefined();
  expect(run()).toBe(first);
});
