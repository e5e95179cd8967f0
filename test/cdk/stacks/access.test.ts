/** Functions with power: what each may read, who may call it, and when it first does. */
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { ENVIRONMENT, MEASURE } from '../../../lambda/approvals/contract';
import { parseSettings } from '../../../lambda/approvals/settings';
import type { FunctionPackage } from '../../../lib/functions/function-package';
import { namesOf } from '../../../lib/names';
import { AccessStack } from '../../../lib/stacks/access';
import { KeysStack } from '../../../lib/stacks/keys';
import { groundOf } from '../../support/stack-family';
import { stageNamed, testApp } from '../../support/stages';

const BOOTSTRAP = 'tz-prod-database-bootstrap';
const ROTATION = 'tz-prod-secret-rotation';
const APPROVALS = 'tz-prod-approvals';

let access: Template;
let keys: Template;
let account: string;

beforeAll(() => {
  const app = testApp();
  const stage = stageNamed('prod');
  account = stage.account;
  const { sensitive, operations, network, database } = groundOf(app, stage);
  const pack = (hash: string): FunctionPackage => ({ code: Code.fromInline('export {}'), hash });
  const stack = new AccessStack(app, 'Access', {
    stage,
    vpc: network.vpc,
    securityGroups: network.securityGroups,
    sensitiveKey: sensitive.key,
    logsKey: network.logsKey,
    alertsKey: operations.alertsKey,
    auditKey: operations.auditKey,
    database,
    packages: {
      databaseBootstrap: pack('bootstrap-1'),
      secretRotation: pack('rotation-1'),
      approvals: pack('approvals-1'),
    },
  });
  const keysStack = new KeysStack(app, 'Keys', {
    stage,
    serviceToken: stack.rotation.serviceToken,
    release: 'rotation-1',
    databaseHost: database.host,
  });
  access = Template.fromStack(stack);
  keys = Template.fromStack(keysStack);
});

// biome-ignore lint/suspicious/noExplicitAny: a template is what CloudFormation reads, not what we declare
type Resource = { readonly DependsOn?: string[]; readonly Properties: any };

const resources = (template: Template, type: string) =>
  Object.entries(template.findResources(type)) as [string, Resource][];

interface Allowed {
  readonly action: string;
  readonly on: readonly unknown[];
  readonly condition?: object;
}

/** All that a role may do, one action each: of two statements with the same action neither hides the other. */
function allowed(roleName: string): Allowed[] {
  const [roleId] =
    resources(access, 'AWS::IAM::Role').find(([, { Properties }]) => Properties.RoleName === roleName) ?? [];
  return resources(access, 'AWS::IAM::Policy')
    .filter(([, { Properties }]) => Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === roleId))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .flatMap(({ Action, Resource, Condition }) =>
      [Action].flat().map((action: string) => ({ action, on: [Resource].flat(), condition: Condition })),
    );
}

const NETWORK_AND_LOGS = /^(ec2|logs):/;
const powers = (roleName: string) => allowed(roleName).filter(({ action }) => !NETWORK_AND_LOGS.test(action));
const actionsOf = (roleName: string) => [...new Set(powers(roleName).map(({ action }) => action))].sort();
const sensitive = (...names: string[]) =>
  names.map((name) => expect.stringMatching(new RegExp(`:secret:tz-prod/sensitive/${name}-\\?{6}$`)));

test('the bootstrap reads the master and the logins of people, and changes no secret', () => {
  expect(actionsOf(BOOTSTRAP)).toEqual(['kms:Decrypt', 'secretsmanager:GetSecretValue']);
  const reads = powers(BOOTSTRAP).filter(({ action }) => action === 'secretsmanager:GetSecretValue');
  expect(reads.map(({ on }) => on)).toEqual([
    // The ARN that RDS gave to it, not a pattern.
    [{ 'Fn::ImportValue': expect.stringMatching(/^tz-prod-data:.*MasterUserSecret/) }],
    sensitive('auditor-login', 'break-glass-login'),
  ]);
});

