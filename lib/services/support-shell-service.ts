/**
 * The one place where a person gets a shell: a cluster of its own, for ExecuteCommand is authorised by cluster, and a role
 * that can do nothing but carry the session and log in as the restricted database role.
 */
import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  ContainerInsights,
  ExecuteCommandLogging,
  FargateService,
  FargateTaskDefinition,
  LinuxParameters,
  PropagatedTagSource,
} from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type ILogGroup, LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '../nag/acknowledge';
import { NO_RESOURCES } from '../nag/standing';
import {
  environmentOf,
  logsTo,
  PLATFORM,
  type ServiceCommon,
  TaskRoles,
  USER,
  VARIABLES_ARE_NO_SECRETS,
} from './task';

/** The restricted role: no row of a sensitive organization. */
const LOGIN = 'support_shell';

/** Of the bucket of transcripts. */
const FOLDER = 'support-shell';

export interface SupportShellServiceProps extends ServiceCommon {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly securityGroup: ISecurityGroup;
  /** Holds this service and no other. */
  readonly clusterName: string;
  readonly serviceName: string;
  /** Encrypts the channel. */
  readonly sessionKey: IKey;
  /** What is typed and shown goes there, under `encryptionKey`. */
  readonly transcripts: {
    readonly bucketName: string;
    readonly logGroup: ILogGroup;
    readonly encryptionKey: IKey;
  };
  /** Of the service itself. */
  readonly logGroupName: string;
  readonly logsKey: IKey;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

export class SupportShellService extends Construct {
  readonly cluster: Cluster;
  readonly service: FargateService;
  readonly roles: TaskRoles;

  constructor(scope: Construct, id: string, props: SupportShellServiceProps) {
    super(scope, id);
    const { vpc, transcripts, sessionKey } = props;
    this.roles = new TaskRoles(this, 'Roles', props.roleNames);
    this.mayCarrySessions(props);
    props.database.grantConnect(this.roles.task, LOGIN);
    this.cluster = new Cluster(this, 'Cluster', {
      vpc,
      clusterName: props.clusterName,
      containerInsightsV2: ContainerInsights.ENABLED,
      executeCommandConfiguration: {
        kmsKey: sessionKey,
        logging: ExecuteCommandLogging.OVERRIDE,
        logConfiguration: {
          cloudWatchLogGroup: transcripts.logGroup,
          cloudWatchEncryptionEnabled: true,
          s3Bucket: Bucket.fromBucketName(this, 'Transcripts', transcripts.bucketName),
          s3EncryptionEnabled: true,
          s3KeyPrefix: FOLDER,
        },
      },
    });
    this.service = new FargateService(this, 'Service', {
      cluster: this.cluster,
      serviceName: props.serviceName,
      taskDefinition: this.definition(props),
      vpcSubnets: props.subnets,
      securityGroups: [props.securityGroup],
      assignPublicIp: false,
      desiredCount: 1,
      enableExecuteCommand: true,
      circuitBreaker: { enable: true, rollback: true },
      // A second one beside it for a moment, so that a deploy does not close the door.
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      propagateTags: PropagatedTagSource.SERVICE,
    });
    // The policies of the roles are resources beside them: without them the first task starts for nothing.
    this.service.node.addDependency(this.roles);
  }

  private definition(props: SupportShellServiceProps): FargateTaskDefinition {
    const definition = new FargateTaskDefinition(this, 'Task', {
      family: props.clusterName,
      cpu: 256,
      memoryLimitMiB: 512,
      // The CDK would add what it thinks that ECS Exec needs, on more than these resources.
      taskRole: this.roles.task.withoutPolicyUpdates(),
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
    definition.addContainer(props.serviceName, {
      containerName: props.serviceName,
      image: props.image,
      user: USER,
      // ECS Exec puts its agent into the container's file system, and does not work without.
      readonlyRootFilesystem: false,
      // Reaps what sessions leave behind.
      linuxParameters: new LinuxParameters(this, 'Linux', { initProcessEnabled: true }),
      logging: logsTo(logGroup, props.serviceName),
      environment: environmentOf(props, props.serviceName, LOGIN),
    });
    return definition;
  }

  private mayCarrySessions({
    transcripts: { bucketName, logGroup, encryptionKey },
    sessionKey,
  }: SupportShellServiceProps): void {
    const bucketArn = `arn:aws:s3:::${bucketName}`;
    const objects = `${bucketArn}/${FOLDER}/*`;
    const may = (sid: string, actions: string[], resources: string[], conditions = {}) =>
      this.roles.task.addToPrincipalPolicy(new PolicyStatement({ sid, actions, resources, conditions }));
    // Has no resources: which channel, the agent of the task is told by the service.
    may(
      'SessionChannel',
      [
        'ssmmessages:CreateControlChannel',
        'ssmmessages:CreateDataChannel',
        'ssmmessages:OpenControlChannel',
        'ssmmessages:OpenDataChannel',
      ],
      ['*'],
    );
    may('DecryptChannel', ['kms:Decrypt'], [sessionKey.keyArn]);
    may('DescribeLogGroups', ['logs:DescribeLogGroups'], ['*']);
    may(
      'WriteTranscript',
      ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      [logGroup.logGroupArn],
    );
    may('StoreTranscript', ['s3:PutObject'], [objects]);
    may('CheckBucket', ['s3:GetBucketLocation', 's3:GetEncryptionConfiguration'], [bucketArn]);
    acknowledge(this.roles.task, NO_RESOURCES, {
      rules: [`AwsSolutions-IAM5[Resource::${objects}]`],
      reason: 'Each transcript is a new object',
      owner: 'security',
      until: '2027-11-30',
    });
    may('EncryptTranscript', ['kms:Decrypt', 'kms:GenerateDataKey'], [encryptionKey.keyArn], {
      StringEquals: { 'kms:ViaService': `s3.${Stack.of(this).region}.amazonaws.com` },
    });
  }
}
