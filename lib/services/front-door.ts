/** The load balancer: TLS only, each request recorded, and a firewall before it. */
import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  DesyncMitigationMode,
  SslPolicy,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { PATHS, PORT } from '../../app/contract';

/** Managed by AWS, in the order in which they look: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html */
const MANAGED_RULES = [
  'AWSManagedRulesAmazonIpReputationList',
  'AWSManagedRulesCommonRuleSet',
  'AWSManagedRulesKnownBadInputsRuleSet',
  'AWSManagedRulesSQLiRuleSet',
];

export interface FrontDoorProps {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly securityGroup: ISecurityGroup;
  readonly certificateArn: string;
  /** Requests of one address in five minutes. */
  readonly rateLimit: number;
  /** Beginning of the names of things, such as `tz-prod`. */
  readonly prefix: string;
  /** Bucket that records each request, and the path in it; its policy admits load balancers. */
  readonly accessLogs: { readonly bucketName: string; readonly path: string };
  readonly logsKey: IKey;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

export class FrontDoor extends Construct {
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly targetGroup: ApplicationTargetGroup;

  constructor(scope: Construct, id: string, props: FrontDoorProps) {
    super(scope, id);
    this.loadBalancer = new ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc: props.vpc,
      vpcSubnets: props.subnets,
      securityGroup: props.securityGroup,
      internetFacing: true,
      // In every stage: with it goes the address that people know. docs/deploy.md says how to take it off.
      deletionProtection: true,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: DesyncMitigationMode.STRICTEST,
    });
    // By name: the bucket and its policy are the other deployer's.
    this.loadBalancer.setAttribute('access_logs.s3.enabled', 'true');
    this.loadBalancer.setAttribute('access_logs.s3.bucket', props.accessLogs.bucketName);
    this.loadBalancer.setAttribute('access_logs.s3.prefix', props.accessLogs.path);
    this.targetGroup = new ApplicationTargetGroup(this, 'Backend', {
      vpc: props.vpc,
      port: PORT,
      protocol: ApplicationProtocol.HTTP,
      targetType: TargetType.IP,
      // Shorter than a task waits after it was told to stop (`BackendService`).
      deregistrationDelay: Duration.seconds(30),
      healthCheck: {
        path: PATHS.traffic,
        healthyHttpCodes: '200',
        interval: Duration.seconds(15),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 2,
      },
    });
    // No listener at port 80, not even to redirect: the first request would go out in the clear.
    this.loadBalancer.addListener('Https', {
      port: 443,
      protocol: ApplicationProtocol.HTTPS,
      // The rules of the security group stand on the page of the network.
      open: false,
      sslPolicy: SslPolicy.RECOMMENDED_TLS,
      certificates: [Certificate.fromCertificateArn(this, 'Certificate', props.certificateArn)],
      defaultTargetGroups: [this.targetGroup],
    });
    this.firewall(props);
  }

  private firewall({ prefix, rateLimit, logsKey, logRetention, removalPolicy }: FrontDoorProps): void {
    const visible = (metricName: string) => ({
      cloudWatchMetricsEnabled: true,
      // A sample holds headers, tokens among them: what is struck out of the log is not struck out there.
      sampledRequestsEnabled: false,
      metricName,
    });
    const acl = new CfnWebACL(this, 'Firewall', {
      name: `${prefix}-web`,
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visible(`${prefix}-web`),
      rules: [
        {
          name: 'RateLimit',
          priority: 0,
          action: { block: {} },
          statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: rateLimit } },
          visibilityConfig: visible('RateLimit'),
        },
        ...MANAGED_RULES.map((name, index) => ({
          name,
          priority: index + 1,
          overrideAction: { none: {} },
          statement: { managedRuleGroupStatement: { vendorName: 'AWS', name } },
          visibilityConfig: visible(name),
        })),
      ],
    });
    new CfnWebACLAssociation(this, 'FirewallAssociation', {
      resourceArn: this.loadBalancer.loadBalancerArn,
      webAclArn: acl.attrArn,
    });
    const logGroup = new LogGroup(this, 'FirewallLog', {
      // The service writes to no other names.
      logGroupName: `aws-waf-logs-${prefix}-web`,
      encryptionKey: logsKey,
      retention: logRetention,
      removalPolicy,
    });
    new CfnLoggingConfiguration(this, 'FirewallLogging', {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [
        // Without the ":*" that the attribute ends with.
        Stack.of(this).formatArn({
          service: 'logs',
          resource: `log-group:${logGroup.logGroupName}`,
        }),
      ],
      redactedFields: ['authorization', 'cookie'].map((Name) => ({ singleHeader: { Name } })),
    });
  }
}
