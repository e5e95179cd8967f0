/** ECS, of clusters that the caller describes as data: tests change it to show each way in which a service is not ready. */
import { randomUUID } from 'node:crypto';
import type { Service as EcsService, Task, TaskDefinition } from '@aws-sdk/client-ecs';
import { z } from 'zod';
import { AwsError } from './errors';
import { jsonService, operation } from './json-protocol';
import type { Service } from './service';

export interface EcsCluster {
  readonly clusterArn: string;
  readonly services: readonly EcsService[];
  readonly tasks: readonly Task[];
}

export interface EcsState {
  readonly clusters: readonly EcsCluster[];
  /** Of all clusters; those that are known by family are asked for in the latest revision. */
  readonly taskDefinitions: readonly TaskDefinition[];
}

export interface EcsOptions {
  readonly region: string;
  readonly account: string;
  /** Asked at every call. */
  state(): EcsState;
}

const text = z.string().min(1);
const DEFAULT_CLUSTER = 'default';

export function ecs({ region, account, state }: EcsOptions): Service {
  const arn = (rest: string) => `arn:aws:ecs:${region}:${account}:${rest}`;
  const clusterArn = (cluster = DEFAULT_CLUSTER) =>
    cluster.startsWith('arn:') ? cluster : arn(`cluster/${cluster}`);
  const inCluster = (kind: 'service' | 'task', cluster: string | undefined, given: string) =>
    given.startsWith('arn:') ? given : arn(`${kind}/${clusterArn(cluster).split('/').at(-1)}/${given}`);
  const find = (cluster: string | undefined): EcsCluster => {
    const found = state().clusters.find((each) => each.clusterArn === clusterArn(cluster));
    if (found) return found;
    throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
  };
  const cluster = text.optional();
  const missing = (wanted: readonly string[], found: readonly (string | undefined)[]) =>
    wanted.filter((each) => !found.includes(each)).map((each) => ({ arn: each, reason: 'MISSING' }));

  return jsonService({
    target: 'AmazonEC2ContainerServiceV20141113',
    invalid: 'InvalidParameterException',
    operations: {
      ListTasks: operation({
        input: z.strictObject({
          cluster,
          serviceName: text.optional(),
          family: text.optional(),
          desiredStatus: z.enum(['RUNNING', 'PENDING', 'STOPPED']).default('RUNNING'),
          launchType: text.optional(),
          maxResults: z.int().min(1).max(100).optional(),
        }),
        needs: (input) => [{ action: 'ecs:ListTasks', resource: clusterArn(input.cluster) }],
        answer(input) {
          const { serviceName, family, desiredStatus, launchType } = input;
          const service = serviceName?.split('/').at(-1);
          const tasks = find(input.cluster).tasks.filter(
            (task) =>
              (service === undefined || task.group === `service:${service}`) &&
              (family === undefined || familyOf(task.taskDefinitionArn) === family) &&
              (launchType === undefined || task.launchType === launchType) &&
              (task.desiredStatus ?? 'RUNNING') === desiredStatus,
          );
          return { taskArns: tasks.map(({ taskArn }) => taskArn) };
        },
      }),
      DescribeTasks: operation({
        input: z.strictObject({
          cluster,
          tasks: z.array(text).min(1).max(100),
          include: z.array(text).optional(),
        }),
        needs: (input) =>
          input.tasks.map((task) => ({
            action: 'ecs:DescribeTasks',
            resource: inCluster('task', input.cluster, task),
          })),
        answer(input) {
          const wanted = input.tasks.map((task) => inCluster('task', input.cluster, task));
          const tasks = find(input.cluster).tasks.filter(({ taskArn }) => wanted.includes(taskArn ?? ''));
          return {
            tasks,
            failures: missing(
              wanted,
              tasks.map(({ taskArn }) => taskArn),
            ),
          };
        },
      }),
      DescribeServices: operation({
        input: z.strictObject({
          cluster,
          services: z.array(text).min(1).max(10),
          include: z.array(text).optional(),
        }),
        needs: (input) =>
          input.services.map((service) => ({
            action: 'ecs:DescribeServices',
            resource: inCluster('service', input.cluster, service),
          })),
        answer(input) {
          const wanted = input.services.map((service) => inCluster('service', input.cluster, service));
          const services = find(input.cluster).services.filter(({ serviceArn }) =>
            wanted.includes(serviceArn ?? ''),
          );
          return {
            services,
            failures: missing(
              wanted,
              services.map(({ serviceArn }) => serviceArn),
            ),
          };
        },
      }),
      DescribeTaskDefinition: operation({
        input: z.strictObject({ taskDefinition: text, include: z.array(text).optional() }),
        // Knows no resources, in AWS either.
        needs: () => [{ action: 'ecs:DescribeTaskDefinition', resource: '*' }],
        answer({ taskDefinition: wanted }) {
          const found = state()
            .taskDefinitions.filter(
              ({ taskDefinitionArn, family, revision }) =>
                taskDefinitionArn === wanted || family === wanted || `${family}:${revision}` === wanted,
            )
            .sort((a, b) => (b.revision ?? 0) - (a.revision ?? 0))[0];
          if (found) return { taskDefinition: found, tags: [] };
          throw new AwsError('ClientException', 'Unable to describe task definition.');
        },
      }),
      ExecuteCommand: operation({
        input: z.strictObject({
          cluster,
          task: text,
          container: text.optional(),
          command: text,
          interactive: z.literal(true),
        }),
        needs: (input) => [
          { action: 'ecs:ExecuteCommand', resource: clusterArn(input.cluster) },
          { action: 'ecs:ExecuteCommand', resource: inCluster('task', input.cluster, input.task) },
        ],
        answer(input) {
          const taskArn = inCluster('task', input.cluster, input.task);
          const task = find(input.cluster).tasks.find((each) => each.taskArn === taskArn);
          const container = containerOf(task, input.container);
          const sessionId = `ecs-execute-command-${randomUUID().replaceAll('-', '').slice(0, 17)}`;
          return {
            clusterArn: clusterArn(input.cluster),
            taskArn,
            containerArn: container.containerArn,
            containerName: container.name,
            interactive: true,
            session: {
              sessionId,
              streamUrl: `wss://ssmmessages.${region}.amazonaws.com/v1/data-channel/${sessionId}?role=publish_subscribe`,
              tokenValue: `token-of-${sessionId}`,
            },
          };
        },
      }),
    },
  });
}

