/** The registry resource: called on every deploy, allowed to log in as two roles, heard when it fails or falls silent. */
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { RlsRegistry, type RlsRegistryProps } from '../../../lib/rls/rls-registry';
import { testApp } from '../../support/stages';

function synthesized(change: Partial<RlsRegistryProps> = {}): Template {
  const stack = new Stack(testApp(), 'Test');
  const vpc = new Vpc(stack, 'Vpc', { natGateways: 0 });
  const database = {
    host: 'db.example.com',
    port: 5432,
    name: 'tenant_zero',
    grantConnect: (grantee: IGrantable, user: string) =>
      Grant.addToPrincipal({
        grantee,
        actions: ['rds-db:connect'],
        resourceArns: [`arn:aws:rds-db:eu-central-1:111122223333:dbuser:cluster-X/${user}`],
      }),
  };
  new RlsRegistry(stack, 'Registry', {
    database,
    code: Code.fromInline('export {}'),
    release: 'release-1',
    deployment: 'deploy-1',
    prefix: 'tz-test',
    roleName: 'tz-test-rls-registry',
    migrates: true,
    alarms: { action: new SnsAction(new Topic(stack, 'Topic')), runbook: 'docs/runbook.md' },
    vpc,
    subnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    securityGroup: new SecurityGroup(stack, 'Group', { vpc, allowAllOutbound: false }),
    key: new Key(stack, 'Key'),
    logRetention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.RETAIN,
    ...change,
  });
  return Template.fromStack(stack);
}

/** Who may log in as whom: role name -> users. */
function logins(template: Template): Record<string, string[]> {
  const roles = template.findResources('AWS::IAM::Role');
  const found: Record<string, string[]> = {};
  for (const { Properties } of Object.values(template.findResources('AWS::IAM::Policy'))) {
    const users = Properties.PolicyDocument.Statement.filter(
      (each: { Action: unknown }) => each.Action === 'rds-db:connect',
    )
      .flatMap((each: { Resource: string | string[] }) => each.Resource)
      .map((arn: string) => arn.split('/').at(-1));
    const name = roles[Properties.Roles[0].Ref]?.Properties.RoleName;
    if (users.length > 0) found[name] = [...(found[name] ?? []), ...users].sort();
  }
  return found;
}

const template = synthesized();

test('only the stamp differs between two deploys of one release', () => {
  const [first, second] = [template, synthesized({ deployment: 'deploy-2' })].map((each) => each.toJSON());
  expect(second).not.toEqual(first);
  const [name, resource] = Object.entries(template.findResources('Custom::RlsRegistry'))[0] as [
    string,
    never,
  ];
  expect(resource).toMatchObject({ Properties: { Release: 'release-1', Deployment: 'deploy-1' } });
  const restamped = structuredClone(second) as { Resources: Record<string, { Properties: object }> };
  Object.assign(restamped.Resources[name]?.Properties ?? {}, { Deployment: 'deploy-1' });
  expect(restamped).toEqual(first);
});

test('the function of the deploy logs in as two roles, the one of the schedule as one', () => {
  expect(logins(template)).toEqual({
    'tz-test-rls-registry': ['migrator', 'registry_applier'],
    'tz-test-rls-registry-verify': ['registry_applier'],
  });
});

test('without migrations nobody may log in as the migrator', () => {
  expect(logins(synthesized({ migrates: false }))['tz-test-rls-registry']).toEqual(['registry_applier']);
});

test('the resource waits for the permissions of its function', () => {
  const [resource] = Object.values(template.findResources('Custom::RlsRegistry')) as {
    DependsOn: string[];
  }[];
  const policies = Object.keys(template.findResources('AWS::IAM::Policy'));
  const deploy = policies.find((id) => id.startsWith('RegistryDeployRole'));
  expect(resource?.DependsOn).toContain(deploy);
});

test('drift rings after two findings in a row, silence after two hours without a word', () => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'tz-test-registry-drift',
    AlarmDescription: Match.stringLikeRegexp('docs/runbook\\.md#registry-drift'),
    MetricName: 'Findings',
    EvaluationPeriods: 2,
    AlarmActions: [Match.anyValue()],
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'tz-test-registry-silence',
    TreatMissingData: 'breaching',
    AlarmActions: [Match.anyValue()],
  });
});

test('whoever wants no alarms has to say so', () => {
  synthesized({ alarms: { noAlarms: true, why: 'a test' } }).resourceCountIs('AWS::CloudWatch::Alarm', 0);
});

test('verification runs every hour', () => {
  template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 hour)' });
});

test('every log group is encrypted and kept', () => {
  const groups = Object.values(template.findResources('AWS::Logs::LogGroup'));
  expect(groups).toHaveLength(3);
  for (const group of groups) {
    expect(group.Properties).toMatchObject({ KmsKeyId: expect.anything(), RetentionInDays: 30 });
    expect(group.DeletionPolicy).toBe('Retain');
  }
});