test('rotation makes versions of the four secrets, reads no master, and logs in as one role by token', () => {
  expect(actionsOf(ROTATION)).toEqual([
    'kms:Decrypt',
    'kms:GenerateDataKey',
    'rds-db:connect',
    'secretsmanager:DescribeSecret',
    'secretsmanager:GetSecretValue',
    'secretsmanager:PutSecretValue',
    'secretsmanager:UpdateSecretVersionStage',
  ]);
  const four = sensitive('auditor-login', 'break-glass-login', 'session-signing-keys', 'token-signing-keys');
  for (const { action, on } of powers(ROTATION)) {
    if (action.startsWith('secretsmanager:')) expect(on).toEqual(four);
    if (action === 'rds-db:connect') expect(JSON.stringify(on)).toMatch(/\/registry_applier"\]\]\}\]$/);
  }
});

test.each([BOOTSTRAP, ROTATION, APPROVALS])('%s uses the sensitive key, for secrets only', (roleName) => {
  const uses = powers(roleName).filter(
    ({ action, on }) => action.startsWith('kms:') && !JSON.stringify(on).includes('tz-prod-operations:'),
  );
  expect(uses).not.toEqual([]);
  for (const { on, condition } of uses) {
    expect(on).toEqual([{ 'Fn::ImportValue': expect.stringMatching(/^tz-prod-sensitive:.*GetAttKey/) }]);
    expect(condition).toEqual({
      StringEquals: {
        'kms:ViaService': expect.stringMatching(/^secretsmanager\.[a-z0-9-]+\.amazonaws\.com$/),
      },
    });
  }
});

test('Secrets Manager of this account calls the rotation, one rule the approvals; nobody is let into the bootstrap', () => {
  const permissions = resources(access, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties);
  expect(permissions).toHaveLength(2);
  expect(permissions).toEqual(
    expect.arrayContaining([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': [expect.stringMatching(/^SecretRotation/), 'Arn'] },
        Principal: 'secretsmanager.amazonaws.com',
        SourceAccount: account,
      },
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': [expect.stringMatching(/^ApprovalsFunction/), 'Arn'] },
        Principal: 'events.amazonaws.com',
        SourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^ApprovalsMeasure/), 'Arn'] },
      },
    ]),
  );
});

describe('the approvals', () => {
  const names = namesOf(stageNamed('prod'));

  test('log in as the gate and as the two logins that prove a revocation, and as nobody else', () => {
    const [connect, ...more] = powers(APPROVALS).filter(({ action }) => action === 'rds-db:connect');
    expect(more).toEqual([]);
    expect(connect?.on.map((arn) => /\/(\w+)"\]\]\}$/.exec(JSON.stringify(arn))?.[1]).sort()).toEqual([
      'sensitive_gate',
      'staff_admin',
      'support_shell',
    ]);
  });

  test('read the keys that sign tokens, and keep seeds, those of the approvers that the stage names', () => {
    const on = (action: string) =>
      powers(APPROVALS)
        .filter((each) => each.action === action)
        .flatMap(({ on }) => on);
    const seeds = sensitive('approver/ada', 'approver/grace');
    expect(on('secretsmanager:GetSecretValue')).toEqual([...sensitive('token-signing-keys'), ...seeds]);
    expect(on('secretsmanager:PutSecretValue')).toEqual(seeds);
    expect(on('secretsmanager:DescribeSecret')).toEqual(seeds);
  });

  test('tell people, hand out heads, end shells: each on one thing, each key for one service', () => {
    const rest = powers(APPROVALS).filter(({ action }) => !/^(secretsmanager|rds-db):/.test(action));
    const heads = [`arn:aws:s3:::${names.buckets.audit}/ledger/????????????.json`];
    const imported = (what: string) => [{ 'Fn::ImportValue': expect.stringMatching(what) }];
    const via = (service: string) => ({
      StringEquals: { 'kms:ViaService': `${service}.eu-central-1.amazonaws.com` },
    });
    expect(rest).toEqual([
      { action: 'kms:Decrypt', on: imported('^tz-prod-sensitive:'), condition: via('secretsmanager') },
      {
        action: 'kms:GenerateDataKey',
        on: imported('^tz-prod-sensitive:'),
        condition: via('secretsmanager'),
      },
      { action: 'sns:Publish', on: [names.topic.arn] },
      { action: 'kms:Decrypt', on: imported('^tz-prod-operations:.*AlertsKey'), condition: via('sns') },
      {
        action: 'kms:GenerateDataKey',
        on: imported('^tz-prod-operations:.*AlertsKey'),
        condition: via('sns'),
      },
      { action: 's3:GetObject', on: heads },
      { action: 's3:PutObject', on: heads },
      { action: 'kms:Decrypt', on: imported('^tz-prod-operations:.*AuditKey'), condition: via('s3') },
      { action: 'kms:GenerateDataKey', on: imported('^tz-prod-operations:.*AuditKey'), condition: via('s3') },
      {
        action: 'ssm:TerminateSession',
        on: [`arn:aws:ssm:eu-central-1:${account}:session/ecs-execute-command-*`],
      },
    ]);
  });

  test('are told every minute to measure, and nothing is tried again', () => {
    access.hasResourceProperties('AWS::Events::Rule', {
      Name: names.rules.approvals.name,
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ApprovalsFunction'), 'Arn'] },
          Input: JSON.stringify(MEASURE),
          RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
        }),
      ],
    });
  });

  test('know every name that their contract has, but for those of one machine', () => {
    const [, fn] =
      resources(access, 'AWS::Lambda::Function').find(
        ([, each]) => each.Properties.FunctionName === APPROVALS,
      ) ?? [];
    const { Variables } = fn?.Properties.Environment ?? {};
    const { passwords, caFile, ...expected } = ENVIRONMENT;
    expect(Object.keys(Variables).sort()).toEqual(Object.values(expected).sort());
    expect(Variables).toMatchObject({
      [ENVIRONMENT.functionName]: APPROVALS,
      [ENVIRONMENT.account]: account,
      [ENVIRONMENT.stage]: 'prod',
      [ENVIRONMENT.login]: 'iam',
      [ENVIRONMENT.approvers]: 'ada,grace',
      [ENVIRONMENT.approverSecrets]: 'tz-prod/sensitive/approver/',
      [ENVIRONMENT.tokenKeys]: 'tz-prod/sensitive/token-signing-keys',
      [ENVIRONMENT.topic]: names.topic.arn,
      [ENVIRONMENT.auditBucket]: names.buckets.audit,
      [ENVIRONMENT.officeHours]: '6-20',
    });
    expect(fn?.Properties).toMatchObject({ Timeout: 60, MemorySize: 512, Handler: 'index.handler' });
  });

  test('are taken by the function as they stand there', () => {
    const [, fn] =
      resources(access, 'AWS::Lambda::Function').find(
        ([, each]) => each.Properties.FunctionName === APPROVALS,
      ) ?? [];
    const known = { [ENVIRONMENT.host]: 'database.internal', [ENVIRONMENT.port]: '5433' };
    const environment = { AWS_REGION: 'eu-central-1', ...fn?.Properties.Environment.Variables, ...known };
    expect(parseSettings(environment, '/var/task')).toMatchObject({
      functionName: APPROVALS,
      account,
      approvers: ['ada', 'grace'],
      gate: { kind: 'iam', user: 'sensitive_gate' },
      support: { kind: 'iam', user: 'support_shell' },
      console: { kind: 'iam', user: 'staff_admin' },
      officeHours: { from: 6, to: 20 },
    });
    expect(() => parseSettings({ ...environment, [ENVIRONMENT.topic]: '' }, '/var/task')).toThrow(
      ENVIRONMENT.topic,
    );
  });
});

