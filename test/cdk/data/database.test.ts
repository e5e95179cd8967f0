/** Who may log in as whom: the exact statement, for both engines, and what is refused. */
import { Size, type Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AuroraDatabase } from '../../../lib/data/aurora-database';
import type { Database } from '../../../lib/data/database';
import { InstanceDatabase } from '../../../lib/data/instance-database';
import { databaseProps, testStack } from './surroundings';

const ENGINES: Record<string, (stack: Stack) => Database> = {
  aurora: (stack) =>
    new AuroraDatabase(stack, 'Database', {
      ...databaseProps(stack),
      minCapacity: 1,
      maxCapacity: 2,
      pauseAfter: undefined,
      readers: 0,
      maxReaders: 0,
    }),
  instance: (stack) =>
    new InstanceDatabase(stack, 'Database', {
      ...databaseProps(stack),
      instanceType: 't4g.medium',
      storage: Size.gibibytes(20),
      multiAz: false,
      logRetention: RetentionDays.ONE_MONTH,
    }),
};

const taskRole = (stack: Stack) =>
  new Role(stack, 'Task', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });

test.each([
  ['aurora', 'DBClusterResourceId'],
  ['instance', 'DbiResourceId'],
])('%s: a grant names one login of one database', (engine, attribute) => {
  const stack = testStack();
  const role = taskRole(stack);
  ENGINES[engine]?.(stack).grantConnect(role, 'app_backend');
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  expect(policies.map(({ Properties }) => Properties.PolicyDocument.Statement)).toEqual([
    [
      {
        Effect: 'Allow',
        Action: 'rds-db:connect',
        Resource: {
          'Fn::Join': [
            '',
            [
              'arn:aws:rds-db:eu-central-1:111122223333:dbuser:',
              { 'Fn::GetAtt': [expect.stringMatching(/^Database/), attribute] },
              '/app_backend',
            ],
          ],
        },
      },
    ],
  ]);
});

test.each([
  ['everybody', '*'],
  ['a beginning', 'app_*'],
  ['one unknown character', 'app_backen?'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM, not of TypeScript
  ['whoever asks', '${aws:username}'],
  ['nobody', ''],
  ['a path', 'a/b'],
  ['a name that PostgreSQL would not have folded so', 'App'],
  ['a value that is only known at deploy time', Token.asString({ Ref: 'Login' })],
])('a grant for %s is refused', (_, login) => {
  const stack = testStack();
  const role = taskRole(stack);
  for (const engine of Object.keys(ENGINES)) {
    const fresh = testStack();
    const database = ENGINES[engine]?.(fresh);
    expect(() => database?.grantConnect(role, login)).toThrow('is not the name of one database role');
  }
});

test('a grant to whom no policy can be attached fails, not silently', () => {
  const stack = testStack();
  const database = ENGINES.aurora?.(stack);
  const service = new ServicePrincipal('ecs-tasks.amazonaws.com');
  expect(() => database?.grantConnect({ grantPrincipal: service }, 'app_backend')).toThrow();
  expect(() => database?.grantConnect(taskRole(stack), 'app_backend')).not.toThrow();
});
