/** Copies of the database in a vault that has its own key and its own rules: who may delete the database cannot delete them. */
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  BackupPlan,
  BackupPlanRule,
  BackupResource,
  BackupSelection,
  BackupVault,
} from 'aws-cdk-lib/aws-backup';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import {
  AnyPrincipal,
  Effect,
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { DatabaseKey } from './database-key';
import { acknowledgeServicePolicy } from './findings';

export interface BackupsProps {
  /** Name of the vault, and of the plan. */
  readonly name: string;
  /** The cluster, or the instance. */
  readonly databaseArn: string;
  readonly retention: Duration;
  /**
   * Immutable: three days after the first deploy nobody can shorten the retention or delete a copy, the account's root and
   * AWS included. It may be made longer.
   */
  readonly locked: boolean;
  /** Hears of copies that were not made. */
  readonly alerts: ITopic;
}

export class Backups extends Construct {
  readonly vault: BackupVault;

  constructor(scope: Construct, id: string, { name, databaseArn, retention, locked, alerts }: BackupsProps) {
    super(scope, id);
    this.vault = new BackupVault(this, 'Vault', {
      backupVaultName: name,
      encryptionKey: new DatabaseKey(this, 'Key', {
        alias: `${name}-vault`,
        description: 'Copies of the database in the vault',
        removalPolicy: RemovalPolicy.RETAIN,
      }),
      accessPolicy: nobodyTakesCopiesAway(),
      ...(locked ? { lockConfiguration: { minRetention: retention, changeableFor: Duration.days(3) } } : {}),
      // Kept in every stage: AWS does not delete a vault that holds something.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const plan = new BackupPlan(this, 'Plan', {
      backupPlanName: name,
      backupVault: this.vault,
      backupPlanRules: [
        new BackupPlanRule({
          ruleName: 'daily',
          scheduleExpression: Schedule.cron({ hour: '4', minute: '0' }),
          startWindow: Duration.hours(1),
          completionWindow: Duration.hours(8),
          deleteAfter: retention,
          // Recovery to a point in time is the database's own. Were it the plan's too, nobody could change its days.
          enableContinuousBackup: false,
        }),
      ],
    });
    new BackupSelection(this, 'Selection', {
      backupPlan: plan,
      backupSelectionName: name,
      resources: [BackupResource.fromArn(databaseArn)],
      role: this.role(),
      disableDefaultBackupPolicy: true,
    });
    new Rule(this, 'Failed', {
      ruleName: `${name}-backup-failed`,
      description: 'A copy of the database was not made',
      eventPattern: {
        source: ['aws.backup'],
        detailType: ['Backup Job State Change'],
        detail: { state: ['FAILED', 'ABORTED', 'EXPIRED'], backupVaultName: [name] },
      },
      targets: [new SnsTopic(alerts)],
    });
  }

  /** Makes copies; whoever restores uses a role of their own. */
  private role(): Role {
    const policy = 'AWSBackupServiceRolePolicyForBackup';
    const role = new Role(this, 'Role', {
      description: 'Copies the database into the vault',
      assumedBy: new ServicePrincipal('backup.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(`service-role/${policy}`)],
    });
    acknowledgeServicePolicy(
      role,
      policy,
      'AWS keeps this policy in step with what its backups need; the trust policy and the boundary narrow it',
    );
    return role;
  }
}

/** Copies leave by their age alone. Whoever wants one elsewhere copies a restored database. */
function nobodyTakesCopiesAway(): PolicyDocument {
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: 'NobodyTakesCopiesAway',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: [
          'backup:DeleteRecoveryPoint',
          'backup:DisassociateRecoveryPoint',
          'backup:UpdateRecoveryPointLifecycle',
          'backup:CopyFromBackupVault',
        ],
        resources: ['*'],
      }),
    ],
  });
}