test('no secret stands in an environment: names do, and a host', () => {
  const text = JSON.stringify(
    resources(access, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties.Environment),
  );
  expect(text).toContain('tz-prod/sensitive/break-glass-login');
  expect(text).not.toContain('resolve:secretsmanager');
});

test('a new package prepares the database anew, and so does another database', () => {
  access.hasResourceProperties('Custom::DatabaseBootstrap', {
    Release: 'bootstrap-1',
    Host: Match.anyValue(),
  });
  keys.hasResourceProperties('Custom::SigningKeys', { Release: 'rotation-1', Host: Match.anyValue() });
});

test('the bootstrap is not called before it may read', () => {
  const [[, resource]] = resources(access, 'Custom::DatabaseBootstrap') as [[string, Resource]];
  const policies = resources(access, 'AWS::IAM::Policy').filter(([id]) =>
    id.startsWith('DatabaseBootstrapFunction'),
  );
  expect(policies).not.toEqual([]);
  for (const [id] of policies) expect(resource.DependsOn).toContain(id);
});

test('functions run a few at a time, keep their logs under a key, and the logs outlive them', () => {
  for (const [, { Properties }] of resources(access, 'AWS::Lambda::Function')) {
    if (![BOOTSTRAP, ROTATION, APPROVALS].includes(Properties.FunctionName)) continue;
    // For the approvals somebody waits.
    expect(Properties.ReservedConcurrentExecutions).toBeLessThanOrEqual(
      Properties.FunctionName === APPROVALS ? 5 : 2,
    );
    expect(Properties.VpcConfig.SecurityGroupIds).toHaveLength(1);
  }
  const logs = access.findResources('AWS::Logs::LogGroup');
  expect(Object.keys(logs)).toHaveLength(5);
  for (const { Properties, DeletionPolicy } of Object.values(logs)) {
    expect(Properties.KmsKeyId).toBeDefined();
    expect(DeletionPolicy).toBe('Retain');
  }
});

describe('rotation', () => {
  test('is scheduled for each of the four secrets, every 30 days, and not by a deploy', () => {
    const schedules = resources(keys, 'AWS::SecretsManager::RotationSchedule').map(
      ([, { Properties }]) => Properties,
    );
    expect(schedules.map(({ SecretId }) => SecretId)).toEqual(
      ['token-signing-keys', 'session-signing-keys', 'break-glass-login', 'auditor-login'].map(
        (name) => `tz-prod/sensitive/${name}`,
      ),
    );
    for (const schedule of schedules) {
      expect(schedule).toMatchObject({
        RotateImmediatelyOnUpdate: false,
        RotationRules: { ScheduleExpression: 'rate(30 days)' },
        RotationLambdaARN: expect.stringMatching(new RegExp(`:function:${ROTATION}$`)),
      });
    }
  });

  test('is tried by Secrets Manager at once: after the keys are there, one secret after another', () => {
    access.resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
    const [[signingKeys]] = resources(keys, 'Custom::SigningKeys') as [[string, Resource]];
    const schedules = resources(keys, 'AWS::SecretsManager::RotationSchedule');
    for (const [index, [, { DependsOn }]] of schedules.entries()) {
      expect(DependsOn).toContain(signingKeys);
      if (index > 0) expect(DependsOn).toContain(schedules[index - 1]?.[0]);
    }
  });
});
