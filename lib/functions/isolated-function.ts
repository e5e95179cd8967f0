/** A function inside the VPC with a role of its own, which can do nothing but what it is granted. */
import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../nag/acknowledge';
import { NO_RESOURCES, NOBODY_READS_DEAD_LETTERS } from '../nag/standing';

/** Where functions run and log: the same for all of a stack. */
export interface FunctionSurroundings {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly securityGroup: ISecurityGroup;
  /** Encrypts log groups and environments. */
  readonly key: IKey;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

export interface IsolatedFunctionProps extends FunctionSurroundings {
  /** Physical names: policies and trails refer to them. */
  readonly functionName: string;
  /** @default - made by CloudFormation */
  readonly roleName?: string;
  readonly description: string;
  readonly code: Code;
  readonly handler: string;
  readonly environment: Record<string, string>;
  readonly timeout: Duration;
  /** MiB. */
  readonly memorySize: number;
  /** Executions at a time. Few: what waits is tried again. */
  readonly concurrency: number;
}

export class IsolatedFunction extends Construct {
  readonly role: Role;
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: IsolatedFunctionProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', {
      ...(props.roleName ? { roleName: props.roleName } : {}),
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: props.description,
    });
    // What the managed policy for functions in a VPC holds, less its right to make log groups: ours is there already.
    this.role.addToPrincipalPolicy(
      new PolicyStatement({
        sid: 'NetworkInterfaces',
        effect: Effect.ALLOW,
        actions: [
          'ec2:CreateNetworkInterface',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSubnets',
          'ec2:DeleteNetworkInterface',
          'ec2:AssignPrivateIpAddresses',
          'ec2:UnassignPrivateIpAddresses',
        ],
        resources: ['*'],
      }),
    );
    acknowledge(this, NOBODY_READS_DEAD_LETTERS, NO_RESOURCES);
    this.logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${props.functionName}`,
      encryptionKey: props.key,
      retention: props.logRetention,
      removalPolicy: props.removalPolicy,
    });
    this.logGroup.grantWrite(this.role);
    this.function = new LambdaFunction(this, 'Function', {
      functionName: props.functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: props.code,
      handler: props.handler,
      role: this.role,
      environment: props.environment,
      environmentEncryption: props.key,
      timeout: props.timeout,
      memorySize: props.memorySize,
      reservedConcurrentExecutions: props.concurrency,
      logGroup: this.logGroup,
      tracing: Tracing.DISABLED,
      vpc: props.vpc,
      vpcSubnets: props.subnets,
      securityGroups: [props.securityGroup],
    });
  }
}
