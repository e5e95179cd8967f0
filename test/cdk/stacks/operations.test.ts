/** What is recorded, who may touch the record, and whom it reaches. */
import { Match, Template } from 'aws-cdk-lib/assertions';
import { namesOf } from '../../../lib/names';
import { OperationsStack } from '../../../lib/stacks/operations';
import { SensitiveStack } from '../../../lib/stacks/sensitive';
import type { StageLiteral } from '../../../lib/stage';
import { decide, type Statement } from '../../support/policy-decision';
import { stageNamed, testApp } from '../../support/stages';

function templateOf(name: 'dev' | 'prod', change: Partial<StageLiteral> = {}): Template {
  const app = testApp();
  const stage = stageNamed(name, change);
  const { key } = new SensitiveStack(app, 'Sensitive', { stage });
  return Template.fromStack(new OperationsStack(app, 'Operations', { stage, sensitiveKey: key }));
}

const names = namesOf(stageNamed('prod'));
const account = '333333333333';
const auditor = names.personaRole('SecurityAuditor').replaceAll('?', '0');
const administrator = `arn:aws:iam::${account}:role/Admin`;
let prod: Template;
let dev: Template;
beforeAll(() => {
  prod = templateOf('prod');
  dev = templateOf('dev');
});

const properties = (type: string, template = prod) =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties);

test('the trail records all regions, and the reads that a trail leaves out by default', () => {
  const [trail] = properties('AWS::CloudTrail::Trail');
  expect(trail).toMatchObject({
    TrailName: 'tz-prod-trail',
    IsLogging: true,
    IsMultiRegionTrail: true,
    EnableLogFileValidation: true,
    KMSKeyId: expect.anything(),
    CloudWatchLogsLogGroupArn: expect.anything(),
  });
  const recorded = trail.AdvancedEventSelectors.map(
    ({
      Name,
      FieldSelectors,
    }: {
      Name: string;
      FieldSelectors: { Field: string; Equals?: string[]; StartsWith?: string[] }[];
    }) => [
      Name,
      ...FieldSelectors.filter(({ Field }) => Field.startsWith('resources')).flatMap(
        ({ Equals, StartsWith }) => Equals ?? StartsWith,
      ),
    ],
  );
  expect(recorded).toEqual([
    ['Management'],
    ['DataApi', 'AWS::RDS::DBCluster'],
    ['Transcripts', 'AWS::S3::Object', `arn:aws:s3:::${names.buckets.transcripts}/`],
    ['Audit', 'AWS::S3::Object', `arn:aws:s3:::${names.buckets.audit}/`],
    ['Functions', 'AWS::Lambda::Function', `arn:aws:lambda:eu-central-1:${account}:function:tz-prod-`],
  ]);
});

test.each([
  ['prod', 'COMPLIANCE', 400],
  ['dev', 'GOVERNANCE', 1],
] as const)('in %s an entry is locked: %s, %i days', (...[name, Mode, Days]) => {
  (name === 'prod' ? prod : dev).hasResourceProperties('AWS::S3::Bucket', {
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode, Days } } },
  });
});

test('the auditor reads the record, the trail writes it, and nobody deletes it', () => {
  const [policy] = properties('AWS::S3::BucketPolicy');
  const statements = policy.PolicyDocument.Statement.filter(
    ({ Sid }: { Sid?: string }) => Sid,
  ) as Statement[];
  const refused = (principal: string, action: string) =>
    decide(statements, { action, context: { 'aws:PrincipalArn': principal } }) === 'deny';
  expect(refused(auditor, 's3:GetObject')).toBe(false);
  expect(refused(administrator, 's3:GetObject')).toBe(true);
  for (const each of [auditor, administrator, names.execution.sensitive]) {
    expect(refused(each, 's3:DeleteObjectVersion')).toBe(true);
    expect(refused(each, 's3:BypassGovernanceRetention')).toBe(true);
  }
  expect(statements.find(({ Action }) => Action === 's3:PutObject')).toMatchObject({
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Condition: { StringEquals: { 'aws:SourceArn': names.trail.arn } },
  });
});

test('no key of the record delegates anything to the account', () => {
  const statements = properties('AWS::KMS::Key').flatMap(
    ({ KeyPolicy }) => KeyPolicy.Statement as Statement[],
  );
  const ofAccount = statements.filter(({ Principal }) => JSON.stringify(Principal).includes(':root'));
  expect(ofAccount.length).toBeGreaterThan(2);
  for (const { Condition } of ofAccount) expect(Condition?.ArnLike?.['aws:PrincipalArn']).toBeDefined();
});

test('the topic takes messages from alarms, events and the approvals, and from nobody else', () => {
  const [{ PolicyDocument }] = properties('AWS::SNS::TopicPolicy') as [
    { PolicyDocument: { Statement: Statement[] } },
  ];
  const refused = (principal: string, service: boolean) =>
    decide(
      PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Deny'),
      {
        action: 'sns:Publish',
        context: {
          'aws:PrincipalArn': principal,
          'aws:PrincipalIsAWSService': String(service),
          'aws:SecureTransport': 'true',
        },
      },
    ) === 'deny';
  expect(refused(administrator, false)).toBe(true);
  expect(refused(names.roles.approvals.arn, false)).toBe(false);
  expect(refused('', true)).toBe(false);
});

test('every address of the stage is subscribed', () => {
  prod.hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'email',
    Endpoint: 'alerts-prod@example.com',
  });
});

test('a chat channel shows alarms and can do nothing', () => {
  prod.resourceCountIs('AWS::Chatbot::SlackChannelConfiguration', 0);
  const slack = { workspaceId: 'T0123456789', channelId: 'C0123456789' };
  templateOf('prod', { alerts: { emails: ['a@example.com'], slack } }).hasResourceProperties(
    'AWS::Chatbot::SlackChannelConfiguration',
    {
      SlackWorkspaceId: slack.workspaceId,
      SlackChannelId: slack.channelId,
      GuardrailPolicies: ['arn:aws:iam::aws:policy/AWSDenyAll'],
      SnsTopicArns: [Match.anyValue()],
    },
  );
});

test('the dashboard shows requests, approvals, denials, grants, shells and reads over time', () => {
  const [{ DashboardName, DashboardBody }] = properties('AWS::CloudWatch::Dashboard');
  expect(DashboardName).toBe('tz-prod-sensitive-access');
  const text = JSON.stringify(DashboardBody);
  for (const metric of ['Requests', 'Approvals', 'Denials', 'GrantsAlive', 'shells-opened', 'secret-reads']) {
    expect(text).toContain(metric);
  }
});

test('codes of approvers ring from the third on, the rest at once', () => {
  const thresholds = properties('AWS::CloudWatch::Alarm').map(({ AlarmName, Threshold }) => [
    AlarmName,
    Threshold,
  ]);
  expect(thresholds.filter(([, threshold]) => threshold !== 1)).toEqual([['tz-prod-totp-failures', 3]]);
});
