/** What even an administrator of the account may not do, and who may. */
import { Template } from 'aws-cdk-lib/assertions';
import { namesOf } from '../../../lib/names';
import { OrganizationStack } from '../../../lib/stacks/organization';
import { decide, type Statement } from '../../support/policy-decision';
import { stageNamed, testApp } from '../../support/stages';

const organization = { account: '999999999999', region: 'eu-central-1', targets: ['ou-abcd-11112222'] };
const stage = stageNamed('prod', { organization });
const names = namesOf(stage);
const { account, region, bootstrap } = stage;
let statements: Statement[];
let template: Template;

beforeAll(() => {
  template = Template.fromStack(new OrganizationStack(testApp(), 'Organization', { stage }));
  statements = Object.values(template.findResources('AWS::Organizations::Policy')).flatMap(
    ({ Properties }) => Properties.Content.Statement,
  );
});

const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const deploys = (qualifier: string) => role(`cdk-${qualifier}-deploy-role-${account}-${region}`);
const stack = (id: string) => `arn:aws:cloudformation:${region}:${account}:stack/tz-prod-${id}/0a1b`;
const withStream = (group: { arn: string }) => `${group.arn}:log-stream:x`;
const key = `arn:aws:kms:${region}:${account}:key/k`;
const audit = `arn:aws:s3:::${names.buckets.audit}`;
const boundedBy = (arn: string) => ({ 'iam:PermissionsBoundary': arn });
const alias = (name: string) => ({ 'kms:ResourceAliases': [`alias/tz-prod-${name}`] });

const admin = role('Admin');
const deployer = names.execution.sensitive;
const administrator = stage.sensitiveAdministrators[0] as string;
const platform = names.execution.platform;
const auditor = names.personaRole('SecurityAuditor').replaceAll('?', '0');

/** Who may all the same, what it is, and on what. Everybody else may not. */
type Case = readonly [principals: readonly string[], action: string, resource: string, context?: object];

const RESERVED: readonly Case[] = [
  ...[
    ['cloudtrail:StopLogging', names.trail.arn],
    ['s3:PutBucketPolicy', audit],
    ['s3:PutBucketObjectLockConfiguration', audit],
    ['s3:PutReplicationConfiguration', audit],
    ['s3:PutBucketLogging', `arn:aws:s3:::${names.buckets.accessLogs}`],
    ['logs:DeleteLogGroup', `${names.logGroups.transcripts.arn}:*`],
    ['logs:DeleteMetricFilter', `${names.logGroups.trail.arn}:*`],
    ['logs:DisassociateKmsKey', `${names.logGroups.database.arn}:*`],
    ['logs:PutAccountPolicy', '*'],
    ['sns:SetTopicAttributes', names.topic.arn],
    ['secretsmanager:PutResourcePolicy', names.secrets.breakGlass.arn.replaceAll('?', 'x')],
    ['kms:DeleteAlias', `arn:aws:kms:${region}:${account}:alias/tz-prod-sensitive`],
    ['kms:UpdateAlias', `arn:aws:kms:${region}:${account}:alias/tz-prod-session`],
    ['iam:CreatePolicyVersion', names.boundary.arn],
    ['iam:SetDefaultPolicyVersion', `arn:aws:iam::${account}:policy/tz-prod-cfn-sensitive-things-${region}`],
    ['lambda:UpdateFunctionCode', names.functions.approvals.arn],
    ['lambda:AddPermission', names.functions.databaseBootstrap.arn],
    ['lambda:UpdateFunctionConfiguration', `${names.functions.secretRotation.arn}:live`],
    ['lambda:RemovePermission', names.functions.approvals.arn],
    ['lambda:PutFunctionConcurrency', names.functions.approvals.arn],
    ['lambda:DeleteFunction', names.functions.approvals.arn],
  ].map(([action, resource]): Case => [[deployer, administrator], action as string, resource as string]),
  ...['sensitive', 'session', 'audit'].flatMap((name): Case[] => [
    [[deployer, administrator], 'kms:PutKeyPolicy', key, alias(name)],
    [[deployer, administrator], 'kms:ReplicateKey', key, alias(name)],
  ]),
  [
    [deployer, administrator, platform],
    'cloudwatch:DeleteAlarms',
    `arn:aws:cloudwatch:${region}:${account}:alarm:tz-prod-trail-changed`,
  ],
  [[deployer, administrator, platform], 'events:PutTargets', names.rules.approvals.arn],
  [[auditor], 'logs:GetLogEvents', withStream(names.logGroups.transcripts)],
  [[auditor], 'logs:StartQuery', `${names.logGroups.database.arn}:*`],
  [
    [administrator],
    'iam:UpdateAssumeRolePolicy',
    role(`cdk-${bootstrap.sensitive}-deploy-role-${account}-${region}`),
  ],
  [[administrator], 'iam:PutRolePolicy', deployer],
  [[administrator], 'iam:UpdateAssumeRolePolicy', platform],
  [[administrator], 'iam:UpdateAssumeRolePolicy', administrator],
  [[administrator], 'iam:CreateRole', administrator],
  [[deploys(bootstrap.sensitive), administrator], 'iam:PassRole', deployer],
  [[deploys(bootstrap.platform), administrator], 'iam:PassRole', platform],
  [[deploys(bootstrap.sensitive), administrator], 'cloudformation:UpdateStack', stack('sensitive')],
  [[deploys(bootstrap.sensitive), administrator], 'cloudformation:ExecuteChangeSet', stack('access')],
  [[deploys(bootstrap.platform), administrator], 'cloudformation:DeleteStack', stack('data')],
  [
    [deployer, platform, administrator],
    'iam:UpdateAssumeRolePolicy',
    names.roles.backendTask.arn,
    boundedBy(names.boundary.arn),
  ],
  [[deployer, platform, administrator], 'iam:UpdateAssumeRolePolicy', names.roles.ciSensitive.arn],
  [
    [deployer, platform, administrator, role('tz-prod-registry-StarterRole-1A2B')],
    'iam:PassRole',
    names.roles.migrationTask.arn,
  ],
];

