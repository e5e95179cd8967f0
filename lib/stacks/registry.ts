/** What runs on every deploy, and may fail: apart from the database, so that a failure takes nothing with it. */
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { FunctionPackage } from '../functions/function-package';
import type { FunctionSurroundings } from '../functions/isolated-function';
import { ImageByDigest } from '../images/image-by-digest';
import { SUBNETS } from '../network/platform-vpc';
import { MigrationTask } from '../rls/migration-task';
import type { RegistryDatabase } from '../rls/registry-database';
import { RlsRegistry } from '../rls/rls-registry';
import { CA_FILE } from '../services/task';
import type { Stage } from '../stage';
import { removalOf } from '../storage/private-bucket';
import { PlatformStack } from './platform-stack';

export interface RegistryStackProps {
  readonly stage: Stage;
  readonly vpc: IVpc;
  readonly securityGroups: { readonly functions: ISecurityGroup; readonly migration: ISecurityGroup };
  readonly logsKey: IKey;
  readonly database: RegistryDatabase;
  readonly packages: { readonly rlsRegistry: FunctionPackage; readonly migrationTask: FunctionPackage };
  /** Stamp of this deploy. */
  readonly deployment: string;
}

export class RegistryStack extends PlatformStack {
  readonly registry: RlsRegistry;

  constructor(scope: Construct, id: string, props: RegistryStackProps) {
    const { stage, vpc, logsKey, database, packages } = props;
    super(scope, id, {
      stage,
      deployer: 'platform',
      description: 'tenant-zero: migrations and row security, on every deploy',
    });
    const surroundings: FunctionSurroundings = {
      vpc,
      subnets: { subnetGroupName: SUBNETS.app },
      securityGroup: props.securityGroups.functions,
      key: logsKey,
      logRetention: stage.logs.retentionDays,
      removalPolicy: removalOf(stage.protection),
    };
    const { migrationCommand } = stage.database;
    this.registry = new RlsRegistry(this, 'RlsRegistry', {
      ...surroundings,
      database,
      code: packages.rlsRegistry.code,
      // The image decides what the database looks like only where it migrates.
      release: [packages.rlsRegistry.hash, ...(migrationCommand ? [stage.image.digest] : [])].join(' '),
      deployment: props.deployment,
      prefix: this.names.prefix,
      roleName: this.names.roles.rlsRegistry.name,
      // A stage that names a command migrates with the image; this repository's own migrations are in the package.
      migrates: migrationCommand === undefined,
      alarms: {
        action: new SnsAction(Topic.fromTopicArn(this, 'Alerts', this.names.topic.arn)),
        runbook: 'docs/runbook.md',
      },
    });
    if (migrationCommand === undefined) return;
    const migration = new MigrationTask(this, 'Migration', {
      ...surroundings,
      code: packages.migrationTask.code,
      image: new ImageByDigest(stage.image),
      command: migrationCommand,
      database,
      taskSecurityGroup: props.securityGroups.migration,
      clusterName: this.names.clusters.migration.name,
      logGroupName: this.names.logGroups.migration.name,
      roleNames: {
        task: this.names.roles.migrationTask.name,
        execution: `${this.names.prefix}-migration-execution`,
      },
      prefix: this.names.prefix,
      caFile: CA_FILE,
    });
    this.registry.resource.node.addDependency(migration.resource);
  }
}
