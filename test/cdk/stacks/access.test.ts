/** Functions with power: what each may read, who may call it, and when it first does. */
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { FunctionPackage } from '../../../lib/functions/function-package';
import { AccessStack } from '../../../lib/stacks/access';
import { KeysStack } from '../../../lib/stacks/keys';
import { groundOf } from '../../support/stack-family';
import { stageNamed, testApp } from '../../support/stages';

const BOOTSTRAP = 'tz-prod-database-bootstrap';
const ROTATION = 'tz-prod-secret-rotation';

let access: Template;
let keys: Template;
let account: string;

beforeAll(() => {
  const app = testApp();
  const stage = stageNamed('prod');
  account = stage.account;
  const { sensitive, network, database } = groundOf(app, stage);
  const pack = (hash: string): FunctionPackage => ({ code: Code.fromInline('export {}'), hash });
  const stack = new AccessStack(app, 'Access', {
    stage,
    vpc: network.vpc,
    securityGroup: network.securityGroups.functions,
    sensitiveKey: sensitive.key,
    logsKey: network.logsKey,
    database,
    packages: { databaseBootstrap: pack('bootstrap-1'), secretRotation: pack('rotation-1') },
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

test.each([BOOTSTRAP, ROTATION])('%s uses the sensitive key, for secrets only', (roleName) => {
  const uses = powers(roleName).filter(({ action }) => action.startsWith('kms:'));
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

test('only Secrets Manager of this account calls the rotation; nobody is let into the bootstrap', () => {
  const permissions = resources(access, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties);
  expect(permissions).toEqual([
    {
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': [expect.stringMatching(/^SecretRotation/), 'Arn'] },
      Principal: 'secretsmanager.amazonaws.com',
      SourceAccount: account,
    },
  ]);
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
    if (![BOOTSTRAP, ROTATION].includes(Properties.FunctionName)) continue;
    expect(Properties.ReservedConcurrentExecutions).toBeLessThanOrEqual(2);
    expect(Properties.VpcConfig.SecurityGroupIds).toHaveLength(1);
  }
  const logs = access.findResources('AWS::Logs::LogGroup');
  expect(Object.keys(logs)).toHaveLength(4);
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
