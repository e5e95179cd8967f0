/** `open` in AWS, with the real SDK: what it asks, in which order, and what it leaves behind. */
import { No } from '../approvals/function-endpoint';
import { DEFINITION_ARN, EXPECTED, goodFacts, RUNTIME_ID, TASK_ARN, TASK_ID } from './given';
import { AwsError, arnOf, GOOD_PLUGIN, SHELL_ID, TICKET, type World, world } from './world';

let aws: World;
beforeEach(async () => {
  aws = await world();
});
afterEach(() => aws.close());

const operations = () => aws.functions.tries.map(({ operation }) => operation);
const executed = () => aws.calls.filter(({ operation }) => operation === 'ExecuteCommand');
const without = (...names: string[]) => ({
  ...aws.facts.service,
  ...Object.fromEntries(names.map((n) => [n, undefined])),
});

describe('a shell that is as it should be', () => {
  test('is entered with a ticket, is known before anybody is in it, and is closed at the end', async () => {
    const { code, error } = await aws.open();
    expect([code, error]).toEqual([0, undefined]);
    expect(operations()).toEqual(['ticket', 'shell-opened', 'shell-close']);
    expect(aws.functions.tries.map(({ input }) => input)).toEqual([
      { service: 'support-shell', reason: 'export fails since Monday', ticket: 'OPS-123', write: false },
      { shell: SHELL_ID, task: TASK_ARN, session: 'ecs-execute-command-0a1b2c' },
      { shell: SHELL_ID },
    ]);
    expect(executed().map(({ input }) => input)).toEqual([
      {
        cluster: EXPECTED.cluster.arn,
        task: TASK_ARN,
        container: 'support-shell',
        interactive: true,
        command: `tz-psql --ticket=${TICKET}`,
      },
    ]);
    expect(aws.plugged()).toEqual({
      args: [
        'AWS_SSM_START_SESSION_RESPONSE',
        'eu-central-1',
        'StartSession',
        '',
        `{"Target":"ecs:tz-test-support_${TASK_ID}_${RUNTIME_ID}"}`,
        'https://ssm.eu-central-1.amazonaws.com',
      ],
      session: JSON.stringify({
        SessionId: 'ecs-execute-command-0a1b2c',
        StreamUrl: 'wss://stream.example.com',
        TokenValue: 'secret-token',
      }),
    });
  });

  test('asks ECS for exactly this cluster, service and revision', async () => {
    await aws.open();
    const asked = Object.fromEntries(aws.calls.map(({ operation, input }) => [operation, input]));
    expect(asked).toMatchObject({
      DescribeClusters: { clusters: [EXPECTED.cluster.arn], include: ['CONFIGURATIONS'] },
      DescribeServices: { cluster: EXPECTED.cluster.arn, services: ['support-shell'] },
      DescribeTaskDefinition: { taskDefinition: DEFINITION_ARN },
      ListTasks: { cluster: EXPECTED.cluster.arn, serviceName: 'support-shell', desiredStatus: 'RUNNING' },
      DescribeTasks: { cluster: EXPECTED.cluster.arn, tasks: [TASK_ARN] },
    });
  });

  test('is entered for writing only when asked to', async () => {
    await aws.open({ write: true });
    expect(executed()[0]?.input.command).toBe(`tz-psql --ticket=${TICKET} --write`);
    expect(aws.functions.tries[0]?.input).toMatchObject({ write: true });
  });

  test('an older plugin, which reads no variable, gets the session as an argument', async () => {
    aws.plugin(GOOD_PLUGIN.replace('1.2.707.0', '1.2.497.0'));
    await aws.open({ profile: 'production' });
    const { args, session } = aws.plugged() ?? { args: [], session: '-' };
    expect(JSON.parse(args[0] ?? '')).toMatchObject({ SessionId: 'ecs-execute-command-0a1b2c' });
    expect([args[3], session]).toEqual(['production', '']);
  });
});

describe('nothing is asked for, and nothing entered', () => {
  afterEach(() => {
    expect([operations(), executed(), aws.plugged()]).toEqual([[], [], undefined]);
  });

  test('when ECS Exec is off: no fallback, and it is said who can mend it', async () => {
    aws.facts = { ...aws.facts, service: { ...aws.facts.service, enableExecuteCommand: false } };
    const { error, io } = await aws.open();
    expect(error).toMatchObject({ code: 'service-enterable' });
    expect(io.shown()).toMatch(/ECS Exec is on for the service .*false.*\n.*who can mend it/);
  });

  test.each([
    ['there is no service', () => ({ ...goodFacts(), service: undefined }), 'service-exists'],
    [
      'none of its tasks runs',
      () => ({ ...goodFacts(), service: without('runningCount') }),
      'service-running',
    ],
    ['ECS lists no task', () => ({ ...goodFacts(), tasks: [] }), 'task-there'],
  ])('when %s', async (_, facts, code) => {
    aws.facts = facts() as World['facts'];
    expect((await aws.open()).error).toMatchObject({ code });
  });

  test('when there is no cluster', async () => {
    aws.facts = { ...aws.facts, cluster: undefined };
    aws.ecs.DescribeServices = () => {
      throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
    };
    expect((await aws.open()).error).toMatchObject({ code: 'cluster-active' });
  });

  test('when ECS may not be read', async () => {
    aws.ecs.DescribeClusters = () => {
      throw new AwsError('AccessDeniedException', 'no');
    };
    expect((await aws.open()).error).toMatchObject({ code: 'ecs-refused' });
  });

  test.each([
    ['is absent', undefined, 'plugin-present'],
    ['fails', 'exit 7', 'plugin-runs'],
    ['says no version', 'echo hello', 'plugin-runs'],
    ['says nothing', 'true', 'plugin-runs'],
  ])('when the plugin %s', async (_, script, code) => {
    aws.plugin(script);
    const { error, io } = await aws.open({}, { PATH: aws.directory });
    expect(error).toMatchObject({ code });
    expect(io.shown()).toContain('you: install it');
  });

  test.each([
    [
      'BreakGlassAdmin, for the backend that cannot be entered',
      arnOf('BreakGlassAdmin', 'bea@example.com'),
      'definition-own',
    ],
    [
      'somebody of another account',
      arnOf('ProdEngineer', 'uma@example.com', '999999999999'),
      'account-other',
    ],
    ['an auditor', arnOf('SecurityAuditor', 'aud@example.com'), 'persona-refused'],
  ])('for %s', async (_, arn, code) => {
    aws.functions.arns.AKID = arn;
    const { error, io } = await aws.open();
    expect(`${error?.code} ${io.shown()}`).toContain(code);
  });
});

