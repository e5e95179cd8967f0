/** What is recorded, who may touch the record, and whom it reaches. */
import { Match, Template } from 'aws-cdk-lib/assertions';
import { METRICS } from '../../../lambda/approvals/contract';
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
  expect(
    statements.find(({ Action, Effect }) => Action === 's3:PutObject' && Effect === 'Allow'),
  ).toMatchObject({
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Condition: { StringEquals: { 'aws:SourceArn': names.trail.arn } },
  });
});

describe('heads of the ledger', () => {
  const approvals = names.roles.approvals.arn;
  const head = `arn:aws:s3:::${names.buckets.audit}/ledger/000000000001.json`;
  const entry = `arn:aws:s3:::${names.buckets.audit}/AWSLogs/${account}/x`;

  /** Templates name the bucket by its resource. */
  const resolved = (): Statement[] => {
    const [policy] = properties('AWS::S3::BucketPolicy');
    const ours = policy.PolicyDocument.Statement.filter(({ Sid }: { Sid?: string }) => Sid);
    const text = JSON.stringify(ours)
      .replace(
        /\{"Fn::Join":\["",\[\{"Fn::GetAtt":\["AuditBucket\w+","Arn"\]\},"([^"]+)"\]\]\}/g,
        (_, rest) => JSON.stringify(`arn:aws:s3:::${names.buckets.audit}${rest}`),
      )
      .replace(
        /\{"Fn::GetAtt":\["AuditBucket\w+","Arn"\]\}/g,
        JSON.stringify(`arn:aws:s3:::${names.buckets.audit}`),
      );
    return JSON.parse(text);
  };
  const refused = (
    principal: string,
    resource: string,
    context: Record<string, string> = {},
    action = 's3:PutObject',
  ) =>
    decide(
      resolved().filter(({ Effect }) => Effect === 'Deny'),
      {
        action,
        resource,
        context: {
          'aws:PrincipalArn': principal,
          'aws:PrincipalIsAWSService': 'false',
          ...context,
        },
      },
    ) === 'deny';
  const once = { 's3:if-none-match': '*' };

  test('are put there by the approvals, and by nobody else', () => {
    expect(refused(approvals, head, once)).toBe(false);
    for (const each of [administrator, auditor, names.execution.sensitive, names.roles.backendTask.arn]) {
      expect([each, refused(each, head, once)]).toEqual([each, true]);
      expect([each, refused(each, entry)]).toEqual([each, true]);
    }
  });

  test('are all that the approvals read of the record', () => {
    const get = (principal: string, resource: string) => refused(principal, resource, {}, 's3:GetObject');
    expect([get(approvals, head), get(approvals, entry)]).toEqual([false, true]);
    expect([get(auditor, head), get(auditor, entry)]).toEqual([false, false]);
    expect([get(administrator, head), get(administrator, entry)]).toEqual([true, true]);
  });

  test('are put there once: whoever could hide one behind another must say that there is none', () => {
    expect(refused(approvals, head)).toBe(true);
    expect(refused(approvals, head, once)).toBe(false);
  });

  test('are not the trail’s, which has a folder of its own', () => {
    const trail = resolved().filter(({ Effect, Action }) => Effect === 'Allow' && Action === 's3:PutObject');
    const writes = (resource: string) =>
      decide(trail, { action: 's3:PutObject', resource, context: { 'aws:SourceArn': names.trail.arn } });
    expect([writes(entry), writes(head)]).toEqual(['allow', 'no statement']);
    const service = { 'aws:PrincipalIsAWSService': 'true', ...once };
    expect(refused('', entry, service)).toBe(false);
  });

  test('are encrypted and compared by the approvals, in this bucket and by way of S3', () => {
    const allowed = (action: string, bucket: string, service = 's3') =>
      properties('AWS::KMS::Key').some(
        ({ Description, KeyPolicy }) =>
          Description === 'The record: trail and audit bucket' &&
          decide(
            (KeyPolicy.Statement as Statement[]).filter(({ Principal }) =>
              JSON.stringify(Principal).includes(':root'),
            ),
            {
              action,
              context: {
                'aws:PrincipalArn': approvals,
                'kms:ViaService': `${service}.eu-central-1.amazonaws.com`,
                'kms:EncryptionContext:aws:s3:arn': `arn:aws:s3:::${bucket}`,
              },
            },
          ) === 'allow',
      );
    expect(allowed('kms:GenerateDataKey', names.buckets.audit)).toBe(true);
    expect(allowed('kms:GenerateDataKey', names.buckets.transcripts)).toBe(false);
    expect(allowed('kms:GenerateDataKey', names.buckets.audit, 'sns')).toBe(false);
    expect(allowed('kms:Decrypt', names.buckets.audit)).toBe(true);
    expect(allowed('kms:CreateGrant', names.buckets.audit)).toBe(false);
  });
});

test('the approvals use the key of messages for the topic, and read nothing with it otherwise', () => {
  const policy = properties('AWS::KMS::Key').find(
    ({ Description }) => Description === 'Messages to people',
  ).KeyPolicy;
  const may = (service: string | undefined) =>
    decide(
      policy.Statement.filter(({ Sid }: { Sid: string }) => Sid === 'Publishers'),
      {
        action: 'kms:Decrypt',
        context: {
          'aws:PrincipalArn': names.roles.approvals.arn,
          ...(service ? { 'kms:ViaService': `${service}.eu-central-1.amazonaws.com` } : {}),
        },
      },
    ) === 'allow';
  expect([may('sns'), may('s3'), may(undefined)]).toEqual([true, false, false]);
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

test('every address of the stage is subscribed, and so are the approvers and the owner: broken glass is loud', () => {
  expect(
    properties('AWS::SNS::Subscription').map(({ Protocol, Endpoint }) => `${Protocol} ${Endpoint}`),
  ).toEqual(['alerts-prod', 'owner', 'ada', 'grace'].map((name) => `email ${name}@example.com`));
});

test('a chat channel shows alarms and can do nothing', () => {
  prod.resourceCountIs('AWS::Chatbot::SlackChannelConfiguration', 0);
  const slack = { workspaceId: 'T0123456789', channelId: 'C0123456789' };
  templateOf('prod', {
    alerts: { owner: 'o@example.com', emails: ['a@example.com'], slack },
  }).hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', {
    SlackWorkspaceId: slack.workspaceId,
    SlackChannelId: slack.channelId,
    GuardrailPolicies: ['arn:aws:iam::aws:policy/AWSDenyAll'],
    SnsTopicArns: [Match.anyValue()],
  });
});

test('the dashboard shows everything that the approvals measure, shells and reads over time', () => {
  const [{ DashboardName, DashboardBody }] = properties('AWS::CloudWatch::Dashboard');
  expect(DashboardName).toBe('tz-prod-sensitive-access');
  const text = JSON.stringify(DashboardBody);
  for (const metric of [...Object.values(METRICS.names), 'shells-opened', 'secret-reads']) {
    expect(text).toContain(metric);
  }
});

describe('alarms on approvals', () => {
  const alarms = () => properties('AWS::CloudWatch::Alarm');
  const alarm = (section: string) => alarms().find(({ AlarmName }) => AlarmName === `tz-prod-${section}`);

  test('codes of approvers ring from the third on, approvals from the fifth in an hour, the rest at once', () => {
    const thresholds = alarms().map(({ AlarmName, Threshold }) => [AlarmName, Threshold]);
    expect(thresholds.filter(([, threshold]) => threshold !== 1)).toEqual([
      ['tz-prod-totp-failures', 3],
      ['tz-prod-approvals-spike', 5],
    ]);
    expect(alarm('approvals-spike')).toMatchObject({ Statistic: 'Sum', Period: 3600, EvaluationPeriods: 1 });
  });

  test.each([
    ['totp-failures', 'CodesRefused'],
    ['approvals-spike', 'Approvals'],
    ['approvals-at-unusual-hours', 'UnusualHours'],
    ['unexpected-principal', 'UnexpectedPrincipals'],
    ['break-glass-used', 'BreakGlass'],
    ['break-glass-not-reviewed', 'ReviewsOpen'],
    ['approvals-not-told', 'NotificationsLost'],
    ['approvals-not-measured', 'GrantsAlive'],
  ])('%s listens to %s of this stage, and reaches people', (section, MetricName) => {
    expect(alarm(section)).toMatchObject({
      Namespace: 'TenantZero/Approvals',
      MetricName,
      Dimensions: [{ Name: 'Stage', Value: 'prod' }],
      AlarmActions: [expect.anything()],
    });
  });

  test('a break of the glass is reviewed within a day: every hour of it counts, and silence changes nothing', () => {
    expect(alarm('break-glass-not-reviewed')).toMatchObject({
      Statistic: 'Minimum',
      Period: 3600,
      EvaluationPeriods: 24,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'ignore',
    });
  });

  test('a quarter of an hour without a measurement rings, for what does not run sends nothing', () => {
    const { Period, EvaluationPeriods, ...rest } = alarm('approvals-not-measured');
    expect(Period * EvaluationPeriods).toBe(900);
    expect(rest).toMatchObject({
      Statistic: 'SampleCount',
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  test('an error of the function rings, whatever it was doing', () => {
    expect(alarm('approvals-failed')).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: 'tz-prod-approvals' }],
      TreatMissingData: 'notBreaching',
    });
  });
});