const FOR_NOBODY: readonly Case[] = [
  [[], 's3:DeleteObjectVersion', `${audit}/x`],
  [[], 's3:BypassGovernanceRetention', `arn:aws:s3:::${names.buckets.transcripts}/x`],
  [[], 'iam:CreateUser', '*'],
  [[], 'organizations:LeaveOrganization', '*'],
  [[], 'iam:DeleteRolePermissionsBoundary', names.roles.backendTask.arn],
  [[], 'iam:CreateRole', names.roles.approvals.arn],
  [
    [],
    'iam:PutRolePermissionsBoundary',
    names.roles.backendTask.arn,
    boundedBy('arn:aws:iam::aws:policy/AdministratorAccess'),
  ],
  [[], 'iam:PutRolePolicy', names.personaRole('ProdEngineer').replaceAll('?', '0')],
  [
    [],
    'iam:CreateRole',
    role('aws-reserved/sso.amazonaws.com/AWSReservedSSO_BreakGlassAdmin_0123456789abcdef'),
  ],
];

const EVERYBODY = [
  admin,
  `arn:aws:iam::${account}:root`,
  ...[deployer, platform, administrator, auditor],
  ...Object.values(bootstrap).map(deploys),
];

const denied = (among: readonly Statement[], principal: string, [, action, resource, context = {}]: Case) =>
  decide(among, { action, resource, context: { 'aws:PrincipalArn': principal, ...context } }) === 'deny';

const titled = (cases: readonly Case[]) =>
  cases.map((each) => [`${each[1]} on ${each[2]} ${JSON.stringify(each[3] ?? {})}`, each] as const);

test.each(titled(RESERVED))('only who is named may: %s', (...[, each]) => {
  for (const principal of EVERYBODY) {
    const named = each[0].includes(principal);
    expect([principal, denied(statements, principal, each)]).toEqual([principal, !named]);
  }
  for (const principal of each[0]) expect(denied(statements, principal, each)).toBe(false);
});

test.each(titled(FOR_NOBODY))('nobody may: %s', (...[, each]) => {
  for (const principal of EVERYBODY) {
    expect([principal, denied(statements, principal, each)]).toEqual([principal, true]);
  }
});

test('no statement can be dropped unnoticed', () => {
  const cases = [...RESERVED, ...FOR_NOBODY];
  const unnoticed = statements.filter((dropped) => {
    const rest = statements.filter((each) => each !== dropped);
    return EVERYBODY.every((principal) =>
      cases.every((each) => denied(rest, principal, each) === denied(statements, principal, each)),
    );
  });
  expect(unnoticed).toEqual([]);
});

test('who is exempt is exempt by its name, not by one that begins or ends alike', () => {
  const guarded: Case = [[], 'kms:PutKeyPolicy', key, alias('sensitive')];
  for (const principal of [`${deployer}-2`, `${administrator}s`, role('x/sensitive-administrator')]) {
    expect([principal, denied(statements, principal, guarded)]).toEqual([principal, true]);
  }
});

test('what is not of the class is left alone', () => {
  const others: readonly Case[] = [
    [[], 'kms:PutKeyPolicy', key, alias('logs')],
    [[], 's3:DeleteObject', 'arn:aws:s3:::another/x'],
    [[], 'iam:UpdateAssumeRolePolicy', role('another')],
    [[], 'iam:PassRole', role('another')],
    [[], 'cloudformation:UpdateStack', `arn:aws:cloudformation:${region}:${account}:stack/another/x`],
    [[], 'logs:GetLogEvents', withStream(names.logGroups.backend)],
    [[], 'lambda:UpdateFunctionCode', `arn:aws:lambda:${region}:${account}:function:another`],
    [[], 'cloudwatch:PutMetricAlarm', `arn:aws:cloudwatch:${region}:${account}:alarm:another`],
  ];
  for (const each of others) expect([each, denied(statements, admin, each)]).toEqual([each, false]);
});

test('the deployers make their bounded roles, as they do on every deploy', () => {
  for (const deployed of [deployer, platform]) {
    for (const action of ['iam:CreateRole', 'iam:PutRolePermissionsBoundary', 'iam:PutRolePolicy']) {
      const each: Case = [[], action, role('tz-prod-services-Role1A2B'), boundedBy(names.boundary.arn)];
      expect([action, denied(statements, deployed, each)]).toEqual([action, false]);
    }
  }
});

test('applies where the stage says, within the limits of a policy and of a target', () => {
  const policies = Object.values(template.findResources('AWS::Organizations::Policy'));
  expect(policies.length).toBeLessThan(5);
  for (const { Properties } of policies) {
    expect(Properties.TargetIds).toEqual(['ou-abcd-11112222']);
    expect(JSON.stringify(Properties.Content).length).toBeLessThanOrEqual(5120);
  }
});

test('a stage without an organization has no such stack', () => {
  expect(() => new OrganizationStack(testApp(), 'Organization', { stage: stageNamed('prod') })).toThrow(
    'stage prod manages no organization',
  );
});

test('a stage in the account that manages the organization is refused: no such policy binds that account', () => {
  const inside = stageNamed('prod', { organization: { ...organization, account } });
  expect(() => new OrganizationStack(testApp(), 'Organization', { stage: inside })).toThrow(
    'which no service control policy binds',
  );
});
