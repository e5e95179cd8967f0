/** Tasks of ECS: they are not in templates, but services and task definitions are. */
import type { Estate, Target } from '../estate/estate';
import { items, record, text } from '../estate/properties';
import { isCalled, ofType } from './ways';

export interface Service {
  readonly service: Target;
  readonly cluster: Target | undefined;
  readonly clusterArn: string;
  readonly taskDefinition: Target | undefined;
  /** One that could be running. */
  readonly taskArn: string;
  readonly containers: readonly string[];
}

/** Of a task that could be running. */
const TASK_ID = '0123456789abcdef0123456789abcdef';

export function servicesOf(estate: Estate): Service[] {
  const clusters = ofType(estate, 'AWS::ECS::Cluster');
  const definitions = ofType(estate, 'AWS::ECS::TaskDefinition');
  return ofType(estate, 'AWS::ECS::Service').map((service) => {
    const named = text(service.properties.Cluster) ?? 'default';
    const cluster = clusters.find((each) => isCalled(each, named, service));
    const clusterName = cluster?.name ?? named.split('/').at(-1) ?? named;
    const prefix = `arn:${service.stack.partition}:ecs:${service.region}:${service.account}`;
    const taskDefinition = definitions.find((each) =>
      isCalled(each, text(service.properties.TaskDefinition), service),
    );
    return {
      service,
      cluster,
      clusterArn: `${prefix}:cluster/${clusterName}`,
      taskDefinition,
      taskArn: `${prefix}:task/${clusterName}/${TASK_ID}`,
      containers: taskDefinition ? containersOf(taskDefinition) : [],
    };
  });
}

export function containersOf({ properties }: Target): string[] {
  return items(properties.ContainerDefinitions).flatMap((each) => text(record(each).Name) ?? []);
}

export function imagesOf({ properties }: Target): string[] {
  return items(properties.ContainerDefinitions).flatMap((each) => text(record(each).Image) ?? []);
}
