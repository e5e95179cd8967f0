/** A one-off task of the app's image that migrates before the registry is applied: not 0, and the deploy fails. */
import { CustomResource, Duration, Stack, Tokenization } from 'aws-cdk-lib';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  AwsLogDriverMode,
  Cluster,
  type ContainerImage,
  ContainerInsights,
  FargateTaskDefinition,
  LinuxParameters,
  LogDrivers,
} from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../../app/contract';
import { HANDLERS, PROPERTIES } from '../../lambda/migration-task/contract';
import { type FunctionSurroundings, IsolatedFunction } from '../functions/isolated-function';
import { ResourceProvider } from '../functions/resource-provider';
import { acknowledge } from '../nag/acknowledge';
import { VARIABLES_ARE_NO_SECRETS } from '../services/task';
import type { RegistryDatabase } from './registry-database';

/** The login that bootstrap made for migrations, and the role that it becomes for them (`sql/db/bootstrap.ts`). */
const MIGRATOR = 'migrator';
const OWNER = 'platform_owner';

const CONTAINER = 'migration';
const STREAM_PREFIX = 'run';

export interface MigrationTaskProps extends FunctionSurroundings {
  /** The package of `lambda/migration-task`. */
  readonly code: Code;
  /** By digest: whatever changes it changes the task definition, and a new task definition is a new migration. */
  readonly image: ContainerImage;
  readonly command: readonly string[];
  readonly database: RegistryDatabase;
  /** Of the task; `securityGroup` is the functions'. */
  readonly taskSecurityGroup: ISecurityGroup;
  readonly clusterName: string;
  readonly logGroupName: string;
  readonly roleNames: { readonly task: string; readonly execution: string };
  /** Beginning of the names of functions, such as `tz-prod`. */
  readonly prefix: string;
  /** Where the image keeps the authorities of the database. */
  readonly caFile: string;
}

export class MigrationTask extends Construct {
  /** What must wait for the migration depends on it. */
  readonly resource: CustomResource;
  readonly taskRole: Role;
  readonly executionRole: Role;

