/** The data stack of each kind of stage. */
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { STAGES } from '../../../bin/stages';
import { DataStack } from '../../../lib/stacks/data';
import { PlatformStack } from '../../../lib/stacks/platform-stack';
import type { Stage } from '../../../lib/stage';
import { openFindings } from '../../support/nag';
import { stageNamed, testApp } from '../../support/stages';

const CLUSTER = 'AWS::RDS::DBCluster';

function synthesized(stage: Stage): { stack: DataStack; template: Template } {
  const app = testApp();
  const around = new PlatformStack(app, 'Around', {
    stage,
    deployer: 'platform',
    description: 'What the database stands in',
  });
  const vpc = new Vpc(around, 'Vpc', {
    natGateways: 0,
    subnetConfiguration: [
      { name: 'app', subnetType: SubnetType.PRIVATE_ISOLATED },
      { name: 'data', subnetType: SubnetType.PRIVATE_ISOLATED },
    ],
  });
  const stack = new DataStack(app, 'Data', {
    stage,
    vpc,
    securityGroup: new SecurityGroup(around, 'Group', { vpc, allowAllOutbound: false }),
    sensitiveKey: new Key(around, 'Sensitive'),
  });
  return { stack, template: Template.fromStack(stack) };
}

const instance = { kind: 'instance', instanceType: 't4g.medium', storageGib: 20, multiAz: true } as const;

let dev: Template;
let prod: Template;
let plain: { stack: DataStack; template: Template };

beforeAll(() => {
  dev = synthesized(stageNamed('dev')).template;
  prod = synthesized(stageNamed('prod')).template;
  plain = synthesized(stageNamed('prod', { database: { ...STAGES.prod.database, engine: instance } }));
});

test('dev pauses at zero, has one instance, and goes with its stack', () => {
  dev.hasResource(CLUSTER, {
    DeletionPolicy: 'Delete',
    Properties: {
      DBClusterIdentifier: 'tz-dev-database',
      ServerlessV2ScalingConfiguration: { MinCapacity: 0, SecondsUntilAutoPause: 600 },
    },
  });
  dev.resourceCountIs('AWS::RDS::DBInstance', 1);
  dev.resourceCountIs('AWS::Backup::BackupVault', 0);
});

test('prod has a reader, more when they are busy, and is kept, protected and copied into a locked vault', () => {
  prod.hasResource(CLUSTER, {
    DeletionPolicy: 'Retain',
    Properties: {
      DBClusterIdentifier: 'tz-prod-database',
      DeletionProtection: true,
      BackupRetentionPeriod: 35,
    },
  });
  prod.resourceCountIs('AWS::RDS::DBInstance', 2);
  prod.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
    MinCapacity: 1,
    MaxCapacity: 3,
  });
  prod.hasResourceProperties('AWS::Backup::BackupVault', {
    BackupVaultName: 'tz-prod-database',
    LockConfiguration: { MinRetentionDays: 35, ChangeableForDays: 3 },
  });
  prod.hasResourceProperties('AWS::Backup::BackupSelection', {
    BackupSelection: {
      Resources: [
        {
          'Fn::Join': [
            '',
            [Match.stringLikeRegexp(':cluster:$'), { Ref: Match.stringLikeRegexp('^Database') }],
          ],
        },
      ],
    },
  });
});

test('it stands in the data subnets and nowhere else', () => {
  for (const template of [dev, prod, plain.template]) {
    const [group] = Object.values(template.findResources('AWS::RDS::DBSubnetGroup'));
    const subnets: unknown[] = group?.Properties.SubnetIds;
    expect(subnets).toHaveLength(3);
    for (const subnet of subnets) expect(JSON.stringify(subnet)).toMatch(/RefVpcdataSubnet\d/);
  }
});

test('an instance instead of a cluster has the same protection, and no Data API', () => {
  const { stack, template } = plain;
  expect(stack.database.dataApiClusterArn).toBeUndefined();
  template.resourceCountIs(CLUSTER, 0);
  template.hasResource('AWS::RDS::DBInstance', {
    DeletionPolicy: 'Retain',
    Properties: { DBInstanceIdentifier: 'tz-prod-database', MultiAZ: true, DeletionProtection: true },
  });
  expect(JSON.stringify(template.findResources('AWS::Backup::BackupSelection'))).toMatch(/:db:/);
});

test('every key, role and database of a stage is where the stage wants it', () => {
  for (const template of [dev, prod, plain.template]) {
    template.allResourcesProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    template.allResourcesProperties('AWS::IAM::Role', {
      PermissionsBoundary: Match.stringLikeRegexp(':policy/tz-(dev|prod)-boundary$'),
    });
    template.allResourcesProperties('AWS::RDS::DBInstance', { PubliclyAccessible: false });
  }
});

test('the outputs say where it is and where its master login is kept', () => {
  for (const template of [dev, prod, plain.template])
    expect(Object.keys(template.findOutputs('*'))).toEqual(
      expect.arrayContaining(['Endpoint', 'DatabaseArn', 'MasterSecret']),
    );
});

test('the rule packs find nothing that is not acknowledged, for any engine', () => {
  const small = { ...instance, multiAz: false };
  const stages = [
    stageNamed('dev'),
    stageNamed('prod'),
    stageNamed('prod', { database: { ...STAGES.prod.database, engine: instance } }),
    stageNamed('dev', { database: { ...STAGES.dev.database, engine: small } }),
  ];
  for (const stage of stages) expect(openFindings(synthesized(stage).stack)).toEqual([]);
});

test('and they do look: a database in the open is found', () => {
  const { stack } = synthesized(stageNamed('prod'));
  new CfnDBInstance(stack, 'Open', { engine: 'postgres', publiclyAccessible: true });
  expect(openFindings(stack)).toContainEqual(
    expect.objectContaining({ rule: 'HIPAA.Security-RDSInstancePublicAccess', path: 'Data/Open' }),
  );
});
