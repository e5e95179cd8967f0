/** The backend alone: what its roles may do, what its container is told, how it ends. */
import { Template } from 'aws-cdk-lib/assertions';
import { parseConfiguration } from '../../../app/configuration';
import { CONFIGURATION, ENVIRONMENT } from '../../../app/contract';
import { BackendService } from '../../../lib/services/backend-service';
import { Configuration } from '../../../lib/services/configuration';
import { FrontDoor } from '../../../lib/services/front-door';
import {
  environmentOf,
  loginAs,
  only,
  SENSITIVE_KEY,
  serviceSurroundings,
  statementsOf,
} from './surroundings';

const secret = (name: string) => ({
  name,
  arn: `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-??????`,
});

let template: Template;
beforeAll(() => {
  const { stack, common, sensitiveKey } = serviceSurroundings();
  const { targetGroup } = new FrontDoor(stack, 'FrontDoor', {
    ...common,
    prefix: 'test',
    certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/1',
    rateLimit: 1000,
    accessLogs: { bucketName: 'access-logs', path: 'alb' },
  });
  new BackendService(stack, 'Backend', {
    ...common,
    cpu: 512,
    memoryMib: 1024,
    minTasks: 2,
    maxTasks: 4,
    targetGroup,
    clusterName: 'test-main',
    serviceName: 'backend',
    tokenKeys: secret('token-keys'),
    sessionKeys: secret('session-keys'),
    sensitiveKey,
    configuration: new Configuration(stack, 'Configuration', {
      parameterName: (key) => `/test/configuration/${key}`,
    }).variables,
    logGroupName: '/test/backend',
  });
  template = Template.fromStack(stack);
});

const container = () => only(template, 'AWS::ECS::TaskDefinition').ContainerDefinitions[0];

test('its role may do exactly this: each action, on each resource, on each condition', () => {
  const keys = [secret('token-keys').arn, secret('session-keys').arn];
  expect(statementsOf(template, 'Task')).toEqual([
    {
      Sid: 'ReadSigningKeys',
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: expect.arrayContaining(keys),
    },
    {
      Sid: 'DecryptSigningKeys',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: SENSITIVE_KEY,
      Condition: {
        StringEquals: { 'kms:ViaService': 'secretsmanager.eu-central-1.amazonaws.com' },
        ArnLike: { 'kms:EncryptionContext:SecretARN': keys },
      },
    },
    { Effect: 'Allow', Action: 'rds-db:connect', Resource: loginAs('app_backend') },
  ]);
  expect(statementsOf(template, 'Task')[0].Resource).toHaveLength(keys.length);
});

test('what starts it reads the parameters of the contract and no other', () => {
  const [read] = statementsOf(template, 'Execution').filter(({ Action }) =>
    Action.includes('ssm:GetParameters'),
  );
  const parameters = Object.keys(template.findResources('AWS::SSM::Parameter'));
  expect(parameters).toHaveLength(Object.keys(CONFIGURATION).length);
  expect(read.Resource).toHaveLength(parameters.length);
  for (const parameter of parameters)
    expect(JSON.stringify(read.Resource)).toContain(`{"Ref":"${parameter}"}`);
});

test('what starts it pulls from one repository', () => {
  const [pull] = statementsOf(template, 'Execution').filter(({ Sid }) => Sid === 'PullTheImage');
  expect(pull.Resource).toBe('arn:aws:ecr:eu-central-1:111122223333:repository/app');
});

test('the image understands what it is told, with the defaults of the parameters', () => {
  const parameters = Object.values(CONFIGURATION).map(({ variable, default: value }) => [variable, value]);
  expect(
    parseConfiguration({ ...environmentOf(container()), ...Object.fromEntries(parameters) }),
  ).toMatchObject({
    service: 'backend',
    database: { host: 'database.example.com', port: 5433, name: 'tenant_zero', user: 'app_backend' },
    login: { kind: 'iam', caFile: '/app/database-ca.pem' },
    tokenKeys: { kind: 'secret', name: 'token-keys' },
    sessionKeys: { kind: 'secret', name: 'session-keys' },
  });
});

test('it would refuse to start without its signing keys', () => {
  const { [ENVIRONMENT.tokenKeys]: _, ...rest } = environmentOf(container()) as Record<string, string>;
  expect(() => parseConfiguration(rest)).toThrow(ENVIRONMENT.tokenKeys);
});

test('it is given longer to stop than the load balancer takes to let go', () => {
  const { TargetGroupAttributes } = only(template, 'AWS::ElasticLoadBalancingV2::TargetGroup');
  const delay = TargetGroupAttributes.find(
    ({ Key }: { Key: string }) => Key === 'deregistration_delay.timeout_seconds',
  );
  expect(container().StopTimeout).toBeGreaterThan(Number(delay.Value));
});

test('a log that takes nothing does not stop it', () => {
  expect(container().LogConfiguration.Options).toMatchObject({
    mode: 'non-blocking',
    'max-buffer-size': expect.any(String),
  });
});

test('it starts where the probes of the contract reach it, and scales by work and by requests', () => {
  expect(container().HealthCheck.Command).toContain('http://127.0.0.1:8080/healthz');
  const metrics = Object.values(template.findResources('AWS::ApplicationAutoScaling::ScalingPolicy')).map(
    ({ Properties }) =>
      Properties.TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification.PredefinedMetricType,
  );
  expect(metrics.sort()).toEqual(['ALBRequestCountPerTarget', 'ECSServiceAverageCPUUtilization']);
});
