/** The task that migrates: what it is, who may start it, and what waits for it. */
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { MigrationTask } from '../../../lib/rls/migration-task';
import { testApp } from '../../support/stages';

let template: Template;

beforeAll(() => {
  const stack = new Stack(testApp(), 'Test', { env: { account: '111111111111', region: 'eu-central-1' } });
  const vpc = new Vpc(stack, 'Vpc', {
    availabilityZones: ['eu-central-1a'],
    restrictDefaultSecurityGroup: false,
  });
  const securityGroup = new SecurityGroup(stack, 'Functions', { vpc });
  new MigrationTask(stack, 'Migration', {
    vpc,
    subnets: { subnetGroupName: 'Private' },
    securityGroup,
    taskSecurityGroup: new SecurityGroup(stack, 'Tasks', { vpc }),
    key: new Key(stack, 'Key'),
    logRetention: RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.RETAIN,
    code: Code.fromInline('export {}'),
    image: ContainerImage.fromRegistry('app@sha256:0123'),
    command: ['python', 'manage.py', 'migrate'],
    clusterName: 'tz-test-migration',
    logGroupName: '/tz-test/migration',
    roleNames: { task: 'tz-test-migration-task', execution: 'tz-test-migration-execution' },
    prefix: 'tz-test',
    caFile: '/app/database-ca.pem',
    database: {
      host: 'db.example',
      port: 5433,
      name: 'product',
      grantConnect: (grantee, user) =>
        grantee.grantPrincipal.addToPrincipalPolicy(
          new PolicyStatement({
            actions: ['rds-db:connect'],
            resources: [`arn:aws:rds-db:::dbuser:x/${user}`],
          }),
        ),
    },
  });
  template = Template.fromStack(stack);
});

const statementsOf = (role: string) =>
  Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes(role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);

test('runs the command as the migration login, as an ordinary user on a read-only root', () => {
  template.hasResourceProperties('AWS::ECS::TaskDefinition', {
    ContainerDefinitions: [
      Match.objectLike({
        Command: ['python', 'manage.py', 'migrate'],
        User: '1000',
        ReadonlyRootFilesystem: true,
        Environment: Match.arrayWith([
          { Name: 'TZ_DATABASE_PORT', Value: '5433' },
          { Name: 'TZ_DATABASE_USER', Value: 'migrator' },
          { Name: 'PGSSLMODE', Value: 'verify-full' },
          { Name: 'PGOPTIONS', Value: '-c role=platform_owner' },
        ]),
      }),
    ],
  });
});

test('the task may log in as the migrator and do nothing else', () => {
  expect(statementsOf('MigrationTaskRole')).toEqual([
    { Action: 'rds-db:connect', Effect: 'Allow', Resource: 'arn:aws:rds-db:::dbuser:x/migrator' },
  ]);
});

test('one function starts exactly this task with exactly these roles', () => {
  const statements = statementsOf('MigrationStartRole');
  expect(statements.find(({ Sid }) => Sid === 'StartThisTask')).toMatchObject({
    Action: 'ecs:RunTask',
    Resource: { Ref: expect.stringMatching(/^MigrationTask/) },
    Condition: { ArnEquals: { 'ecs:cluster': expect.anything() } },
  });
  expect(statements.find(({ Sid }) => Sid === 'AsTheseRoles')).toMatchObject({
    Action: 'iam:PassRole',
    Resource: [expect.anything(), expect.anything()],
    Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  });
});

test('the function that waits cannot start anything', () => {
  const actions = statementsOf('MigrationWatchRole').flatMap(({ Action }) => Action);
  expect(actions).toEqual(expect.arrayContaining(['ecs:DescribeTasks', 'logs:GetLogEvents']));
  expect(actions.filter((action) => /Run|Start|Pass/.test(action))).toEqual([]);
});

test('a new image or command is a new task definition, and that is what the resource has as a property', () => {
  template.hasResourceProperties('Custom::Migration', {
    TaskDefinition: { Ref: Match.stringLikeRegexp('^MigrationTask') },
    Database: 'db.example',
  });
});

test('the resource waits for the permissions of everyone who takes part', () => {
  const [resource] = Object.values(template.findResources('Custom::Migration'));
  const waits = String(resource?.DependsOn);
  for (const part of [
    'StartRoleDefaultPolicy',
    'WatchRoleDefaultPolicy',
    'TaskRoleDefaultPolicy',
    'ExecutionRoleDefaultPolicy',
  ]) {
    expect(waits).toContain(part);
  }
});
