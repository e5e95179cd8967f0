/** The product: behind the load balancer, without a shell, on a file system that it cannot write. */
import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import {
  Capability,
  Cluster,
  ContainerInsights,
  FargateService as Fargate,
  type FargateService,
  FargateTaskDefinition,
  LinuxParameters,
  PropagatedTagSource,
  type Secret,
} from 'aws-cdk-lib/aws-ecs';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ENVIRONMENT, PATHS, PORT } from '../../app/contract';
import { acknowledge } from '../nag/acknowledge';
import {
  environmentOf,
  logsTo,
  PLATFORM,
  type ServiceCommon,
  TaskRoles,
  USER,
  VARIABLES_ARE_NO_SECRETS,
} from './task';

const LOGIN = 'app_backend';

export interface BackendServiceProps extends ServiceCommon {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly securityGroup: ISecurityGroup;
  readonly targetGroup: ApplicationTargetGroup;
  readonly clusterName: string;
  readonly serviceName: string;
  /** 1024 is one virtual CPU. */
  readonly cpu: number;
  readonly memoryMib: number;
  readonly minTasks: number;
  readonly maxTasks: number;
  /** Keys that the code reads itself, so that a rotation needs no restart: name and ARN pattern. */
  readonly tokenKeys: { readonly name: string; readonly arn: string };
  readonly sessionKeys: { readonly name: string; readonly arn: string };
  /** Encrypts those. */
  readonly sensitiveKey: IKey;
  /** Variables from parameters. */
  readonly configuration: Record<string, Secret>;
  readonly logGroupName: string;
  readonly logsKey: IKey;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

export class BackendService extends Construct {
  readonly service: FargateService;
  readonly roles: TaskRoles;

  constructor(scope: Construct, id: string, props: BackendServiceProps) {
    super(scope, id);
    const { vpc, securityGroup, subnets } = props;
    this.roles = new TaskRoles(this, 'Roles', props.roleNames);
    this.mayReadKeys(props);
    props.database.grantConnect(this.roles.task, LOGIN);
    const cluster = new Cluster(this, 'Cluster', {
      vpc,
      clusterName: props.clusterName,
      containerInsightsV2: ContainerInsights.ENABLED,
    });
    this.service = new Fargate(this, 'Service', {
      cluster,
      serviceName: props.serviceName,
      taskDefinition: this.definition(props),
      vpcSubnets: subnets,
      securityGroups: [securityGroup],
      assignPublicIp: false,
      // No desired count: each deploy would set it back from what the load asks for. Scaling starts at its minimum.
      // Said, though it is the default: a shell in here would be a person with the backend's login.
      enableExecuteCommand: false,
      circuitBreaker: { enable: true, rollback: true },
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      healthCheckGracePeriod: Duration.seconds(60),
      propagateTags: PropagatedTagSource.SERVICE,
    });
    this.service.node.addDependency(this.roles);
    this.service.attachToApplicationTargetGroup(props.targetGroup);
    const scaling = this.service.autoScaleTaskCount({
      minCapacity: props.minTasks,
      maxCapacity: props.maxTasks,
    });
    scaling.scaleOnCpuUtilization('Busy', { targetUtilizationPercent: 60 });
    scaling.scaleOnRequestCount('Requests', { requestsPerTarget: 1000, targetGroup: props.targetGroup });
  }

  private definition(props: BackendServiceProps): FargateTaskDefinition {
    const definition = new FargateTaskDefinition(this, 'Task', {
      family: `${props.clusterName}-backend`,
      cpu: props.cpu,
      memoryLimitMiB: props.memoryMib,
      taskRole: this.roles.task,
      executionRole: this.roles.execution,
      runtimePlatform: PLATFORM,
    });
    acknowledge(definition, VARIABLES_ARE_NO_SECRETS);
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: props.logGroupName,
      encryptionKey: props.logsKey,
      retention: props.logRetention,
      removalPolicy: props.removalPolicy,
    });
    const linuxParameters = new LinuxParameters(this, 'Linux', { initProcessEnabled: true });
    linuxParameters.dropCapabilities(Capability.ALL);
    definition.addContainer('backend', {
      containerName: 'backend',
      image: props.image,
      user: USER,
      readonlyRootFilesystem: true,
      linuxParameters,
      portMappings: [{ containerPort: PORT }],
      // Longer than the load balancer takes to send nobody here any more.
      stopTimeout: Duration.seconds(75),
      logging: logsTo(logGroup, 'backend'),
      healthCheck: {
        command: ['CMD', 'node', '/app/health.mjs', `http://127.0.0.1:${PORT}${PATHS.health}`],
        interval: Duration.seconds(30),
        timeout: Duration.seconds(5),
        retries: 3,
        startPeriod: Duration.seconds(30),
      },
      environment: {
        ...environmentOf(props, props.serviceName, LOGIN),
        [ENVIRONMENT.tokenKeys]: props.tokenKeys.name,
        [ENVIRONMENT.sessionKeys]: props.sessionKeys.name,
      },
      secrets: props.configuration,
    });
    return definition;
  }

  private mayReadKeys({ tokenKeys, sessionKeys, sensitiveKey }: BackendServiceProps): void {
    const secrets = [tokenKeys.arn, sessionKeys.arn];
    this.roles.task.addToPrincipalPolicy(
      new PolicyStatement({
        sid: 'ReadSigningKeys',
        actions: ['secretsmanager:GetSecretValue'],
        resources: secrets,
      }),
    );
    this.roles.task.addToPrincipalPolicy(
      new PolicyStatement({
        sid: 'DecryptSigningKeys',
        actions: ['kms:Decrypt'],
        resources: [sensitiveKey.keyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(this).region}.amazonaws.com` },
          ArnLike: { 'kms:EncryptionContext:SecretARN': secrets },
        },
      }),
    );
  }
}