/** As ECS Exec refuses. */
function containerOf(task: Task | undefined, name: string | undefined) {
  const refuse = (code: string, message: string): never => {
    throw new AwsError(code, message);
  };
  if (!task) return refuse('InvalidParameterException', 'The specified task was not found.');
  if (!task.enableExecuteCommand) {
    const why = 'The execute command failed because execute command was not enabled when the task was run';
    return refuse('InvalidParameterException', why);
  }
  if (name === undefined && task.containers?.length !== 1) {
    return refuse('InvalidParameterException', 'A container name is needed.');
  }
  const container = task.containers?.find((each) => name === undefined || each.name === name);
  if (!container) return refuse('InvalidParameterException', `The container ${name} was not found.`);
  const agent = container.managedAgents?.find((each) => each.name === 'ExecuteCommandAgent');
  if (task.lastStatus !== 'RUNNING' || agent?.lastStatus !== 'RUNNING') {
    const why = 'the task is not running, or the agent in its container is not';
    return refuse(
      'TargetNotConnectedException',
      `The execute command failed due to an internal error: ${why}`,
    );
  }
  return container;
}

/** `arn:...:task-definition/<family>:<revision>` */
function familyOf(taskDefinitionArn = ''): string | undefined {
  return /task-definition\/([^:]+):\d+$/.exec(taskDefinitionArn)?.[1];
}
