/** What runs all the time: the backend, and the one service that people get a shell in. One image, by digest. */
import { CfnOutput } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ImageByDigest } from '../images/image-by-digest';
import { SUBNETS } from '../network/platform-vpc';
import type { RegistryDatabase } from '../rls/registry-database';
import { BackendService } from '../services/backend-service';
import { Configuration } from '../services/configuration';
import { FrontDoor } from '../services/front-door';
import { SupportShellService } from '../services/support-shell-service';
import type { Stage } from '../stage';
import { removalOf } from '../storage/private-bucket';
import { PlatformStack } from './platform-stack';

export interface ServicesStackProps {
  readonly stage: Stage;
  readonly vpc: IVpc;
  readonly securityGroups: {
    readonly loadBalancer: ISecurityGroup;
    readonly backend: ISecurityGroup;
    readonly supportShell: ISecurityGroup;
  };
  readonly logsKey: IKey;
  readonly sensitiveKey: IKey;
  /** Encrypts the channel of support shells. */
  readonly sessionKey: IKey;
  readonly transcripts: { readonly logGroup: ILogGroup };
  readonly database: RegistryDatabase;
}

export class ServicesStack extends PlatformStack {
  constructor(scope: Construct, id: string, props: ServicesStackProps) {
    const { stage, vpc, securityGroups, sensitiveKey, database } = props;
    super(scope, id, {
      stage,
      deployer: 'platform',
      description: 'tenant-zero: backend and support shell',
    });
    const { prefix, clusters, services, roles, secrets, logGroups, buckets } = this.names;
    const common = {
      vpc,
      image: new ImageByDigest(stage.image),
      database,
      stageName: stage.name,
      logsKey: props.logsKey,
      logRetention: stage.logs.retentionDays,
      removalPolicy: removalOf(stage.protection),
    };
    const door = new FrontDoor(this, 'FrontDoor', {
      ...common,
      prefix,
      subnets: { subnetGroupName: SUBNETS.public },
      securityGroup: securityGroups.loadBalancer,
      certificateArn: stage.web.certificateArn,
      rateLimit: stage.web.rateLimit,
      accessLogs: { bucketName: buckets.accessLogs, path: 'alb' },
    });
    new BackendService(this, 'Backend', {
      ...common,
      ...stage.backend,
      subnets: { subnetGroupName: SUBNETS.app },
      securityGroup: securityGroups.backend,
      targetGroup: door.targetGroup,
      clusterName: clusters.main.name,
      serviceName: services.backend,
      roleNames: { task: roles.backendTask.name, execution: roles.backendExecution.name },
      tokenKeys: secrets.tokenKeys,
      sessionKeys: secrets.sessionKeys,
      sensitiveKey,
      configuration: new Configuration(this, 'Configuration', {
        parameterName: (key) => this.names.configuration(key).name,
      }).variables,
      logGroupName: logGroups.backend.name,
    });
    new SupportShellService(this, 'SupportShell', {
      ...common,
      subnets: { subnetGroupName: SUBNETS.shell },
      securityGroup: securityGroups.supportShell,
      clusterName: clusters.support.name,
      serviceName: services.supportShell,
      roleNames: { task: roles.supportShellTask.name, execution: roles.supportShellExecution.name },
      sessionKey: props.sessionKey,
      transcripts: {
        bucketName: buckets.transcripts,
        logGroup: props.transcripts.logGroup,
        encryptionKey: sensitiveKey,
      },
      logGroupName: logGroups.supportShell.name,
    });
    // The name of the stage's domain points here; whoever keeps its zone makes the record.
    new CfnOutput(this, 'LoadBalancer', { value: door.loadBalancer.loadBalancerDnsName });
  }
}
