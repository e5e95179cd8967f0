/** The database and its copies: what must survive every other stack. */
import { CfnOutput, Duration, Size } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { AuroraDatabase } from '../data/aurora-database';
import { Backups } from '../data/backups';
import type { Database } from '../data/database';
import { acknowledgeNotSelected } from '../data/findings';
import { InstanceDatabase } from '../data/instance-database';
import type { DatabaseProps } from '../data/settings';
import type { Stage } from '../stage';
import { PlatformStack } from './platform-stack';

export interface DataStackProps {
  readonly stage: Stage;
  readonly vpc: IVpc;
  /** Of the database: its rules stand in the network's stack. */
  readonly securityGroup: ISecurityGroup;
  /** Encrypts the login of the master. */
  readonly sensitiveKey: IKey;
}

export class DataStack extends PlatformStack {
  readonly database: Database;

  constructor(scope: Construct, id: string, { stage, vpc, securityGroup, sensitiveKey }: DataStackProps) {
    super(scope, id, { stage, deployer: 'platform', description: 'tenant-zero: database and backups' });
    const { vault, backupDays, name } = stage.database;
    const database = databaseOf(this, stage, {
      identifier: this.names.database.cluster,
      databaseName: name,
      vpc,
      subnets: { subnetGroupName: 'data' },
      securityGroup,
      sensitiveKey,
      backupRetention: Duration.days(backupDays),
      protection: stage.protection,
    });
    this.database = database;
    if (vault) {
      new Backups(this, 'Backups', {
        name: this.names.database.cluster,
        databaseArn: database.arn,
        retention: Duration.days(vault.retentionDays),
        locked: vault.locked,
        alerts: Topic.fromTopicArn(this, 'Alerts', this.names.topic.arn),
      });
    } else if (database instanceof InstanceDatabase) {
      acknowledgeNotSelected(
        database,
        'The stage names no vault; point-in-time recovery covers the days that it names',
      );
    }
    const outputs = {
      Endpoint: database.host,
      DatabaseArn: database.arn,
      MasterSecret: database.masterSecretArn,
    };
    for (const [output, value] of Object.entries(outputs)) new CfnOutput(this, output, { value });
  }
}

function databaseOf(
  scope: Construct,
  { database: { engine }, logs: { retentionDays: logRetention } }: Stage,
  common: DatabaseProps,
): AuroraDatabase | InstanceDatabase {
  switch (engine.kind) {
    case 'aurora': {
      const { pauseAfterMinutes, minCapacity, maxCapacity, readers, maxReaders } = engine;
      return new AuroraDatabase(scope, 'Database', {
        ...common,
        minCapacity,
        maxCapacity,
        readers,
        maxReaders,
        pauseAfter: pauseAfterMinutes === undefined ? undefined : Duration.minutes(pauseAfterMinutes),
      });
    }
    case 'instance':
      return new InstanceDatabase(scope, 'Database', {
        ...common,
        logRetention,
        instanceType: engine.instanceType,
        storage: Size.gibibytes(engine.storageGib),
        multiAz: engine.multiAz,
      });
    default:
      return engine satisfies never;
  }
}
