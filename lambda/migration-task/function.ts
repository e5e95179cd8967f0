/** Runs the migration as one Fargate task, and fails the deploy unless its command ends with 0. */
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { ECSClient, Failure, Task } from '@aws-sdk/client-ecs';
import { shorten } from '../cloudformation/reason';
import { ATTRIBUTES, LAST_LINES, STARTED_BY } from './contract';
import { type Migration, parseMigration, parseRequest, type Request } from './request';

export interface Clients {
  readonly ecs: ECSClient;
  readonly logs: CloudWatchLogsClient;
}

/** The physical id never changes: a replacement would be a second migration, and a deletion after it. */
const PHYSICAL_ID = 'migration';

export function createFunction(clients: Clients) {
  return {
    /** Starts the task. Does not wait: a migration may take longer than a function may run. */
    async onEvent(event: unknown) {
      const request = parseRequest(event);
      if (request.RequestType === 'Delete')
        return { PhysicalResourceId: request.PhysicalResourceId ?? PHYSICAL_ID };
      const task = await start(clients, request, parseMigration(request));
      return { PhysicalResourceId: PHYSICAL_ID, Data: { [ATTRIBUTES.task]: task } };
    },

    /** Asked again every few seconds, until it says yes or fails. */
    async isComplete(event: unknown): Promise<{ IsComplete: boolean }> {
      const request = parseRequest(event);
      if (request.RequestType === 'Delete') return { IsComplete: true };
      const migration = parseMigration(request);
      const arn = request.Data?.[ATTRIBUTES.task];
      if (arn === undefined) throw new Error('no task was started, hence none can be complete');
      const task = await describe(clients, migration, arn);
      if (task.lastStatus !== 'STOPPED') return { IsComplete: false };
      const code = task.containers?.find(({ name }) => name === migration.container)?.exitCode;
      if (code === 0) return { IsComplete: true };
      throw new Error(await reasonOf(clients, migration, task, code));
    },
  };
}

async function start({ ecs }: Clients, request: Request, migration: Migration): Promise<string> {
  const { RunTaskCommand } = await import('@aws-sdk/client-ecs');
  const { tasks, failures } = await ecs.send(
    new RunTaskCommand({
      cluster: migration.cluster,
      taskDefinition: migration.taskDefinition,
      launchType: 'FARGATE',
      count: 1,
      // CloudFormation may call twice for one request: the second call gets the first one's task.
      clientToken: request.RequestId.slice(0, 64),
      startedBy: STARTED_BY,
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: [...migration.subnets],
          securityGroups: [...migration.securityGroups],
          assignPublicIp: 'DISABLED',
        },
      },
    }),
  );
  const arn = tasks?.[0]?.taskArn;
  if (arn === undefined) throw new Error(`the migration task did not start: ${told(failures)}`);
  return arn;
}

async function describe({ ecs }: Clients, { cluster }: Migration, arn: string): Promise<Task> {
  const { DescribeTasksCommand } = await import('@aws-sdk/client-ecs');
  const { tasks, failures } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [arn] }));
  const task = tasks?.[0];
  // A stopped task can be asked about for an hour; one that is not known any more has an end that nobody knows.
  if (task === undefined) throw new Error(`the migration task ${idOf(arn)} is gone: ${told(failures)}`);
  return task;
}

function told(failures: readonly Failure[] | undefined): string {
  const each = (failures ?? []).map(({ reason, detail }) => [reason, detail].filter(Boolean).join(', '));
  return each.join('; ') || 'Amazon ECS gave no reason';
}

async function reasonOf(
  clients: Clients,
  migration: Migration,
  task: Task,
  code: number | undefined,
): Promise<string> {
  const id = idOf(task.taskArn ?? '');
  const ended =
    code === undefined
      ? `never ran: ${task.stoppedReason ?? 'Amazon ECS gave no reason'}`
      : `ended with ${code}`;
  const stream = `${migration.logStreamPrefix}/${migration.container}/${id}`;
  const title = `the migration ${ended}; its log is ${migration.logGroup}, stream ${stream}`;
  return shorten(title, await lastLines(clients, migration.logGroup, stream));
}

/** Never throws: the exit code is the news, and must arrive without the log too. */
async function lastLines({ logs }: Clients, logGroupName: string, logStreamName: string): Promise<string[]> {
  try {
    const { GetLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    const { events } = await logs.send(
      new GetLogEventsCommand({ logGroupName, logStreamName, limit: LAST_LINES, startFromHead: false }),
    );
    const lines = (events ?? []).flatMap(({ message }) => (message ? [message] : []));
    return lines.length > 0 ? lines : ['(the log is empty)'];
  } catch (error) {
    return [`(the log could not be read: ${(error as Error).message})`];
  }
}

function idOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
