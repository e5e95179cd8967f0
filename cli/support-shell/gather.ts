/** Asks ECS for the facts. Reads only; what it cannot read is an error, never a guess. */
import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import type { Expected } from './expected';
import type { Facts } from './facts';
import type { Plugin } from './plugin';

export async function gatherFacts(ecs: ECSClient, expected: Expected, plugin: Plugin): Promise<Facts> {
  const [cluster, service] = await Promise.all([clusterOf(ecs, expected), serviceOf(ecs, expected)]);
  const [definition, tasks] = await Promise.all([
    service?.taskDefinition ? definitionOf(ecs, service.taskDefinition) : undefined,
    service ? tasksOf(ecs, expected) : [],
  ]);
  return { expected, plugin, cluster, service, definition, tasks };
}

async function clusterOf(ecs: ECSClient, { cluster }: Expected) {
  const { clusters = [] } = await ecs.send(
    new DescribeClustersCommand({ clusters: [cluster.arn], include: ['CONFIGURATIONS'] }),
  );
  return clusters.find(({ clusterArn }) => clusterArn === cluster.arn);
}

async function serviceOf(ecs: ECSClient, { cluster, service }: Expected) {
  try {
    const { services = [] } = await ecs.send(
      new DescribeServicesCommand({ cluster: cluster.arn, services: [service] }),
    );
    return services.find(({ serviceName }) => serviceName === service);
  } catch (error) {
    if ((error as Error).name === 'ClusterNotFoundException') return undefined;
    throw error;
  }
}

async function definitionOf(ecs: ECSClient, taskDefinition: string) {
  const answer = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  return answer.taskDefinition;
}

async function tasksOf(ecs: ECSClient, { cluster, service }: Expected) {
  // All of them: the service has one or two, and one that is not as it should be must not hide behind a page.
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await ecs.send(
      new ListTasksCommand({
        cluster: cluster.arn,
        serviceName: service,
        desiredStatus: 'RUNNING',
        nextToken,
      }),
    );
    arns.push(...(page.taskArns ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  if (arns.length === 0) return [];
  const { tasks = [] } = await ecs.send(
    new DescribeTasksCommand({ cluster: cluster.arn, tasks: arns.slice(0, 100) }),
  );
  return tasks;
}
