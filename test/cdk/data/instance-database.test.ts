/** The plain instance: the same locks as the cluster, without the Data API. */
import { Size } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { InstanceDatabase } from '../../../lib/data/instance-database';
import { PARAMETERS } from '../../../lib/data/parameters';
import { databaseProps, testStack } from './surroundings';

const INSTANCE = 'AWS::RDS::DBInstance';

function synthesized(protection: 'retained' | 'disposable', multiAz: boolean) {
  const stack = testStack();
  const database = new InstanceDatabase(stack, 'Database', {
    ...databaseProps(stack, protection),
    instanceType: 't4g.medium',
    storage: Size.gibibytes(20),
    multiAz,
    logRetention: RetentionDays.ONE_MONTH,
  });
  return { database, template: Template.fromStack(stack) };
}

let database: InstanceDatabase;
let retained: Template;
let disposable: Template;

beforeAll(() => {
  ({ database, template: retained } = synthesized('retained', true));
  ({ template: disposable } = synthesized('disposable', false));
});

test('one gets in with an IAM token, from inside only', () => {
  retained.hasResourceProperties(INSTANCE, {
    Engine: 'postgres',
    EngineVersion: '18.6',
    DBInstanceClass: 'db.t4g.medium',
    DBInstanceIdentifier: 'tz-test-database',
    DBName: 'tenant_zero',
    EnableIAMDatabaseAuthentication: true,
    PubliclyAccessible: false,
    Port: '5433',
    CACertificateIdentifier: 'rds-ca-rsa2048-g1',
  });
});

test('it has no Data API, and says so', () => {
  expect(database.dataApiClusterArn).toBeUndefined();
  retained.resourceCountIs('AWS::RDS::DBCluster', 0);
});

test('it has the settings of the cluster', () => {
  retained.hasResourceProperties('AWS::RDS::DBParameterGroup', {
    Family: 'postgres18',
    Parameters: PARAMETERS,
  });
});

test('RDS keeps the login of the master under the key that was given', () => {
  retained.hasResourceProperties(INSTANCE, {
    ManageMasterUserPassword: true,
    MasterUsername: 'tz_master',
    MasterUserSecret: { KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Sensitive'), 'Arn'] } },
    MasterUserPassword: Match.absent(),
  });
});

test('volume and performance data are encrypted with keys of their own', () => {
  retained.hasResourceProperties(INSTANCE, {
    StorageEncrypted: true,
    KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('StorageKey'), 'Arn'] },
    PerformanceInsightsKMSKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('InsightsKey'), 'Arn'] },
  });
});

test('the disk grows before it is full, and no further than twice its size', () => {
  retained.hasResourceProperties(INSTANCE, { AllocatedStorage: '20', MaxAllocatedStorage: 40 });
});

test('the stage decides on a standby, and on what a deletion leaves', () => {
  retained.hasResource(INSTANCE, {
    DeletionPolicy: 'Retain',
    Properties: { MultiAZ: true, DeletionProtection: true, DeleteAutomatedBackups: false },
  });
  disposable.hasResource(INSTANCE, {
    DeletionPolicy: 'Delete',
    Properties: { MultiAZ: false, DeletionProtection: false, DeleteAutomatedBackups: true },
  });
});

test('both of its logs are exported, and the one without statements has its key before the instance writes', () => {
  retained.hasResource('AWS::Logs::LogGroup', {
    DeletionPolicy: 'Retain',
    Properties: {
      LogGroupName: '/aws/rds/instance/tz-test-database/upgrade',
      KmsKeyId: Match.anyValue(),
      RetentionInDays: 30,
    },
  });
  retained.hasResource(INSTANCE, {
    Properties: { EnableCloudwatchLogsExports: ['postgresql', 'upgrade'] },
    DependsOn: Match.arrayWith([Match.stringLikeRegexp('Upgrades')]),
  });
});
