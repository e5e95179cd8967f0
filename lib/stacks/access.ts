/** Functions with power over the database and the secrets: their code is their power, so who deploys them is not who ships. */
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { Approvals } from '../access/approvals';
import { DatabaseBootstrap } from '../access/database-bootstrap';
import { SecretRotation } from '../access/secret-rotation';
import type { Database } from '../data/database';
import type { FunctionPackage } from '../functions/function-package';
import { SUBNETS } from '../network/platform-vpc';
import { approversOf, type Stage } from '../stage';
import { removalOf } from '../storage/private-bucket';
import { PlatformStack } from './platform-stack';

export interface AccessStackProps {
  readonly stage: Stage;
  readonly vpc: IVpc;
  /** Of functions that log in to the database, and of the one that also writes into a bucket. */
  readonly securityGroups: { readonly functions: ISecurityGroup; readonly approvals: ISecurityGroup };
  readonly sensitiveKey: IKey;
  readonly logsKey: IKey;
  /** Of messages to people, and of the record. */
  readonly alertsKey: IKey;
  readonly auditKey: IKey;
  readonly database: Database;
  readonly packages: {
    readonly databaseBootstrap: FunctionPackage;
    readonly secretRotation: FunctionPackage;
    readonly approvals: FunctionPackage;
  };
}

export class AccessStack extends PlatformStack {
  /** For the keys, which come after the registry. */
  readonly rotation: SecretRotation;

  constructor(scope: Construct, id: string, props: AccessStackProps) {
    const { stage, database, sensitiveKey, packages } = props;
    super(scope, id, {
      stage,
      deployer: 'sensitive',
      description: 'tenant-zero: functions with power over the database and the secrets',
    });
    const { roles, functions, rules, secrets, buckets, topic } = this.names;
    const surroundings = {
      vpc: props.vpc,
      subnets: { subnetGroupName: SUBNETS.app },
      securityGroup: props.securityGroups.functions,
      key: props.logsKey,
      logRetention: stage.logs.retentionDays,
      removalPolicy: removalOf(stage.protection),
      database,
      sensitiveKey,
    };
    new DatabaseBootstrap(this, 'DatabaseBootstrap', {
      ...surroundings,
      functionName: functions.databaseBootstrap.name,
      roleName: roles.databaseBootstrap.name,
      package: packages.databaseBootstrap,
      secrets,
    });
    this.rotation = new SecretRotation(this, 'SecretRotation', {
      ...surroundings,
      functionName: functions.secretRotation.name,
      roleName: roles.secretRotation.name,
      package: packages.secretRotation,
      secrets: {
        breakGlass: secrets.breakGlass,
        auditor: secrets.auditor,
        tokenKeys: secrets.tokenKeys,
        sessionKeys: secrets.sessionKeys,
      },
    });
    new Approvals(this, 'Approvals', {
      ...surroundings,
      securityGroup: props.securityGroups.approvals,
      functionName: functions.approvals.name,
      roleName: roles.approvals.name,
      ruleName: rules.approvals.name,
      package: packages.approvals,
      stageName: stage.name,
      tokenKeys: secrets.tokenKeys,
      approverSecrets: secrets.approver('').name,
      approvers: Object.fromEntries(approversOf(stage).map((name) => [name, secrets.approver(name)])),
      topic: { arn: topic.arn, key: props.alertsKey },
      audit: { bucketName: buckets.audit, key: props.auditKey },
    });
  }
}
