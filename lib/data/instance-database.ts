/** One PostgreSQL instance of RDS: cheaper under a steady load, without the Data API and without readers. */
import type { Size } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  CaCertificate,
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  EngineLifecycleSupport,
  ParameterGroup,
  PostgresEngineVersion,
  StorageType,
} from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { LogsKey } from '../storage/logs-key';
import { type Database, grantLogin, MASTER } from './database';
import { acknowledgeDisposable, acknowledgeOneZone } from './findings';
import { PARAMETERS } from './parameters';
import { DATABASE_PORT } from './port';
import { type DatabaseProps, DatabaseSettings, WINDOWS } from './settings';

export interface InstanceDatabaseProps extends DatabaseProps {
  /** Without `db.`, such as `t4g.medium`. */
  readonly instanceType: string;
  readonly storage: Size;
  /** A standby in another zone. */
  readonly multiAz: boolean;
  /** Of the log of upgrades. The other one, with statements, is not this construct's. */
  readonly logRetention: RetentionDays;
}

/** The CDK's own list ends before it. */
const POSTGRES_18_6 = PostgresEngineVersion.of('18.6', '18');

export class InstanceDatabase extends Construct implements Database {
  readonly instance: DatabaseInstance;
  readonly host: string;
  readonly port = DATABASE_PORT;
  readonly name: string;
  readonly resourceId: string;
  readonly masterSecretArn: string;
  readonly arn: string;
  readonly dataApiClusterArn = undefined;

  constructor(scope: Construct, id: string, props: InstanceDatabaseProps) {
    super(scope, id);
    const settings = new DatabaseSettings(this, 'Settings', props);
    const { removalPolicy } = settings;
    const retained = props.protection === 'retained';
    const engine = DatabaseInstanceEngine.postgres({ version: POSTGRES_18_6 });
    // RDS would make it without a key, and keep it for ever.
    const upgrades = new LogGroup(this, 'Upgrades', {
      logGroupName: `/aws/rds/instance/${props.identifier}/upgrade`,
      encryptionKey: new LogsKey(this, 'LogsKey', { alias: `${props.identifier}-upgrades`, removalPolicy }),
      retention: props.logRetention,
      removalPolicy,
    });
    this.instance = new DatabaseInstance(this, 'Instance', {
      engine,
      instanceIdentifier: props.identifier,
      databaseName: props.databaseName,
      port: DATABASE_PORT,
      instanceType: new InstanceType(props.instanceType),
      multiAz: props.multiAz,
      vpc: props.vpc,
      vpcSubnets: props.subnets,
      securityGroups: [props.securityGroup],
      publiclyAccessible: false,
      iamAuthentication: true,
      manageMasterUserPassword: true,
      credentials: Credentials.fromUsername(MASTER, { encryptionKey: props.sensitiveKey }),
      caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
      parameterGroup: new ParameterGroup(this, 'Parameters', {
        engine,
        description: `Settings of ${props.identifier}`,
        parameters: PARAMETERS,
        removalPolicy,
      }),
      storageType: StorageType.GP3,
      allocatedStorage: props.storage.toGibibytes(),
      // A full disk stops the database: it grows by itself, to twice its size, or to what gp3 has.
      maxAllocatedStorage: Math.min(props.storage.toGibibytes() * 2, 65_536),
      storageEncrypted: true,
      storageEncryptionKey: settings.storageKey,
      ...settings.monitoring,
      // No retention here: it would be a custom resource. `upgrade` says why a major upgrade failed.
      cloudwatchLogsExports: ['postgresql', 'upgrade'],
      backupRetention: props.backupRetention,
      preferredBackupWindow: WINDOWS.backup,
      preferredMaintenanceWindow: WINDOWS.maintenance,
      autoMinorVersionUpgrade: true,
      copyTagsToSnapshot: true,
      deletionProtection: retained,
      deleteAutomatedBackups: !retained,
      engineLifecycleSupport: EngineLifecycleSupport.OPEN_SOURCE_RDS_EXTENDED_SUPPORT_DISABLED,
      removalPolicy,
    });
    this.instance.node.addDependency(upgrades);
    if (!retained) acknowledgeDisposable(this.instance);
    if (!props.multiAz) acknowledgeOneZone(this.instance);
    const { secret, instanceResourceId } = this.instance;
    if (!secret || !instanceResourceId) throw new Error('the instance has no secret or no resource id');
    this.host = this.instance.dbInstanceEndpointAddress;
    this.name = props.databaseName;
    this.resourceId = instanceResourceId;
    this.masterSecretArn = secret.secretArn;
    this.arn = this.instance.instanceArn;
  }

  grantConnect(grantee: IGrantable, login: string): void {
    grantLogin(this, this.resourceId, grantee, login);
  }
}
