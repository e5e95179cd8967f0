import { isMarked } from '../../../../lib/access-model/assembly/unresolved';
import { resolved, resolvedValue, stack } from './given';

/** Of a resource `It` of the stack `shop`. */
function identityOf(type: string, properties: Readonly<Record<string, unknown>> = {}) {
  const { resources } = resolved(stack({ Resources: { It: { Type: type, Properties: properties } } }));
  return { ref: resources[0]?.ref, arn: resources[0]?.arn };
}

const attributeOf = (type: string, attribute: string, properties: Readonly<Record<string, unknown>> = {}) =>
  resolvedValue(
    { 'Fn::GetAtt': ['It', attribute] },
    { Resources: { It: { Type: type, Properties: properties } } },
  ).value;

/** `arn:aws:<service>:eu-central-1:111111111111:`. */
const arn = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:111111111111:${resource}`;
const iam = (resource: string) => `arn:aws:iam::111111111111:${resource}`;

type Case = [
  type: string,
  properties: Readonly<Record<string, unknown>>,
  ref: string,
  arn: string | undefined,
];

const SAME = 'the ARN';

test.each<Case>([
  ['AWS::IAM::Role', { RoleName: 'r' }, 'r', iam('role/r')],
  ['AWS::IAM::Role', { RoleName: 'r', Path: '/a/b/' }, 'r', iam('role/a/b/r')],
  ['AWS::IAM::Role', {}, 'shop-It', iam('role/shop-It')],
  ['AWS::IAM::User', { UserName: 'u' }, 'u', iam('user/u')],
  ['AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'p' }, SAME, iam('policy/p')],
  [
    'AWS::IAM::OIDCProvider',
    { Url: 'https://token.example.com/x' },
    SAME,
    iam('oidc-provider/token.example.com/x'),
  ],
  ['AWS::IAM::SAMLProvider', { Name: 's' }, SAME, iam('saml-provider/s')],
  ['AWS::S3::Bucket', {}, 'shop-it', 'arn:aws:s3:::shop-it'],
  ['AWS::S3::Bucket', { BucketName: 'b' }, 'b', 'arn:aws:s3:::b'],
  ['AWS::S3::AccessPoint', { Name: 'a' }, 'a', arn('s3', 'accesspoint/a')],
  ['AWS::KMS::Alias', { AliasName: 'alias/k' }, 'alias/k', arn('kms', 'alias/k')],
  [
    'AWS::KMS::ReplicaKey',
    { PrimaryKeyArn: 'arn:aws:kms:us-east-1:111111111111:key/mrk-1' },
    'mrk-1',
    arn('kms', 'key/mrk-1'),
  ],
  ['AWS::RDS::DBCluster', { DBClusterIdentifier: 'c' }, 'c', arn('rds', 'cluster:c')],
  ['AWS::RDS::DBInstance', {}, 'shop-it', arn('rds', 'db:shop-it')],
  ['AWS::Lambda::Function', {}, 'shop-It', arn('lambda', 'function:shop-It')],
  ['AWS::Lambda::Version', { FunctionName: 'f' }, SAME, arn('lambda', 'function:f:1')],
  [
    'AWS::Lambda::Alias',
    { FunctionName: arn('lambda', 'function:f:3'), Name: 'live' },
    SAME,
    arn('lambda', 'function:f:live'),
  ],
  ['AWS::Lambda::LayerVersion', { LayerName: 'l' }, SAME, arn('lambda', 'layer:l:1')],
  ['AWS::Logs::LogGroup', { LogGroupName: '/g' }, '/g', arn('logs', 'log-group:/g:*')],
  [
    'AWS::Logs::LogStream',
    { LogGroupName: '/g', LogStreamName: 's' },
    's',
    arn('logs', 'log-group:/g:log-stream:s'),
  ],
  ['AWS::ECS::Cluster', { ClusterName: 'c' }, 'c', arn('ecs', 'cluster/c')],
  [
    'AWS::ECS::Service',
    { ServiceName: 's', Cluster: arn('ecs', 'cluster/c') },
    SAME,
    arn('ecs', 'service/c/s'),
  ],
  ['AWS::ECS::TaskDefinition', {}, SAME, arn('ecs', 'task-definition/shop-It:1')],
  ['AWS::ECS::TaskDefinition', { Family: 'f' }, SAME, arn('ecs', 'task-definition/f:1')],
  ['AWS::ECR::Repository', {}, 'shop-it', arn('ecr', 'repository/shop-it')],
  ['AWS::SNS::Topic', { TopicName: 't' }, SAME, arn('sns', 't')],
  ['AWS::SNS::Topic', { FifoTopic: true }, SAME, arn('sns', 'shop-It.fifo')],
  [
    'AWS::SQS::Queue',
    { QueueName: 'q' },
    'https://sqs.eu-central-1.amazonaws.com/111111111111/q',
    arn('sqs', 'q'),
  ],
  ['AWS::DynamoDB::Table', { TableName: 't' }, 't', arn('dynamodb', 'table/t')],
  ['AWS::Events::Rule', { Name: 'r' }, 'r', arn('events', 'rule/r')],
  [
    'AWS::Events::Rule',
    { Name: 'r', EventBusName: arn('events', 'event-bus/b') },
    'b|r',
    arn('events', 'rule/b/r'),
  ],
  ['AWS::Scheduler::Schedule', { Name: 's' }, 's', arn('scheduler', 'schedule/default/s')],
  ['AWS::StepFunctions::StateMachine', { StateMachineName: 'm' }, SAME, arn('states', 'stateMachine:m')],
  ['AWS::CodeBuild::Project', { Name: 'p' }, 'p', arn('codebuild', 'project/p')],
  ['AWS::CloudTrail::Trail', { TrailName: 't' }, 't', arn('cloudtrail', 'trail/t')],
  ['AWS::CloudWatch::Dashboard', { DashboardName: 'd' }, 'd', 'arn:aws:cloudwatch::111111111111:dashboard/d'],
  ['AWS::Backup::BackupVault', { BackupVaultName: 'v' }, 'v', arn('backup', 'backup-vault:v')],
  ['AWS::SSM::Parameter', { Name: '/a/b' }, '/a/b', arn('ssm', 'parameter/a/b')],
  ['AWS::SSM::Parameter', { Name: 'a' }, 'a', arn('ssm', 'parameter/a')],
  ['AWS::Kinesis::Stream', { Name: 's' }, 's', arn('kinesis', 'stream/s')],
  ['AWS::Glue::Job', { Name: 'j' }, 'j', arn('glue', 'job/j')],
  [
    'AWS::SageMaker::NotebookInstance',
    { NotebookInstanceName: 'N' },
    SAME,
    arn('sagemaker', 'notebook-instance/n'),
  ],
  ['AWS::IAM::Policy', {}, 'shop-It', undefined],
  ['Some::Unknown::Type', {}, 'shop-It', undefined],
])('%s %j has its Ref and its ARN', (type, properties, ref, expected) => {
  expect(identityOf(type, properties)).toEqual({ ref: ref === SAME ? expected : ref, arn: expected });
});

const UUID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

test.each([
  ['AWS::KMS::Key', {}, `^arn:aws:kms:eu-central-1:111111111111:key/${UUID}$`],
  ['AWS::KMS::Key', { MultiRegion: true }, ':key/mrk-[0-9a-f]{32}$'],
  ['AWS::SecretsManager::Secret', { Name: 'a/b' }, ':secret:a/b-[A-Za-z0-9]{6}$'],
  ['AWS::EC2::SecurityGroup', {}, ':security-group/sg-[0-9a-f]{17}$'],
  ['AWS::EC2::VPCEndpoint', {}, ':vpc-endpoint/vpce-[0-9a-f]{17}$'],
  ['AWS::ElasticLoadBalancingV2::LoadBalancer', { Name: 'b' }, ':loadbalancer/app/b/[0-9a-f]{16}$'],
  [
    'AWS::ElasticLoadBalancingV2::Listener',
    { LoadBalancerArn: arn('elasticloadbalancing', 'loadbalancer/net/b/1') },
    ':listener/net/b/1/[0-9a-f]{16}$',
  ],
  [
    'AWS::SSO::PermissionSet',
    { InstanceArn: 'arn:aws:sso:::instance/ssoins-1' },
    '^arn:aws:sso:::permissionSet/ssoins-1/ps-[0-9a-f]{16}$',
  ],
  ['AWS::WAFv2::WebACL', { Name: 'w', Scope: 'REGIONAL' }, `:regional/webacl/w/${UUID}$`],
  ['AWS::Cognito::UserPool', {}, ':userpool/eu-central-1_[A-Za-z0-9]{9}$'],
])('%s %j has an ARN that is made up', (type, properties, pattern) => {
  expect(identityOf(type, properties).arn).toMatch(new RegExp(pattern));
});

test.each([
  ['AWS::RDS::DBCluster', 'DBClusterResourceId', '^cluster-[A-Z0-9]{26}$'],
  ['AWS::RDS::DBInstance', 'DbiResourceId', '^db-[A-Z0-9]{26}$'],
  [
    'AWS::RDS::DBCluster',
    'MasterUserSecret.SecretArn',
    `^arn:aws:secretsmanager:eu-central-1:111111111111:secret:rds!cluster-${UUID}-[A-Za-z0-9]{6}$`,
  ],
  [
    'AWS::RDS::DBCluster',
    'Endpoint.Address',
    '^shop-it\\.cluster-[a-z0-9]{12}\\.eu-central-1\\.rds\\.amazonaws\\.com$',
  ],
  ['AWS::EC2::VPC', 'DefaultSecurityGroup', '^sg-[0-9a-f]{17}$'],
  ['AWS::ElasticLoadBalancingV2::TargetGroup', 'TargetGroupFullName', '^targetgroup/shop-It/[0-9a-f]{16}$'],
  ['AWS::DynamoDB::Table', 'StreamArn', ':table/shop-It/stream/'],
])('%s has the attribute %s', (type, attribute, pattern) => {
  expect(attributeOf(type, attribute)).toMatch(new RegExp(pattern));
});

test('an attribute with the name of a property gives the property', () => {
  expect(attributeOf('AWS::SSM::Parameter', 'Value', { Value: 'v' })).toBe('v');
});

test('what is made up is the same each time, and differs by stack and by resource', () => {
  const ids = (name: string) =>
    resolved(
      stack({ Resources: { A: { Type: 'AWS::KMS::Key' }, B: { Type: 'AWS::KMS::Key' } } }, { name }),
    ).resources.map(({ ref }) => ref);
  expect(ids('one')).toEqual(ids('one'));
  expect(new Set([...ids('one'), ...ids('two')]).size).toBe(4);
});

test('neither an account nor an address nor the id of a custom resource is made up', () => {
  const { resources } = resolved(
    stack({
      Resources: {
        A: { Type: 'AWS::Organizations::Account' },
        B: { Type: 'AWS::EC2::EIP' },
        C: { Type: 'Custom::X' },
      },
    }),
  );
  for (const { ref } of resources) expect(isMarked(ref)).toBe(true);
});

test('the path is the one of the construct', () => {
  const at = (path: string) => ({ Type: 'AWS::S3::Bucket', Metadata: { 'aws:cdk:path': path } });
  const { resources } = resolved(
    stack({
      Resources: { A: at('Shop/Bucket/Resource'), B: at('Shop/Bucket'), C: { Type: 'AWS::S3::Bucket' } },
    }),
  );
  expect(resources.map(({ path }) => path)).toEqual(['Shop/Bucket', 'Shop/Bucket', undefined]);
});
