/** Backend and support shell: who can be entered, who can write, and what each role may do. */
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CONFIGURATION, ENVIRONMENT } from '../../../app/contract';
import { ServicesStack } from '../../../lib/stacks/services';
import { groundOf } from '../../support/stack-family';
import { stageNamed, testApp } from '../../support/stages';

function templateOf(name: 'dev' | 'prod'): Template {
  const app = testApp();
  const stage = stageNamed(name);
  const { sensitive, network, database } = groundOf(app, stage);
  const { vpc, securityGroups, logsKey } = network;
  const { key: sensitiveKey, sessionKey, transcripts } = sensitive;
  return Template.fromStack(
    new ServicesStack(app, 'Services', {
      stage,
      vpc,
      securityGroups,
      logsKey,
      sensitiveKey,
      sessionKey,
      transcripts,
      database,
    }),
  );
}

let prod: Template;
let dev: Template;
beforeAll(() => {
  prod = templateOf('prod');
  dev = templateOf('dev');
});

const properties = (type: string, template = prod) =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties);

const service = (name: string) =>
  properties('AWS::ECS::Service').find(({ ServiceName }) => ServiceName === name);
const container = (name: string) =>
  properties('AWS::ECS::TaskDefinition')
    .flatMap(({ ContainerDefinitions }) => ContainerDefinitions)
    .find(({ Name }) => Name === name);
