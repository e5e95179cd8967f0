/**
 * What makes each condition false: one change of good facts, and the conditions that fail because of it. `passes`: it may
 * come right by itself, so that `open` waits; all others refuse at once.
 */
export interface Case {
  readonly id: string;
  readonly what: string;
  /** Path into the facts, and the value there; undefined takes it away. */
  readonly change: readonly (readonly [path: string, value: unknown])[];
  readonly also?: readonly string[];
  readonly passes?: true;
}

const OTHER = 'arn:aws:ecs:eu-central-1:111122223333';
const rolling = [
  { id: 'ecs-svc/2', status: 'PRIMARY', rolloutState: 'IN_PROGRESS' },
  { id: 'ecs-svc/1', status: 'ACTIVE', rolloutState: 'COMPLETED' },
];
const log = 'cluster.configuration.executeCommandConfiguration';
const container = 'tasks.0.containers.0';

export const CASES: readonly Case[] = [
  { id: 'plugin-present', what: 'no plugin', change: [['plugin', { kind: 'absent' }]] },
  { id: 'plugin-runs', what: 'a plugin that fails', change: [['plugin', { kind: 'broken', problem: 'x' }]] },
  { id: 'cluster-active', what: 'no cluster', change: [['cluster', undefined]], also: ['transcripts-kept'] },
  { id: 'cluster-active', what: 'inactive', change: [['cluster.status', 'INACTIVE']] },
  { id: 'cluster-active', what: 'no status', change: [['cluster.status', undefined]] },
  { id: 'transcripts-kept', what: 'no configuration', change: [['cluster.configuration', undefined]] },
  { id: 'transcripts-kept', what: 'default logging', change: [[`${log}.logging`, 'DEFAULT']] },
  { id: 'transcripts-kept', what: 'no logging', change: [[`${log}.logging`, 'NONE']] },
  { id: 'transcripts-kept', what: 'nowhere', change: [[`${log}.logConfiguration`, {}]] },
  {
    id: 'transcripts-kept',
    what: 'a plain log group',
    change: [[`${log}.logConfiguration.cloudWatchEncryptionEnabled`, false]],
  },
  {
    id: 'transcripts-kept',
    what: 'a plain bucket',
    change: [[`${log}.logConfiguration.s3EncryptionEnabled`, undefined]],
  },
  { id: 'transcripts-kept', what: 'no key', change: [[`${log}.kmsKeyId`, undefined]] },
  {
    id: 'service-exists',
    what: 'no service',
    change: [
      ['service', undefined],
      ['definition', undefined],
      ['tasks', []],
    ],
    also: [
      'service-active',
      'service-wanted',
      'service-running',
      'rollout-completed',
      'service-enterable',
      'definition-own',
      'task-role',
      'execution-role',
      'image-pinned',
      'task-there',
    ],
  },
  {
    id: 'service-exists',
    what: 'one of another cluster',
    change: [['service.serviceArn', `${OTHER}:service/tz-test-main/support-shell`]],
  },
  { id: 'service-exists', what: 'no ARN', change: [['service.serviceArn', undefined]] },
  { id: 'service-active', what: 'draining', change: [['service.status', 'DRAINING']] },
  { id: 'service-active', what: 'inactive', change: [['service.status', 'INACTIVE']] },
  { id: 'service-active', what: 'no status', change: [['service.status', undefined]] },
  {
    id: 'service-wanted',
    what: 'none wanted, none running',
    change: [
      ['service.desiredCount', 0],
      ['service.runningCount', 0],
    ],
    also: ['service-running'],
  },
  {
    id: 'service-wanted',
    what: 'no count',
    change: [['service.desiredCount', undefined]],
    also: ['service-running'],
  },
  { id: 'service-running', what: 'none runs', change: [['service.runningCount', 0]] },
  { id: 'service-running', what: 'fewer run', change: [['service.desiredCount', 2]] },
  { id: 'service-running', what: 'more run', change: [['service.runningCount', 2]] },
  { id: 'service-running', what: 'no count', change: [['service.runningCount', undefined]] },
  {
    id: 'service-running',
    what: 'one is about to',
    change: [
      ['service.runningCount', 0],
      ['service.pendingCount', 1],
    ],
    passes: true,
  },
  {
    id: 'rollout-completed',
    what: 'no deployment',
    change: [['service.deployments', []]],
    also: ['task-launched-by-service'],
  },
  {
    id: 'rollout-completed',
    what: 'unknown deployments',
    change: [['service.deployments', undefined]],
    also: ['task-launched-by-service'],
  },
  {
    id: 'rollout-completed',
    what: 'a failed one',
    change: [['service.deployments.0.rolloutState', 'FAILED']],
  },
  { id: 'rollout-completed', what: 'no state', change: [['service.deployments.0.rolloutState', undefined]] },
  { id: 'rollout-completed', what: 'not primary', change: [['service.deployments.0.status', 'ACTIVE']] },
  {
    id: 'rollout-completed',
    what: 'two that are complete',
    change: [
      [
        'service.deployments',
        [
          { id: 'ecs-svc/1', status: 'PRIMARY', rolloutState: 'COMPLETED' },
          { id: 'ecs-svc/0', status: 'ACTIVE', rolloutState: 'COMPLETED' },
        ],
      ],
    ],
  },
  {
    id: 'rollout-completed',
    what: 'one under way',
    change: [['service.deployments', rolling]],
    passes: true,
  },
  { id: 'service-enterable', what: 'ECS Exec off', change: [['service.enableExecuteCommand', false]] },
  { id: 'service-enterable', what: 'unknown', change: [['service.enableExecuteCommand', undefined]] },
  { id: 'definition-own', what: 'another family', change: [['definition.family', 'tz-test-main-backend']] },
  {
    id: 'definition-own',
    what: 'a family that begins so',
    change: [
      ['definition.taskDefinitionArn', `${OTHER}:task-definition/tz-test-support-2:7`],
      ['service.taskDefinition', `${OTHER}:task-definition/tz-test-support-2:7`],
      ['tasks.0.taskDefinitionArn', `${OTHER}:task-definition/tz-test-support-2:7`],
    ],
  },
  {
    id: 'definition-own',
    what: 'of another account',
    change: [
      [
        'definition.taskDefinitionArn',
        'arn:aws:ecs:eu-central-1:999999999999:task-definition/tz-test-support:7',
      ],
    ],
  },
  {
    id: 'definition-own',
    what: 'another revision than the service runs',
    change: [['definition.taskDefinitionArn', `${OTHER}:task-definition/tz-test-support:8`]],
  },
  { id: 'definition-own', what: 'inactive', change: [['definition.status', 'INACTIVE']] },
  { id: 'definition-own', what: 'no status', change: [['definition.status', undefined]] },
  { id: 'definition-own', what: 'no family', change: [['definition.family', undefined]] },
  {
    id: 'task-role',
    what: "the backend's",
    change: [['definition.taskRoleArn', 'arn:aws:iam::111122223333:role/tz-test-backend-task']],
  },
  {
    id: 'task-role',
    what: 'one that begins so',
    change: [['definition.taskRoleArn', 'arn:aws:iam::111122223333:role/tz-test-support-shell-task2']],
  },
  { id: 'task-role', what: 'none', change: [['definition.taskRoleArn', undefined]] },
  {
    id: 'execution-role',
    what: 'another',
    change: [['definition.executionRoleArn', 'arn:aws:iam::111122223333:role/ecsTaskExecutionRole']],
  },
  { id: 'execution-role', what: 'none', change: [['definition.executionRoleArn', undefined]] },
  {
    id: 'image-pinned',
    what: 'a tag',
    change: [['definition.containerDefinitions.0.image', 'registry.example.com/app:latest']],
    also: ['image-current'],
  },
  {
    id: 'image-pinned',
    what: 'no image',
    change: [['definition.containerDefinitions.0.image', undefined]],
    also: ['image-current'],
  },
  {
    id: 'image-pinned',
    what: 'no such container',
    change: [['definition.containerDefinitions', []]],
    also: ['image-current'],
  },
  { id: 'task-there', what: 'no task', change: [['tasks', []]] },
  {
    id: 'task-place',
    what: 'another cluster',
    change: [['tasks.0.clusterArn', `${OTHER}:cluster/tz-test-main`]],
  },
  { id: 'task-place', what: 'no cluster', change: [['tasks.0.clusterArn', undefined]] },
  {
    id: 'task-place',
    what: "a task's ARN in a cluster that begins so",
    change: [['tasks.0.taskArn', `${OTHER}:task/tz-test-support-2/0123456789abcdef0123456789abcdef`]],
  },
  {
    id: 'task-place',
    what: 'another account',
    change: [
      [
        'tasks.0.taskArn',
        'arn:aws:ecs:eu-central-1:999999999999:task/tz-test-support/0123456789abcdef0123456789abcdef',
      ],
    ],
  },
  {
    id: 'task-place',
    what: 'another region',
    change: [
      [
        'tasks.0.taskArn',
        'arn:aws:ecs:us-east-1:111122223333:task/tz-test-support/0123456789abcdef0123456789abcdef',
      ],
    ],
  },
  { id: 'task-place', what: 'no ARN', change: [['tasks.0.taskArn', undefined]] },
  { id: 'task-running', what: 'stopping', change: [['tasks.0.lastStatus', 'STOPPING']] },
  { id: 'task-running', what: 'no status', change: [['tasks.0.lastStatus', undefined]] },
  { id: 'task-running', what: 'pending', change: [['tasks.0.lastStatus', 'PENDING']], passes: true },
  {
    id: 'task-current',
    what: 'an older definition',
    change: [['tasks.0.taskDefinitionArn', `${OTHER}:task-definition/tz-test-support:6`]],
  },
  { id: 'task-current', what: 'no definition', change: [['tasks.0.taskDefinitionArn', undefined]] },
  {
    id: 'task-current',
    what: 'an older definition, in a deploy',
    change: [
      ['tasks.0.taskDefinitionArn', `${OTHER}:task-definition/tz-test-support:6`],
      ['service.deployments', rolling],
    ],
    also: ['rollout-completed'],
    passes: true,
  },
  { id: 'task-launched-by-service', what: 'started by hand', change: [['tasks.0.startedBy', 'somebody']] },
  {
    id: 'task-launched-by-service',
    what: 'started by a deployment that is over',
    change: [['tasks.0.startedBy', 'ecs-svc/0']],
  },
  {
    id: 'task-launched-by-service',
    what: 'started by the deployment before, in a deploy',
    change: [
      ['tasks.0.startedBy', 'ecs-svc/0'],
      ['service.deployments', rolling],
    ],
    also: ['rollout-completed'],
    passes: true,
  },
  { id: 'task-launched-by-service', what: 'nobody said', change: [['tasks.0.startedBy', undefined]] },
  {
    id: 'task-launched-by-service',
    what: 'another group',
    change: [['tasks.0.group', 'family:tz-test-support']],
  },
  { id: 'task-launched-by-service', what: 'no group', change: [['tasks.0.group', undefined]] },
  {
    id: 'no-overrides',
    what: 'a command',
    change: [['tasks.0.overrides.containerOverrides.0.command', ['sh']]],
  },
  {
    id: 'no-overrides',
    what: 'a variable',
    change: [
      [
        'tasks.0.overrides.containerOverrides.0.environment',
        [{ name: 'TZ_DATABASE_USER', value: 'app_backend' }],
      ],
    ],
  },
  {
    id: 'no-overrides',
    what: 'a file of variables',
    change: [['tasks.0.overrides.containerOverrides.0.environmentFiles', [{ value: 'x', type: 's3' }]]],
  },
  { id: 'no-overrides', what: 'a size', change: [['tasks.0.overrides.containerOverrides.0.cpu', 0]] },
  {
    id: 'no-overrides',
    what: 'of another container',
    change: [['tasks.0.overrides.containerOverrides', [{ name: 'other', memory: 1 }]]],
  },
  {
    id: 'no-overrides',
    what: 'a task role',
    change: [['tasks.0.overrides.taskRoleArn', 'arn:aws:iam::111122223333:role/admin']],
  },
  { id: 'no-overrides', what: 'an execution role', change: [['tasks.0.overrides.executionRoleArn', 'x']] },
  {
    id: 'no-overrides',
    what: 'storage',
    change: [['tasks.0.overrides.ephemeralStorage', { sizeInGiB: 30 }]],
  },
  { id: 'no-overrides', what: 'something that is new to us', change: [['tasks.0.overrides.future', 'x']] },
  { id: 'task-enterable', what: 'ECS Exec off', change: [['tasks.0.enableExecuteCommand', false]] },
  { id: 'task-enterable', what: 'unknown', change: [['tasks.0.enableExecuteCommand', undefined]] },
  {
    id: 'container-running',
    what: 'another container',
    change: [[`${container}.name`, 'sidecar']],
    also: ['container-reachable', 'image-current', 'agent-running'],
  },
  {
    id: 'container-running',
    what: 'no containers',
    change: [['tasks.0.containers', undefined]],
    also: ['container-reachable', 'image-current', 'agent-running'],
  },
  { id: 'container-running', what: 'stopped', change: [[`${container}.lastStatus`, 'STOPPED']] },
  { id: 'container-running', what: 'no status', change: [[`${container}.lastStatus`, undefined]] },
  {
    id: 'container-running',
    what: 'pending',
    change: [[`${container}.lastStatus`, 'PENDING']],
    passes: true,
  },
  { id: 'container-reachable', what: 'no runtime id', change: [[`${container}.runtimeId`, undefined]] },
  { id: 'container-reachable', what: 'a strange one', change: [[`${container}.runtimeId`, 'a b"']] },
  {
    id: 'image-current',
    what: 'another image',
    change: [[`${container}.imageDigest`, `sha256:${'cd'.repeat(32)}`]],
  },
  { id: 'image-current', what: 'no digest', change: [[`${container}.imageDigest`, undefined]] },
  { id: 'agent-running', what: 'stopped', change: [[`${container}.managedAgents.0.lastStatus`, 'STOPPED']] },
  {
    id: 'agent-running',
    what: 'no status',
    change: [[`${container}.managedAgents.0.lastStatus`, undefined]],
  },
  { id: 'agent-running', what: 'another agent', change: [[`${container}.managedAgents.0.name`, 'Other']] },
  { id: 'agent-running', what: 'no agents', change: [[`${container}.managedAgents`, undefined]] },
  {
    id: 'agent-running',
    what: 'pending',
    change: [[`${container}.managedAgents.0.lastStatus`, 'PENDING']],
    passes: true,
  },
];
