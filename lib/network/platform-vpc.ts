/** Three zones, four kinds of subnets: who may be reached, who works, who may look, and the data. */
import type { RemovalPolicy } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  IpAddresses,
  SubnetType,
  Vpc,
  type VpcProps,
} from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from '../nag/acknowledge';
import { COMPLIANCE, inPacks } from '../nag/standing';

/** Groups of subnets, as other stacks select them. */
export const SUBNETS = {
  /** The load balancer, and NAT gateways where there are any. */
  public: 'public',
  /** Backend, functions, migrations. */
  app: 'app',
  /** The support shell: no way out but the endpoints. */
  shell: 'shell',
  data: 'data',
} as const;

export interface PlatformVpcProps {
  readonly cidr: string;
  readonly availabilityZones: readonly string[];
  /** With 0, the app's subnets have no way out but the endpoints. */
  readonly natGateways: number;
  readonly flowLogs: {
    readonly name: string;
    readonly key: IKey;
    readonly retention: RetentionDays;
    readonly removalPolicy: RemovalPolicy;
  };
}

export class PlatformVpc extends Vpc {
  constructor(scope: Construct, id: string, props: PlatformVpcProps) {
    super(scope, id, vpcProps(props));
    for (const subnet of this.publicSubnets) {
      acknowledge(subnet, {
        rules: inPacks('VPCNoUnrestrictedRouteToIGW', ...COMPLIANCE),
        reason: 'Public subnets hold the load balancer and NAT gateways; nothing else is placed there',
        owner: 'platform',
        until: '2027-11-30',
      });
    }
    const { name, key, retention, removalPolicy } = props.flowLogs;
    const logGroup = new LogGroup(this, 'FlowLogGroup', {
      logGroupName: name,
      encryptionKey: key,
      retention,
      removalPolicy,
    });
    const role = new Role(this, 'FlowLogRole', {
      assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com'),
      description: 'Writes the flow logs of the VPC',
    });
    this.addFlowLog('FlowLog', {
      destination: FlowLogDestination.toCloudWatchLogs(logGroup, role),
      trafficType: FlowLogTrafficType.ALL,
    });
  }
}

function vpcProps({ cidr, availabilityZones, natGateways }: PlatformVpcProps): VpcProps {
  const isolated = SubnetType.PRIVATE_ISOLATED;
  return {
    ipAddresses: IpAddresses.cidr(cidr),
    availabilityZones: [...availabilityZones],
    natGateways,
    // Nobody uses the default group; whoever forgets to name one gets one that admits and reaches nothing.
    restrictDefaultSecurityGroup: true,
    subnetConfiguration: [
      { name: SUBNETS.public, subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
      {
        name: SUBNETS.app,
        subnetType: natGateways > 0 ? SubnetType.PRIVATE_WITH_EGRESS : isolated,
        cidrMask: 22,
      },
      { name: SUBNETS.shell, subnetType: isolated, cidrMask: 26 },
      { name: SUBNETS.data, subnetType: isolated, cidrMask: 26 },
    ],
  };
}
