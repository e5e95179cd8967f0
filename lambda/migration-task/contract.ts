/** Names that the migration function and the stack that deploys it agree on. Nothing of ours is imported here. */

/** Properties of the custom resource. A change of any of them runs the migration. */
export const PROPERTIES = {
  cluster: 'Cluster',
  taskDefinition: 'TaskDefinition',
  /** The container whose exit code counts. */
  container: 'Container',
  subnets: 'Subnets',
  securityGroups: 'SecurityGroups',
  logGroup: 'LogGroup',
  logStreamPrefix: 'LogStreamPrefix',
  /** What is migrated: a database restored from a backup has another endpoint, and is migrated again. */
  database: 'Database',
} as const;

export const HANDLERS = { onEvent: 'index.onEvent', isComplete: 'index.isComplete' } as const;

/** What `onEvent` hands to `isComplete`. */
export const ATTRIBUTES = { task: 'TaskArn' } as const;

/** Who started a task: so that a request that CloudFormation repeats finds its own. */
export const STARTED_BY = 'tenant-zero-migration';

/** Lines of the log that the reason of a failure ends with. */
export const LAST_LINES = 20;
