/** What both engines take from the stage, and what they need around them. */
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { DatabaseInsightsMode, PerformanceInsightRetention } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { DatabaseKey } from './database-key';
import { acknowledgeServicePolicy } from './findings';

export interface DatabaseProps {
  /** Identifier of the cluster or instance. Names of log groups follow from it. */
  readonly identifier: string;
  /** Name of the first database. */
  readonly databaseName: string;
  readonly vpc: IVpc;
  /** Subnets that no way leads out of. */
  readonly subnets: SubnetSelection;
  readonly securityGroup: ISecurityGroup;
  /** Encrypts the login of the master. */
  readonly sensitiveKey: IKey;
  /** Point-in-time recovery. */
  readonly backupRetention: Duration;
  /** `retained` is protected from deletion, and survives its stack. */
  readonly protection: 'disposable' | 'retained';
}

/** Hours of UTC, apart from one another: RDS refuses copies of AWS Backup (at 04:00) near its own two windows. */
export const WINDOWS = { backup: '01:00-02:00', maintenance: 'sun:22:00-sun:23:00' } as const;

export class DatabaseSettings extends Construct {
  readonly removalPolicy: RemovalPolicy;
  readonly storageKey: IKey;
  readonly insightsKey: IKey;
  readonly monitoringRole: Role;

  constructor(scope: Construct, id: string, { identifier, protection }: DatabaseProps) {
    super(scope, id);
    // No final snapshot of a disposable database: the key that it would need goes with the stack.
    this.removalPolicy = protection === 'retained' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const key = (use: string, description: string) =>
      new DatabaseKey(this, `${use}Key`, {
        alias: `${identifier}-${use.toLowerCase()}`,
        description,
        removalPolicy: this.removalPolicy,
      });
    this.storageKey = key('Storage', 'The volume of the database, its backups and its snapshots');
    // Samples of statements, with their literals.
    this.insightsKey = key('Insights', 'Performance data of the database, with the text of statements');

    const { account } = Stack.of(this);
    const policy = 'AmazonRDSEnhancedMonitoringRole';
    this.monitoringRole = new Role(this, 'MonitoringRole', {
      description: 'Writes metrics of the operating system of the database',
      assumedBy: new ServicePrincipal('monitoring.rds.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(`service-role/${policy}`)],
    });
    acknowledgeServicePolicy(
      this.monitoringRole,
      policy,
      'Writes to one log group that RDS makes and names itself; RDS asks for this policy',
    );
  }

  /** Performance of statements, for seven days: longer costs more than the stage says. */
  get insights() {
    return {
      enablePerformanceInsights: true,
      performanceInsightRetention: PerformanceInsightRetention.DEFAULT,
      performanceInsightEncryptionKey: this.insightsKey,
    } as const;
  }

  /** The same, and metrics of the operating system every minute. */
  get monitoring() {
    return {
      ...this.insights,
      databaseInsightsMode: DatabaseInsightsMode.STANDARD,
      monitoringInterval: Duration.minutes(1),
      monitoringRole: this.monitoringRole,
    } as const;
  }
}
