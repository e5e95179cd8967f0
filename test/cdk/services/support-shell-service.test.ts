/** The support shell alone: each statement of its role, and what its container is told. */
import { Template } from 'aws-cdk-lib/assertions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { parseConfiguration } from '../../../app/configuration';
import { SupportShellService } from '../../../lib/services/support-shell-service';
import {
  environmentOf,
  loginAs,
  only,
  SENSITIVE_KEY,
  SESSION_KEY,
  serviceSurroundings,
  statementsOf,
} from './surroundings';

const TRANSCRIPTS = 'arn:aws:logs:eu-central-1:111122223333:log-group:transcripts';
const BUCKET = 'arn:aws:s3:::transcripts-bucket';

let template: Template;
beforeAll(() => {
  const { stack, common, sensitiveKey, sessionKey } = serviceSurroundings();
  new SupportShellService(stack, 'SupportShell', {
    ...common,
    clusterName: 'test-support',
    serviceName: 'support-shell',
    sessionKey,
    transcripts: {
      bucketName: 'transcripts-bucket',
      logGroup: LogGroup.fromLogGroupArn(stack, 'TranscriptsLog', TRANSCRIPTS),
      encryptionKey: sensitiveKey,
    },
    logGroupName: '/test/support-shell',
  });
  template = Template.fromStack(stack);
});

const container = () => only(template, 'AWS::ECS::TaskDefinition').ContainerDefinitions[0];

test('its role may do exactly this: each action, on each resource, on each condition', () => {
  expect(statementsOf(template, 'Task')).toEqual([
    {
      Sid: 'SessionChannel',
      Effect: 'Allow',
      Action: [
        'ssmmessages:CreateControlChannel',
        'ssmmessages:CreateDataChannel',
        'ssmmessages:OpenControlChannel',
        'ssmmessages:OpenDataChannel',
      ],
      Resource: '*',
    },
    { Sid: 'DecryptChannel', Effect: 'Allow', Action: 'kms:Decrypt', Resource: SESSION_KEY },
    { Sid: 'DescribeLogGroups', Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: '*' },
    {
      Sid: 'WriteTranscript',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      Resource: `${TRANSCRIPTS}:*`,
    },
    {
      Sid: 'StoreTranscript',
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: `${BUCKET}/support-shell/*`,
    },
    {
      Sid: 'CheckBucket',
      Effect: 'Allow',
      Action: ['s3:GetBucketLocation', 's3:GetEncryptionConfiguration'],
      Resource: BUCKET,
    },
    {
      Sid: 'EncryptTranscript',
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: SENSITIVE_KEY,
      Condition: { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } },
    },
    { Effect: 'Allow', Action: 'rds-db:connect', Resource: loginAs('support_shell') },
  ]);
});

test('what starts it pulls one image and writes one log', () => {
  const actions = statementsOf(template, 'Execution').flatMap(({ Action }) => Action);
  expect(actions.sort()).toEqual([
    'ecr:BatchCheckLayerAvailability',
    'ecr:BatchGetImage',
    'ecr:GetAuthorizationToken',
    'ecr:GetDownloadUrlForLayer',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]);
});

test('transcripts land where the role may put them', () => {
  const { LogConfiguration } = only(template, 'AWS::ECS::Cluster').Configuration.ExecuteCommandConfiguration;
  const [put] = statementsOf(template, 'Task').filter(({ Action }) => Action === 's3:PutObject');
  expect(put.Resource).toBe(
    `arn:aws:s3:::${LogConfiguration.S3BucketName}/${LogConfiguration.S3KeyPrefix}/*`,
  );
});

test('it is one task without a public address, in the subnets and the group that it was given', () => {
  const { DesiredCount, NetworkConfiguration } = only(template, 'AWS::ECS::Service');
  const { AssignPublicIp, Subnets, SecurityGroups } = NetworkConfiguration.AwsvpcConfiguration;
  expect({ DesiredCount, AssignPublicIp }).toEqual({ DesiredCount: 1, AssignPublicIp: 'DISABLED' });
  expect(JSON.stringify(Subnets)).toMatch(/^\[{"Ref":"VpcIsolatedSubnet1.*VpcIsolatedSubnet2/);
  expect(SecurityGroups).toHaveLength(1);
});

test('the image understands what it is told', () => {
  expect(parseConfiguration(environmentOf(container()))).toMatchObject({
    service: 'support-shell',
    database: { host: 'database.example.com', port: 5433, name: 'tenant_zero', user: 'support_shell' },
    login: { kind: 'iam', caFile: '/app/database-ca.pem' },
  });
});

test('its container has an init, and a root that ECS Exec can write', () => {
  expect(container()).toMatchObject({
    Name: 'support-shell',
    LinuxParameters: { InitProcessEnabled: true },
    ReadonlyRootFilesystem: false,
  });
});
