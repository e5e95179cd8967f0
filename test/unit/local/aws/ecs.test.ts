/** ECS over state that the test gives: what is described, what is missing, and when no command is executed. */
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ExecuteCommandCommand,
  ListTasksCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { ecs } from '../../../../local/aws';
import { failing, PLACE, type World, world } from './world';

const arn = (rest: string) => `arn:aws:ecs:eu-central-1:000000000000:${rest}`;
const cluster = 'tz-local-support';
const taskArn = arn(`task/${cluster}/0123456789abcdef`);
const started = new Date('2026-11-01T10:00:00.5Z');

const TASK: Task = {
  ...{
    taskArn,
    clusterArn: arn(`cluster/${cluster}`),
    group: 'service:support-shell',
    lastStatus: 'RUNNING',
  },
  ...{ desiredStatus: 'RUNNING', enableExecuteCommand: true, startedAt: started },
  taskDefinitionArn: arn('task-definition/support-shell:7'),
  containers: [
    {
      ...{ name: 'shell', containerArn: arn(`container/${cluster}/c`) },
      managedAgents: [{ name: 'ExecuteCommandAgent', lastStatus: 'RUNNING' }],
    },
  ],
};
const definition = (revision: number) => ({
  ...{ family: 'support-shell', revision, taskRoleArn: 'arn:aws:iam::000000000000:role/x' },
  taskDefinitionArn: arn(`task-definition/support-shell:${revision}`),
});

let task: Task = TASK;
let aws: World;
let client: ECSClient;

beforeAll(async () => {
  const state = () => ({
    clusters: [
      {
        clusterArn: arn(`cluster/${cluster}`),
        services: [
          {
            serviceName: 'support-shell',
            serviceArn: arn(`service/${cluster}/support-shell`),
            status: 'ACTIVE',
          },
        ],
        tasks: [task],
      },
    ],
    taskDefinitions: [definition(7), definition(8)],
  });
  aws = await world({ ecs: ecs({ ...PLACE, state }) });
  client = new ECSClient(aws.as('uma'));
});
beforeEach(() => {
  task = TASK;
});
afterAll(() => aws.close());

const execute = (more: { task?: string; container?: string } = {}) =>
  client.send(
    new ExecuteCommandCommand({ cluster, task: taskArn, command: 'tz-psql', interactive: true, ...more }),
  );

test('tasks are listed by service, family and status, and described with their times', async () => {
  const list = async (input: object) =>
    (await client.send(new ListTasksCommand({ cluster, ...input }))).taskArns;
  expect(await list({ serviceName: 'support-shell' })).toEqual([taskArn]);
  expect(await list({ family: 'support-shell', desiredStatus: 'RUNNING' })).toEqual([taskArn]);
  expect(await list({ serviceName: 'backend' })).toEqual([]);
  expect(await list({ desiredStatus: 'STOPPED' })).toEqual([]);
  const described = await client.send(
    new DescribeTasksCommand({ cluster, tasks: ['0123456789abcdef', 'other'] }),
  );
  expect(described.tasks).toEqual([TASK]);
  expect(described.failures).toEqual([{ arn: arn(`task/${cluster}/other`), reason: 'MISSING' }]);
});

test('services and task definitions, by name and ARN', async () => {
  const services = await client.send(
    new DescribeServicesCommand({ cluster, services: ['support-shell', 'x'] }),
  );
  expect(services.services?.map(({ status }) => status)).toEqual(['ACTIVE']);
  expect(services.failures).toHaveLength(1);
  const revision = async (taskDefinition: string) =>
    (await client.send(new DescribeTaskDefinitionCommand({ taskDefinition }))).taskDefinition?.revision;
  expect(await revision('support-shell')).toBe(8);
  expect(await revision('support-shell:7')).toBe(7);
  expect(await revision(definition(7).taskDefinitionArn)).toBe(7);
  expect((await failing(revision('backend'))).name).toBe('ClientException');
  const other = client.send(new ListTasksCommand({ cluster: 'other' }));
  expect((await failing(other)).name).toBe('ClusterNotFoundException');
});

test('a command is executed in a session that the plugin can open', async () => {
  const { session, containerName, taskArn: of } = await execute();
  expect([containerName, of]).toEqual(['shell', taskArn]);
  expect(session?.sessionId).toMatch(/^ecs-execute-command-[0-9a-f]{17}$/);
  expect(session?.streamUrl).toContain(
    `wss://ssmmessages.eu-central-1.amazonaws.com/v1/data-channel/${session?.sessionId}`,
  );
  expect(session?.tokenValue).toBeTruthy();
});

const agent = (lastStatus: string): Task => ({
  ...TASK,
  containers: TASK.containers?.map((each) => ({
    ...each,
    managedAgents: [{ name: 'ExecuteCommandAgent' as const, lastStatus }],
  })),
});

test.each([
  ['exec is off', { ...TASK, enableExecuteCommand: false }, {}, 'InvalidParameterException'],
  ['the agent is not there yet', agent('PENDING'), {}, 'TargetNotConnectedException'],
  ['the task has ended', { ...TASK, lastStatus: 'STOPPED' }, {}, 'TargetNotConnectedException'],
  ['another container', TASK, { container: 'other' }, 'InvalidParameterException'],
  ['another task', TASK, { task: 'other' }, 'InvalidParameterException'],
])('no command is executed: %s', async (_why, state, asked, name) => {
  task = state;
  expect((await failing(execute(asked))).name).toBe(name);
});
