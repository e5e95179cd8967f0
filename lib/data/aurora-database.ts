/** Aurora PostgreSQL, Serverless v2: scales with its load, has the Data API, and pauses where the stage lets it. */
import { Duration, Stack } from 'aws-cdk-lib';
import { PredefinedMetric, ScalableTarget, ServiceNamespace } from 'aws-cdk-lib/aws-applicationautoscaling';
import { type IGrantable, Role } from 'aws-cdk-lib/aws-iam';
import {
  AuroraPostgresEngineVersion,
  CaCertificate,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  EngineLifecycleSupport,
  type IClusterInstance,
  ParameterGroup,
} from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { type Database, grantLogin, MASTER } from './database';
import { acknowledgeDisposable, acknowledgeNotSelected } from './findings';
import { INSTANCE_PARAMETERS, PARAMETERS } from './parameters';
import { DATABASE_PORT } from './port';
import { type DatabaseProps, DatabaseSettings, WINDOWS } from './settings';

export interface AuroraDatabaseProps extends DatabaseProps {
  /** Aurora capacity units of each instance; 0 lets it pause. */
  readonly minCapacity: number;
  readonly maxCapacity: number;
  /** Without connections for so long it pauses. Only with `minCapacity: 0`. */
  readonly pauseAfter: Duration | undefined;
  readonly readers: number;
  /** Adds readers up to this many when they are busy. */
  readonly maxReaders: number;
}

export class AuroraDatabase extends Construct implements Database {
  readonly cluster: DatabaseCluster;
  readonly host: string;
  readonly port = DATABASE_PORT;
  readonly name: string;
  readonly resourceId: string;
  readonly masterSecretArn: string;
  readonly arn: string;
  readonly dataApiClusterArn: string;

  constructor(scope: Construct, id: string, props: AuroraDatabaseProps) {
    super(scope, id);
    const settings = new DatabaseSettings(this, 'Settings', props);
    const { removalPolicy } = settings;
    const retained = props.protection === 'retained';
    const engine = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_18_6 });
    const parameterGroup = (level: string, parameters: Record<string, string>) =>
      new ParameterGroup(this, level, {
        engine,
        description: `Settings of ${props.identifier}`,
        parameters,
        removalPolicy,
      });
    const instance = {
      ...settings.insights,
      parameterGroup: parameterGroup('InstanceParameters', INSTANCE_PARAMETERS),
      // AWS raises it between our releases of the version above, in the maintenance window.
      autoMinorVersionUpgrade: true,
      caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
      publiclyAccessible: false,
    };
    const reader = (_: unknown, index: number): IClusterInstance =>
      ClusterInstance.serverlessV2(`Reader${index + 1}`, {
        ...instance,
        // The first takes over when the writer fails, so it is as large.
        scaleWithWriter: index === 0,
      });

    this.cluster = new DatabaseCluster(this, 'Cluster', {
      engine,
      clusterIdentifier: props.identifier,
      defaultDatabaseName: props.databaseName,
      port: DATABASE_PORT,
      vpc: props.vpc,
      vpcSubnets: props.subnets,
      securityGroups: [props.securityGroup],
      writer: ClusterInstance.serverlessV2('Writer', instance),
      readers: Array.from({ length: props.readers }, reader),
      serverlessV2MinCapacity: props.minCapacity,
      serverlessV2MaxCapacity: props.maxCapacity,
      ...(props.pauseAfter ? { serverlessV2AutoPauseDuration: props.pauseAfter } : {}),
      enableDataApi: true,
      iamAuthentication: true,
      manageMasterUserPassword: true,
      credentials: Credentials.fromUsername(MASTER, { encryptionKey: props.sensitiveKey }),
      parameterGroup: parameterGroup('Parameters', PARAMETERS),
      storageEncrypted: true,
      storageEncryptionKey: settings.storageKey,
      ...settings.monitoring,
      // No retention here: it would be a custom resource. The log group is there before, under the sensitive key.
      cloudwatchLogsExports: ['postgresql'],
      backup: { retention: props.backupRetention, preferredWindow: WINDOWS.backup },
      preferredMaintenanceWindow: WINDOWS.maintenance,
      copyTagsToSnapshot: true,
      deletionProtection: retained,
      deleteAutomatedBackups: !retained,
      // A forgotten major version is upgraded, not charged for.
      engineLifecycleSupport: EngineLifecycleSupport.OPEN_SOURCE_RDS_EXTENDED_SUPPORT_DISABLED,
      removalPolicy,
    });
    acknowledgeNotSelected(
      this.cluster,
      'Aurora is copied as a cluster, never instance by instance; where the stage has a vault, its plan selects the cluster',
    );
    if (!retained) acknowledgeDisposable(this.cluster);
    const { secret } = this.cluster;
    if (!secret) throw new Error('the cluster has no secret, though RDS manages its password');
    this.host = this.cluster.clusterEndpoint.hostname;
    this.name = props.databaseName;
    this.resourceId = this.cluster.clusterResourceIdentifier;
    this.masterSecretArn = secret.secretArn;
    this.arn = this.cluster.clusterArn;
    this.dataApiClusterArn = this.cluster.clusterArn;
    if (props.maxReaders > props.readers) this.scaleReaders(props);
  }

  grantConnect(grantee: IGrantable, login: string): void {
    grantLogin(this, this.resourceId, grantee, login);
  }

  private scaleReaders({ readers, maxReaders }: AuroraDatabaseProps) {
    const { partition, account } = Stack.of(this);
    const target = new ScalableTarget(this, 'Readers', {
      serviceNamespace: ServiceNamespace.RDS,
      scalableDimension: 'rds:cluster:ReadReplicaCount',
      resourceId: `cluster:${this.cluster.clusterIdentifier}`,
      minCapacity: readers,
      maxCapacity: maxReaders,
      // The service uses its own role in any case; without this line there would be one more, unused.
      role: Role.fromRoleArn(
        this,
        'ServiceRole',
        `arn:${partition}:iam::${account}:role/aws-service-role/rds.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_RDSCluster`,
      ),
    });
    // The readers of the template count: without them there, scaling would make its own.
    target.node.addDependency(this.cluster);
    target.scaleToTrackMetric('Busy', {
      predefinedMetric: PredefinedMetric.RDS_READER_AVERAGE_CPU_UTILIZATION,
      // Of the largest capacity: a reader first grows, and has company before it cannot grow any more.
      targetValue: 60,
      scaleOutCooldown: Duration.minutes(5),
      scaleInCooldown: Duration.minutes(15),
    });
  }
}
