/** What is known about a shell before it is opened: as AWS and this machine answered, nothing concluded from it yet. */
import type { Cluster, Service as EcsService, Task, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Expected } from './expected';
import type { Plugin } from './plugin';

export interface Facts {
  readonly expected: Expected;
  readonly plugin: Plugin;
  /** Undefined: there is none of that name. */
  readonly cluster: Cluster | undefined;
  readonly service: EcsService | undefined;
  /** Of the service's current revision. */
  readonly definition: TaskDefinition | undefined;
  /** Those that ECS lists for the service, wanted to run. */
  readonly tasks: readonly Task[];
}