  constructor(scope: Construct, id: string, props: MigrationTaskProps) {
    super(scope, id);
    const { vpc, prefix, database } = props;
    const cluster = new Cluster(this, 'Cluster', {
      vpc,
      clusterName: props.clusterName,
      containerInsightsV2: ContainerInsights.ENABLED,
    });
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: props.logGroupName,
      encryptionKey: props.key,
      retention: props.logRetention,
      removalPolicy: props.removalPolicy,
    });
    const tasks = new ServicePrincipal('ecs-tasks.amazonaws.com');
    this.taskRole = new Role(this, 'TaskRole', {
      roleName: props.roleNames.task,
      assumedBy: tasks,
      description: 'Logs in to the database to migrate it',
    });
    this.executionRole = new Role(this, 'ExecutionRole', {
      roleName: props.roleNames.execution,
      assumedBy: tasks,
      description: 'Pulls the image of the migration and writes its log',
    });
    database.grantConnect(this.taskRole, MIGRATOR);
    logGroup.grantWrite(this.executionRole);
    const definition = this.definition(props, logGroup);

    const common = {
      ...props,
      concurrency: 1,
      memorySize: 256,
      timeout: Duration.minutes(1),
      environment: {},
    };
    const onEvent = new IsolatedFunction(this, 'Start', {
      ...common,
      functionName: `${prefix}-migration`,
      description: 'Starts the migration task of a deploy',
      handler: HANDLERS.onEvent,
    });
    const isComplete = new IsolatedFunction(this, 'Watch', {
      ...common,
      functionName: `${prefix}-migration-watch`,
      description: 'Tells how the migration task of a deploy ended',
      handler: HANDLERS.isComplete,
    });
    allow(onEvent.role, 'StartThisTask', ['ecs:RunTask'], [definition.taskDefinitionArn], {
      ArnEquals: { 'ecs:cluster': cluster.clusterArn },
    });
    allow(
      onEvent.role,
      'AsTheseRoles',
      ['iam:PassRole'],
      [this.taskRole.roleArn, this.executionRole.roleArn],
      {
        StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
      },
    );
    const { account, region } = Stack.of(this);
    const tasksOfCluster = `arn:aws:ecs:${region}:${account}:task/${props.clusterName}/*`;
    const streams = `arn:aws:logs:${region}:${account}:log-group:${props.logGroupName}:log-stream:${STREAM_PREFIX}/*`;
    allow(isComplete.role, 'SeeTasks', ['ecs:DescribeTasks'], [tasksOfCluster]);
    acknowledge(isComplete.role, {
      rules: [tasksOfCluster, streams].map((each) => `AwsSolutions-IAM5[Resource::${each}]`),
      reason: 'Each migration is a new task with a new log stream',
      owner: 'platform',
      until: '2027-11-30',
    });
    acknowledge(definition, VARIABLES_ARE_NO_SECRETS);
    allow(isComplete.role, 'LastLines', ['logs:GetLogEvents'], [streams]);

    this.resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::Migration',
      serviceToken: new ResourceProvider(this, 'Provider', {
        ...props,
        name: `${prefix}-migration-provider`,
        onEvent,
        waiting: { isComplete, every: Duration.seconds(10), atMost: Duration.minutes(55) },
      }).serviceToken,
      serviceTimeout: Duration.minutes(58),
      properties: {
        [PROPERTIES.cluster]: cluster.clusterArn,
        [PROPERTIES.taskDefinition]: definition.taskDefinitionArn,
        [PROPERTIES.container]: CONTAINER,
        [PROPERTIES.subnets]: vpc.selectSubnets(props.subnets).subnetIds,
        [PROPERTIES.securityGroups]: [props.taskSecurityGroup.securityGroupId],
        [PROPERTIES.logGroup]: logGroup.logGroupName,
        [PROPERTIES.logStreamPrefix]: STREAM_PREFIX,
        [PROPERTIES.database]: database.host,
      },
    });
    // Their policies are resources beside the roles: without them the task is started before it may do anything.
    for (const each of [onEvent, isComplete, this.taskRole, this.executionRole]) {
      this.resource.node.addDependency(each);
    }
  }

  private definition(props: MigrationTaskProps, logGroup: LogGroup): FargateTaskDefinition {
    const { database } = props;
    const definition = new FargateTaskDefinition(this, 'Task', {
      family: `${props.prefix}-migration`,
      cpu: 512,
      memoryLimitMiB: 1024,
      taskRole: this.taskRole,
      executionRole: this.executionRole,
    });
    const port = Tokenization.stringifyNumber(database.port);
    const container = definition.addContainer(CONTAINER, {
      containerName: CONTAINER,
      image: props.image,
      command: [...props.command],
      user: '1000',
      readonlyRootFilesystem: true,
      linuxParameters: new LinuxParameters(this, 'Linux', { initProcessEnabled: true }),
      // Its last lines are the reason of a failed deploy: none may be lost.
      logging: LogDrivers.awsLogs({ logGroup, streamPrefix: STREAM_PREFIX, mode: AwsLogDriverMode.BLOCKING }),
      environment: {
        [ENVIRONMENT.host]: database.host,
        [ENVIRONMENT.port]: port,
        [ENVIRONMENT.database]: database.name,
        [ENVIRONMENT.user]: MIGRATOR,
        [ENVIRONMENT.login]: 'iam',
        [ENVIRONMENT.caFile]: props.caFile,
        // Every client that is built on libpq reads these; only the password has to be made (docs/deploy.md).
        PGHOST: database.host,
        PGPORT: port,
        PGDATABASE: database.name,
        PGUSER: MIGRATOR,
        PGSSLMODE: 'verify-full',
        PGSSLROOTCERT: props.caFile,
        // What is created belongs to the owner, not to the login.
        PGOPTIONS: `-c role=${OWNER}`,
      },
    });
    definition.addVolume({ name: 'scratch' });
    container.addMountPoints({ sourceVolume: 'scratch', containerPath: '/tmp', readOnly: false });
    return definition;
  }
}

function allow(role: Role, sid: string, actions: string[], resources: string[], conditions = {}): void {
  role.addToPrincipalPolicy(new PolicyStatement({ sid, actions, resources, conditions }));
}