const statements = (role: string) =>
  properties('AWS::IAM::Policy')
    .filter(({ Roles }) => JSON.stringify(Roles).includes(role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

test('one service can be entered, in a cluster that holds nothing else', () => {
  const entered = properties('AWS::ECS::Service').filter(({ EnableExecuteCommand }) => EnableExecuteCommand);
  expect(entered.map(({ ServiceName }) => ServiceName)).toEqual(['support-shell']);
  expect(service('backend').EnableExecuteCommand).toBe(false);
  expect(service('backend').Cluster).not.toEqual(service('support-shell').Cluster);
  expect(
    properties('AWS::ECS::Cluster')
      .map(({ ClusterName }) => ClusterName)
      .sort(),
  ).toEqual(['tz-prod-main', 'tz-prod-support']);
});

test('the backend cannot write its file system, is an ordinary user and has no capabilities', () => {
  expect(container('backend')).toMatchObject({
    ReadonlyRootFilesystem: true,
    User: '1000:1000',
    LinuxParameters: { Capabilities: { Drop: ['ALL'] } },
  });
});

test('every container runs the image of the stage, by digest', () => {
  for (const { ContainerDefinitions } of properties('AWS::ECS::TaskDefinition')) {
    for (const { Image } of ContainerDefinitions)
      expect(JSON.stringify(Image)).toMatch(/tenant-zero\/app@sha256:0{64}/);
  }
});

test('each service is told what the image parses, and nothing else', () => {
  const known = [
    ...Object.values(ENVIRONMENT),
    ...Object.values(CONFIGURATION).map(({ variable }) => variable),
  ];
  for (const name of ['backend', 'support-shell']) {
    const { Environment, Secrets = [] } = container(name);
    const variables = [...Environment, ...Secrets].map(({ Name }: { Name: string }) => Name);
    expect(variables.filter((each) => !known.includes(each as never))).toEqual([]);
    expect(new Set(variables).size).toBe(variables.length);
  }
  expect(container('backend').Environment).toContainEqual({ Name: 'TZ_DATABASE_USER', Value: 'app_backend' });
  expect(container('support-shell').Environment).toContainEqual({
    Name: 'TZ_DATABASE_USER',
    Value: 'support_shell',
  });
});

test('the support task carries the session, logs in as the restricted role and does nothing else', () => {
  expect(
    statements('SupportShellRolesTask')
      .flatMap(({ Action }) => Action)
      .sort(),
  ).toEqual([
    'kms:Decrypt',
    'kms:Decrypt',
    'kms:GenerateDataKey',
    'logs:CreateLogStream',
    'logs:DescribeLogGroups',
    'logs:DescribeLogStreams',
    'logs:PutLogEvents',
    'rds-db:connect',
    's3:GetBucketLocation',
    's3:GetEncryptionConfiguration',
    's3:PutObject',
    'ssmmessages:CreateControlChannel',
    'ssmmessages:CreateDataChannel',
    'ssmmessages:OpenControlChannel',
    'ssmmessages:OpenDataChannel',
  ]);
  const wide = statements('SupportShellRolesTask').filter(({ Resource }) => Resource === '*');
  expect(wide.map(({ Sid }) => Sid)).toEqual(['SessionChannel', 'DescribeLogGroups']);
  const [connect] = statements('SupportShellRolesTask').filter(({ Action }) => Action === 'rds-db:connect');
  expect(JSON.stringify(connect?.Resource)).toMatch(/\/support_shell"/);
});

test('the support shell holds no secret', () => {
  expect(container('support-shell').Secrets).toBeUndefined();
  expect(JSON.stringify(statements('SupportShell'))).not.toContain('secretsmanager');
});

test('the backend reads the keys that it signs with, as secrets only, and logs in as itself', () => {
  const task = statements('BackendRolesTask');
  expect(task.map(({ Action }) => Action)).toEqual([
    'secretsmanager:GetSecretValue',
    'kms:Decrypt',
    'rds-db:connect',
  ]);
  expect(task[0].Resource).toEqual([
    expect.stringMatching(/session-signing-keys-\?{6}$/),
    expect.stringMatching(/token-signing-keys-\?{6}$/),
  ]);
  expect(task[1].Condition.StringEquals).toEqual({
    'kms:ViaService': 'secretsmanager.eu-central-1.amazonaws.com',
  });
  expect(JSON.stringify(task[2].Resource)).toMatch(/\/app_backend"/);
});

test('the session is encrypted and recorded twice', () => {
  prod.hasResourceProperties('AWS::ECS::Cluster', {
    ClusterName: 'tz-prod-support',
    Configuration: {
      ExecuteCommandConfiguration: {
        KmsKeyId: Match.anyValue(),
        Logging: 'OVERRIDE',
        LogConfiguration: {
          CloudWatchEncryptionEnabled: true,
          CloudWatchLogGroupName: Match.anyValue(),
          S3BucketName: 'tz-prod-transcripts-333333333333-eu-central-1',
          S3EncryptionEnabled: true,
        },
      },
    },
  });
});

test('one listener, by TLS, behind a firewall with a rate limit', () => {
  expect(properties('AWS::ElasticLoadBalancingV2::Listener')).toMatchObject([
    { Port: 443, Protocol: 'HTTPS', SslPolicy: expect.stringContaining('TLS13') },
  ]);
  prod.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
  const [acl] = properties('AWS::WAFv2::WebACL');
  expect(acl.Rules[0]).toMatchObject({
    Action: { Block: {} },
    Statement: { RateBasedStatement: { Limit: 2000 } },
  });
  expect(
    acl.Rules.slice(1).every(
      (rule: { OverrideAction?: object }) => JSON.stringify(rule.OverrideAction) === '{"None":{}}',
    ),
  ).toBe(true);
  expect(JSON.stringify(acl)).not.toContain('"SampledRequestsEnabled":true');
  expect(JSON.stringify(acl)).toContain('"SampledRequestsEnabled":false');
  const attributes = properties('AWS::ElasticLoadBalancingV2::LoadBalancer')[0].LoadBalancerAttributes;
  expect(attributes).toContainEqual({ Key: 'access_logs.s3.enabled', Value: 'true' });
  expect(attributes).toContainEqual({ Key: 'deletion_protection.enabled', Value: 'true' });
});

test('a task gets traffic when it is ready, and stays while the next state is applied', () => {
  prod.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
    HealthCheckPath: '/readyz?superseded=accept',
    Port: 8080,
  });
});

test('a bad deploy goes back by itself, and takes nobody away before', () => {
  for (const name of ['backend', 'support-shell']) {
    expect(service(name).DeploymentConfiguration).toMatchObject({
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      MinimumHealthyPercent: 100,
    });
  }
});

test.each([
  ['prod', 3, 12],
  ['dev', 1, 1],
] as const)('%s scales from %i to %i', (...[name, least, most]) => {
  const template = name === 'prod' ? prod : dev;
  template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
    MinCapacity: least,
    MaxCapacity: most,
  });
});

test('a parameter takes only what the image takes', () => {
  expect(properties('AWS::SSM::Parameter').map(({ Name, AllowedPattern }) => [Name, AllowedPattern])).toEqual(
    Object.entries(CONFIGURATION).map(([key, { pattern }]) => [`/tz-prod/configuration/${key}`, pattern]),
  );
  for (const { default: value, pattern } of Object.values(CONFIGURATION))
    expect(value).toMatch(new RegExp(pattern));
});

test('services wait for the policies of their roles', () => {
  for (const { DependsOn } of Object.values(prod.findResources('AWS::ECS::Service'))) {
    expect(String(DependsOn)).toMatch(/RolesTaskDefaultPolicy/);
    expect(String(DependsOn)).toMatch(/RolesExecutionDefaultPolicy/);
  }
});