describe('waiting', () => {
  const rolling = [{ id: 'ecs-svc/1', status: 'PRIMARY', rolloutState: 'IN_PROGRESS' as const }];

  test('lasts until a deploy is complete', async () => {
    aws.before = (count) => {
      const deployments = count < 3 ? rolling : goodFacts().service?.deployments;
      aws.facts = { ...goodFacts(), service: { ...goodFacts().service, deployments } };
    };
    const { code, io } = await aws.open({ wait: 60 });
    expect([code, io.sleeps]).toEqual([0, [5000, 5000]]);
  });

  test('ends at once when something turns out to be wrong', async () => {
    aws.before = (count) => {
      const rolloutState = count < 2 ? 'IN_PROGRESS' : 'FAILED';
      aws.facts = {
        ...goodFacts(),
        service: { ...goodFacts().service, deployments: [{ ...rolling[0], rolloutState }] },
      };
    };
    const { error, io } = await aws.open({ wait: 60 });
    expect([error?.code, io.sleeps, operations()]).toEqual(['rollout-completed', [5000], []]);
  });

  test('is not done for what does not come right by itself, nor beyond --wait', async () => {
    aws.facts = { ...goodFacts(), service: { ...goodFacts().service, enableExecuteCommand: false } };
    expect((await aws.open({ wait: 60 })).io.sleeps).toEqual([]);
    aws.facts = { ...goodFacts(), service: { ...goodFacts().service, deployments: rolling } };
    const { error, io } = await aws.open({ wait: 4 });
    expect([error?.code, error?.next, io.sleeps]).toEqual([
      'rollout-completed',
      expect.stringContaining('--wait'),
      [],
    ]);
  });
});

describe('a step that fails', () => {
  test('the function refuses: nothing is entered, and there is nothing to close', async () => {
    aws.functions.answers.ticket = () => {
      throw new No({ code: 'access-refused', message: 'no glass is broken', next: 'break it' });
    };
    expect((await aws.open()).error).toMatchObject({ code: 'access-refused' });
    expect([operations(), executed()]).toEqual([['ticket'], []]);
  });

  test.each([
    [
      'ExecuteCommand',
      () => {
        aws.ecs.ExecuteCommand = () => {
          throw new AwsError('TargetNotConnectedException', 'no');
        };
      },
      ['ticket', 'shell-close'],
    ],
    [
      'a session without a token',
      () => {
        aws.ecs.ExecuteCommand = () => ({ session: { sessionId: 'x' } });
      },
      ['ticket', 'shell-close'],
    ],
    [
      'shell-opened',
      () => {
        aws.functions.answers['shell-opened'] = () => {
          throw new No({ code: 'x', message: 'no', next: 'no' });
        };
      },
      ['ticket', 'shell-opened', 'shell-close'],
    ],
    [
      'a ticket that is none',
      () => {
        aws.functions.answers.ticket = () => ({
          shell: SHELL_ID,
          ticket: 'x; rm -rf /',
          expiresAt: '',
          person: '',
          login: '',
        });
      },
      ['ticket', 'shell-close'],
    ],
  ])('%s: the shell is closed, and nobody gets in', async (_, breaks, expected) => {
    breaks();
    const { error } = await aws.open();
    expect(error).toBeDefined();
    expect([operations(), aws.plugged()]).toEqual([expected, undefined]);
  });

  test('the plugin ends with a code: it is told, and the shell closed', async () => {
    aws.plugin(`${GOOD_PLUGIN}\nexit 9`);
    const { code, io } = await aws.open();
    expect([code, operations().at(-1)]).toEqual([2, 'shell-close']);
    expect(io.shown()).toContain('session-manager-plugin ended with 9');
  });

  test('closing fails: the session ends as it did, and it is said what to do', async () => {
    delete aws.functions.answers['shell-close'];
    aws.functions.answers['shell-close'] = () => {
      throw new No({ code: 'x', message: 'not now', next: 'later' });
    };
    const { code, io } = await aws.open();
    expect(code).toBe(0);
    expect(io.shown()).toContain(`not now; npm run -s support-shell -- close ${SHELL_ID}`);
  });
});
