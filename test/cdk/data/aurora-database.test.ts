/** The Aurora cluster: how one gets in, what encrypts it, and how it grows, pauses and survives. */
import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AuroraDatabase, type AuroraDatabaseProps } from '../../../lib/data/aurora-database';
import { databaseProps, testStack } from './surroundings';

const CLUSTER = 'AWS::RDS::DBCluster';
const INSTANCE = 'AWS::RDS::DBInstance';

function synthesized(
  protection: 'retained' | 'disposable',
  change: Partial<AuroraDatabaseProps> = {},
): { database: AuroraDatabase; template: Template } {
  const stack = testStack();
  const database = new AuroraDatabase(stack, 'Database', {
    ...databaseProps(stack, protection),
    minCapacity: 1,
    maxCapacity: 8,
    pauseAfter: undefined,
    readers: 2,
    maxReaders: 4,
    ...change,
  });
  return { database, template: Template.fromStack(stack) };
}

let database: AuroraDatabase;
let retained: Template;
let disposable: Template;

beforeAll(() => {
  ({ database, template: retained } = synthesized('retained'));
  ({ template: disposable } = synthesized('disposable', {
    minCapacity: 0,
    pauseAfter: Duration.minutes(10),
    readers: 0,
    maxReaders: 0,
  }));
});

const keyOf = (template: Template, description: RegExp) =>
  Object.keys(
    template.findResources('AWS::KMS::Key', {
      Properties: { Description: Match.stringLikeRegexp(description.source) },
    }),
  )[0];

test('one gets in with an IAM token or through the Data API, at a port that nobody guesses', () => {
  retained.hasResourceProperties(CLUSTER, {
    Engine: 'aurora-postgresql',
    EngineVersion: '18.6',
    EnableIAMDatabaseAuthentication: true,
    EnableHttpEndpoint: true,
    Port: 5433,
    DBClusterIdentifier: 'tz-test-database',
    DatabaseName: 'tenant_zero',
  });
  retained.allResourcesProperties(INSTANCE, {
    PubliclyAccessible: false,
    CACertificateIdentifier: 'rds-ca-rsa2048-g1',
  });
});

test('RDS keeps the login of the master under the key that was given, and no password stands in the template', () => {
  const sensitive = Object.keys(retained.findResources('AWS::KMS::Key')).find((id) =>
    id.startsWith('Sensitive'),
  );
  retained.hasResourceProperties(CLUSTER, {
    ManageMasterUserPassword: true,
    MasterUsername: 'tz_master',
    MasterUserSecret: { KmsKeyId: { 'Fn::GetAtt': [sensitive, 'Arn'] } },
    MasterUserPassword: Match.absent(),
  });
});

test('volume and performance data have a key each, which turns every year', () => {
  const [storage, insights] = [keyOf(retained, /^The volume/), keyOf(retained, /^Performance data/)];
  expect(storage).not.toBe(insights);
  retained.hasResourceProperties(CLUSTER, {
    StorageEncrypted: true,
    KmsKeyId: { 'Fn::GetAtt': [storage, 'Arn'] },
    PerformanceInsightsEnabled: true,
    PerformanceInsightsKmsKeyId: { 'Fn::GetAtt': [insights, 'Arn'] },
  });
  retained.allResourcesProperties(INSTANCE, {
    PerformanceInsightsKMSKeyId: { 'Fn::GetAtt': [insights, 'Arn'] },
    MonitoringInterval: 60,
  });
  for (const id of [storage, insights])
    expect(retained.toJSON().Resources[String(id)].Properties.EnableKeyRotation).toBe(true);
});

test('the log is exported, and nothing but CloudFormation has a hand in it', () => {
  retained.hasResourceProperties(CLUSTER, { EnableCloudwatchLogsExports: ['postgresql'] });
  for (const type of ['Custom::LogRetention', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup'])
    retained.resourceCountIs(type, 0);
});

test('what is retained is protected from deletion, keeps its backups, and survives with its keys and settings', () => {
  retained.hasResource(CLUSTER, {
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      DeletionProtection: true,
      DeleteAutomatedBackups: false,
      BackupRetentionPeriod: 7,
      CopyTagsToSnapshot: true,
    },
  });
  for (const type of [INSTANCE, 'AWS::RDS::DBClusterParameterGroup', 'AWS::RDS::DBParameterGroup'])
    retained.allResources(type, { DeletionPolicy: 'Retain' });
  for (const key of [keyOf(retained, /^The volume/), keyOf(retained, /^Performance data/)])
    expect(retained.toJSON().Resources[String(key)].DeletionPolicy).toBe('Retain');
});

test('what is disposable goes with its stack', () => {
  disposable.hasResource(CLUSTER, {
    DeletionPolicy: 'Delete',
    Properties: { DeletionProtection: false, DeleteAutomatedBackups: true },
  });
});

test('it pauses only where it may have no capacity at all', () => {
  disposable.hasResourceProperties(CLUSTER, {
    ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 8, SecondsUntilAutoPause: 600 },
  });
  retained.hasResourceProperties(CLUSTER, {
    ServerlessV2ScalingConfiguration: {
      MinCapacity: 1,
      MaxCapacity: 8,
      SecondsUntilAutoPause: Match.absent(),
    },
  });
});

test('the first reader is as large as the writer that it takes over from', () => {
  const tiers = Object.entries(retained.findResources(INSTANCE)).map(([id, { Properties }]) => [
    id.replace(/^DatabaseCluster|[0-9A-F]{8}$/g, ''),
    Properties.PromotionTier,
  ]);
  expect(Object.fromEntries(tiers)).toEqual({ Writer: 0, Reader1: 1, Reader2: 2 });
  disposable.resourceCountIs(INSTANCE, 1);
});

test('readers are added when they are busy, and only where the stage names more than it starts with', () => {
  retained.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
    ServiceNamespace: 'rds',
    ScalableDimension: 'rds:cluster:ReadReplicaCount',
    MinCapacity: 2,
    MaxCapacity: 4,
  });
  retained.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: Match.objectLike({
      PredefinedMetricSpecification: { PredefinedMetricType: 'RDSReaderAverageCPUUtilization' },
    }),
  });
  disposable.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
});

test('scaling waits for the readers of the template, and brings no role of its own', () => {
  const [target] = Object.values(retained.findResources('AWS::ApplicationAutoScaling::ScalableTarget'));
  const readers = Object.keys(retained.findResources(INSTANCE)).filter((id) => id.includes('Reader'));
  expect(target?.DependsOn).toEqual(expect.arrayContaining(readers));
  expect(target?.Properties.RoleARN).toMatch(/AWSServiceRoleForApplicationAutoScaling_RDSCluster$/);
  retained.resourceCountIs('AWS::IAM::Role', 1);
});

test('the rest of the platform learns where it is, and that it has the Data API', () => {
  expect(database.port).toBe(5433);
  expect(database.name).toBe('tenant_zero');
  expect(database.dataApiClusterArn).toBe(database.arn);
});
