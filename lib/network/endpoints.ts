/** Ways to AWS that do not leave the VPC, for principals of this account only. */

import { Stack } from 'aws-cdk-lib';
import {
  GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  type ISecurityGroup,
  type IVpc,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { SUBNETS } from './platform-vpc';

const Service = InterfaceVpcEndpointAwsService;

/** What runs in the VPC calls these, and no others. */
const SERVICES = {
  EcrApi: Service.ECR,
  EcrDocker: Service.ECR_DOCKER,
  Ecs: Service.ECS,
  EcsAgent: Service.ECS_AGENT,
  EcsTelemetry: Service.ECS_TELEMETRY,
  Kms: Service.KMS,
  Logs: Service.CLOUDWATCH_LOGS,
  Monitoring: Service.CLOUDWATCH_MONITORING,
  RdsData: Service.RDS_DATA,
  SecretsManager: Service.SECRETS_MANAGER,
  /** What the approval function tells people. */
  Sns: Service.SNS,
  /** Parameters of the backend: injected by the agent of the task. */
  Ssm: Service.SSM,
  /** Channel of ECS Exec. */
  SsmMessages: Service.SSM_MESSAGES,
  Sts: Service.STS,
} as const;

export interface EndpointsProps {
  readonly vpc: IVpc;
  readonly securityGroup: ISecurityGroup;
  /** In how many zones interface endpoints stand; all zones reach them. */
  readonly zones: number;
  readonly availabilityZones: readonly string[];
  /** Bucket of transcripts: the only one that the shell's subnets reach, but for layers of images. */
  readonly transcripts: string;
}

export class Endpoints extends Construct {
  constructor(scope: Construct, id: string, props: EndpointsProps) {
    super(scope, id);
    const { vpc, securityGroup } = props;
    const { account, region } = Stack.of(this);
    const ofThisAccount = { StringEquals: { 'aws:PrincipalAccount': account } };

    for (const [name, service] of Object.entries(SERVICES)) {
      new InterfaceVpcEndpoint(this, name, {
        vpc,
        service,
        privateDnsEnabled: true,
        open: false,
        securityGroups: [securityGroup],
        subnets: {
          subnetGroupName: SUBNETS.app,
          availabilityZones: props.availabilityZones.slice(0, props.zones),
        },
      }).addToPolicy(
        new PolicyStatement({
          sid: 'ThisAccountOnly',
          principals: [new AnyPrincipal()],
          actions: ['*'],
          resources: ['*'],
          conditions: ofThisAccount,
        }),
      );
    }

    // ECR signs its addresses of layers itself, so their requests are not of this account: hence by bucket.
    const layers = new PolicyStatement({
      sid: 'LayersOfImages',
      principals: [new AnyPrincipal()],
      actions: ['s3:GetObject'],
      resources: [`arn:aws:s3:::prod-${region}-starport-layer-bucket/*`],
    });
    const app = new GatewayVpcEndpoint(this, 'S3', {
      vpc,
      service: GatewayVpcEndpointAwsService.S3,
      subnets: [{ subnetGroupName: SUBNETS.app }],
    });
    app.addToPolicy(layers);
    app.addToPolicy(
      new PolicyStatement({
        sid: 'BucketsOfThisAccount',
        principals: [new AnyPrincipal()],
        actions: ['s3:*'],
        resources: ['*'],
        conditions: {
          StringEquals: { 'aws:PrincipalAccount': account, 'aws:ResourceAccount': account },
        },
      }),
    );
    // The shell's own: whoever has a shell there cannot carry anything into another bucket, not even of this account.
    const shell = new GatewayVpcEndpoint(this, 'ShellS3', {
      vpc,
      service: GatewayVpcEndpointAwsService.S3,
      subnets: [{ subnetGroupName: SUBNETS.shell }],
    });
    shell.addToPolicy(layers);
    shell.addToPolicy(
      new PolicyStatement({
        sid: 'Transcripts',
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject', 's3:GetEncryptionConfiguration', 's3:GetBucketLocation'],
        resources: [`arn:aws:s3:::${props.transcripts}`, `arn:aws:s3:::${props.transcripts}/*`],
        conditions: ofThisAccount,
      }),
    );
  }
}
