/** The VPC, who reaches whom in it, and the ways to AWS. */
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { DATABASE_PORT } from '../data/port';
import { Endpoints } from '../network/endpoints';
import { PlatformVpc } from '../network/platform-vpc';
import { SecurityGroups } from '../network/security-groups';
import type { Stage } from '../stage';
import { LogsKey } from '../storage/logs-key';
import { removalOf } from '../storage/private-bucket';
import { PlatformStack } from './platform-stack';

export class NetworkStack extends PlatformStack {
  readonly vpc: IVpc;
  readonly logsKey: IKey;
  readonly securityGroups: SecurityGroups;

  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id, {
      stage,
      deployer: 'platform',
      description: 'tenant-zero: VPC, security groups and endpoints',
    });
    const { network, logs, protection } = stage;
    const removalPolicy = removalOf(protection);
    this.logsKey = new LogsKey(this, 'LogsKey', { alias: `${this.names.prefix}-logs`, removalPolicy });
    this.vpc = new PlatformVpc(this, 'Vpc', {
      cidr: network.cidr,
      availabilityZones: network.availabilityZones,
      natGateways: network.natGateways,
      flowLogs: {
        name: `/${this.names.prefix}/flow-logs`,
        key: this.logsKey,
        retention: logs.retentionDays,
        removalPolicy,
      },
    });
    this.securityGroups = new SecurityGroups(this, 'SecurityGroups', {
      vpc: this.vpc,
      databasePort: DATABASE_PORT,
      s3PrefixList: network.s3PrefixList,
      outbound: network.outbound,
    });
    new Endpoints(this, 'Endpoints', {
      vpc: this.vpc,
      securityGroup: this.securityGroups.endpoints,
      zones: network.endpointZones,
      availabilityZones: network.availabilityZones,
      transcripts: this.names.buckets.transcripts,
    });
  }
}
