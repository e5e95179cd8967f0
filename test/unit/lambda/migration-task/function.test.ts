/** The migration of a deploy, against endpoints of our own with the real SDK. */
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { createFunction } from '../../../../lambda/migration-task/function';
import { type Answers, AwsError, awsEndpoint, type Endpoint } from '../../../support/aws-endpoint';

const TASK = 'arn:aws:ecs:eu-central-1:111111111111:task/tz-dev-migration/0123456789abcdef';

const EVENT = {
  RequestType: 'Create',
  RequestId: '6ad3ef0a-0000-4000-8000-000000000001',
  ResourceProperties: {
    ServiceToken: 'arn',
    Cluster: 'arn:aws:ecs:eu-central-1:111111111111:cluster/tz-dev-migration',
    TaskDefinition: 'arn:aws:ecs:eu-central-1:111111111111:task-definition/tz-dev-migration:7',
    Container: 'migration',
    Subnets: ['subnet-1', 'subnet-2'],
    SecurityGroups: ['sg-1'],
    LogGroup: '/tz-dev/migration',
    LogStreamPrefix: 'run',
    Database: 'db.example',
  },
};

const stopped = (containers: object[], rest: object = {}) => ({
  DescribeTasks: () => ({ tasks: [{ taskArn: TASK, lastStatus: 'STOPPED', containers, ...rest }] }),
});

let endpoint: Endpoint | undefined;

async function functionWith(answers: Answers) {
  endpoint = await awsEndpoint(answers);
  return createFunction({
    ecs: new ECSClient(endpoint.client),
    logs: new CloudWatchLogsClient(endpoint.client),
  });
}

afterEach(() => endpoint?.close());

const started = { ...EVENT, PhysicalResourceId: 'migration', Data: { TaskArn: TASK } };

test('starts one task, which a repeated request finds again', async () => {
  const { onEvent } = await functionWith({ RunTask: () => ({ tasks: [{ taskArn: TASK }], failures: [] }) });
  expect(await onEvent(EVENT)).toEqual({ PhysicalResourceId: 'migration', Data: { TaskArn: TASK } });
  expect(endpoint?.calls).toMatchObject([
    {
      operation: 'RunTask',
      input: {
        clientToken: EVENT.RequestId,
        launchType: 'FARGATE',
        count: 1,
        taskDefinition: EVENT.ResourceProperties.TaskDefinition,
        networkConfiguration: {
          awsvpcConfiguration: { assignPublicIp: 'DISABLED', subnets: ['subnet-1', 'subnet-2'] },
        },
      },
    },
  ]);
});

test('never overrides anything of the task definition', async () => {
  const { onEvent } = await functionWith({ RunTask: () => ({ tasks: [{ taskArn: TASK }] }) });
  await onEvent(EVENT);
  expect(endpoint?.calls[0]?.input).not.toHaveProperty('overrides');
});

test('a task that does not start fails the deploy with the reason of Amazon ECS', async () => {
  const { onEvent } = await functionWith({
    RunTask: () => ({ tasks: [], failures: [{ reason: 'RESOURCE:FARGATE', detail: 'capacity' }] }),
  });
  await expect(onEvent(EVENT)).rejects.toThrow('did not start: RESOURCE:FARGATE, capacity');
});

test('a deletion migrates nothing', async () => {
  const { onEvent, isComplete } = await functionWith({});
  const event = { ...EVENT, RequestType: 'Delete', PhysicalResourceId: 'migration' };
  expect(await onEvent(event)).toEqual({ PhysicalResourceId: 'migration' });
  expect(await isComplete(event)).toEqual({ IsComplete: true });
  expect(endpoint?.calls).toEqual([]);
});

test('is not complete while the task runs', async () => {
  const { isComplete } = await functionWith({
    DescribeTasks: () => ({ tasks: [{ taskArn: TASK, lastStatus: 'RUNNING' }] }),
  });
  expect(await isComplete(started)).toEqual({ IsComplete: false });
});

test('exit code 0 is the only good end', async () => {
  const { isComplete } = await functionWith(stopped([{ name: 'migration', exitCode: 0 }]));
  expect(await isComplete(started)).toEqual({ IsComplete: true });
});

test('another exit code fails the deploy with the last lines of the log', async () => {
  const { isComplete } = await functionWith({
    ...stopped([{ name: 'migration', exitCode: 3 }]),
    GetLogEvents: () => ({ events: [{ message: 'migrating 0042' }, { message: 'relation "x" exists' }] }),
  });
  await expect(isComplete(started)).rejects.toThrow(
    /ended with 3; its log is \/tz-dev\/migration, stream run\/migration\/0123456789abcdef\nmigrating 0042\nrelation "x" exists/,
  );
  expect(endpoint?.calls.at(-1)?.input).toMatchObject({ limit: 20, startFromHead: false });
});

test.each<[string, Answers, RegExp]>([
  [
    'a task whose image could not be pulled',
    {
      ...stopped([{ name: 'migration' }], { stoppedReason: 'CannotPullContainerError' }),
      GetLogEvents: () => ({ events: [] }),
    },
    /never ran: CannotPullContainerError(.|\n)*the log is empty/,
  ],
  [
    'the exit code of another container',
    { ...stopped([{ name: 'sidecar', exitCode: 0 }]), GetLogEvents: () => ({ events: [] }) },
    /never ran/,
  ],
  [
    'a log that cannot be read',
    {
      ...stopped([{ name: 'migration', exitCode: 1 }]),
      GetLogEvents: () => {
        throw new AwsError('AccessDeniedException', 'not you');
      },
    },
    /ended with 1(.|\n)*could not be read: not you/,
  ],
  [
    'a task that is not known any more',
    { DescribeTasks: () => ({ tasks: [], failures: [{ reason: 'MISSING' }] }) },
    /is gone: MISSING/,
  ],
])('%s fails the deploy', async (...[, answers, reason]) => {
  const { isComplete } = await functionWith(answers);
  await expect(isComplete(started)).rejects.toThrow(reason);
});

test('a reason fits into what CloudFormation takes', async () => {
  const { isComplete } = await functionWith({
    ...stopped([{ name: 'migration', exitCode: 1 }]),
    GetLogEvents: () => ({ events: Array.from({ length: 20 }, () => ({ message: 'ü'.repeat(1000) })) }),
  });
  const error = await isComplete(started).catch((thrown: Error) => thrown);
  expect(Buffer.byteLength(JSON.stringify((error as Error).message))).toBeLessThan(2800);
});

test('without a task nothing is ever complete', async () => {
  const { isComplete } = await functionWith({});
  await expect(isComplete(EVENT)).rejects.toThrow('no task was started');
});

test('a resource without its properties is refused before anything is started', async () => {
  const { onEvent } = await functionWith({});
  await expect(onEvent({ ...EVENT, ResourceProperties: { Cluster: 'c' } })).rejects.toThrow(
    /the resource is wrong: TaskDefinition: .*; Container: /,
  );
  expect(endpoint?.calls).toEqual([]);
});
