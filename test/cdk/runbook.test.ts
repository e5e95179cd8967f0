/** Every alarm leads to a section, every section to an alarm, and every detector has been seen to fire. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { STAGES } from '../../bin/stages';
import { namesOf } from '../../lib/names';
import { detectorsOf } from '../../lib/observability/detectors';
import { matchesPattern } from '../support/filter-pattern';
import { alarmsIn, announcedIn, sectionsOf } from '../support/runbook';
import { stageNamed } from '../support/stages';
import { resourcesOf, templatesOf } from '../support/templates';

const markdown = readFileSync(path.join(__dirname, '../../docs/runbook.md'), 'utf8');
const templates = Object.keys(STAGES).flatMap((name) => templatesOf(name as keyof typeof STAGES));

test('every alarm of every stage has a section', () => {
  const alarms = alarmsIn(templates);
  expect(alarms.length).toBeGreaterThan(30);
  expect(
    alarms.filter(({ section }) => section === undefined || !sectionsOf(markdown).includes(section)),
  ).toEqual([]);
  for (const { alarm, section } of alarms)
    expect(alarm).toMatch(new RegExp(`^tz-(dev|staging|prod)-${section}$`));
});

test('every section has an alarm, or a rule that announces it', () => {
  const known = [
    ...alarmsIn(templates).map(({ section }) => section),
    ...announcedIn(templates).map((name) => name.replace(/^tz-[a-z]+-/, '')),
  ];
  expect(sectionsOf(markdown).filter((section) => !known.includes(section))).toEqual([]);
});

test('every alarm reaches the topic', () => {
  for (const { Type, Properties } of resourcesOf(templates)) {
    if (Type === 'AWS::CloudWatch::Alarm')
      expect(JSON.stringify(Properties.AlarmActions)).toMatch(/Topic|alerts/);
  }
});

const names = namesOf(stageNamed('prod'));
const KEY = 'arn:aws:kms:eu-central-1:333333333333:key/sensitive';
const detectors = detectorsOf(names, KEY);
const { clusters, secrets, roles, boundary, topic } = names;

const call = (eventSource: string, eventName: string, requestParameters: object = {}, rest: object = {}) => ({
  eventSource: `${eventSource}.amazonaws.com`,
  eventName,
  requestParameters,
  userIdentity: { sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::333333333333:role/Somebody' } } },
  ...rest,
});
const by = (role: string) => ({ userIdentity: { sessionContext: { sessionIssuer: { arn: role } } } });
const denied = { errorCode: 'AccessDenied', resources: [{ ARN: KEY }] };
const shell = (cluster: string | undefined) => call('ecs', 'ExecuteCommand', cluster ? { cluster } : {});
const read = (secretId: string, rest: object = {}) =>
  call('secretsmanager', 'GetSecretValue', { secretId }, rest);
const real = (arn: string) => arn.replaceAll('?', 'x').replaceAll('*', 'x');

/** What each detector hears, and the neighbour that it must not. */
const CASES: Record<string, { fires: (object | string)[]; silent: (object | string)[] }> = {
  'execute-command-outside-support-cluster': {
    fires: [
      shell(clusters.main.name),
      shell(clusters.main.arn),
      shell(undefined),
      shell(`${clusters.support.name}-copy`),
    ],
    silent: [
      shell(clusters.support.name),
      shell(clusters.support.arn),
      call('ecs', 'StopTask', { cluster: 'x' }),
    ],
  },
  'shell-around-transcripts': {
    fires: [call('ssm', 'StartSession', { target: 'ecs:tz-prod-main_0123_0123-456' })],
    silent: [call('ssm', 'StartSession', { target: 'i-0123' })],
  },
  'sensitive-secret-read': {
    fires: [
      read(secrets.breakGlass.name),
      read(secrets.breakGlass.name, { userIdentity: { type: 'Root' } }),
      read(real(secrets.approver('ada').arn)),
      read(real(secrets.master)),
    ],
    silent: [
      read(secrets.tokenKeys.name, by(roles.backendTask.arn)),
      read(real(secrets.master), by(roles.databaseBootstrap.arn)),
      read('another-secret'),
      call('secretsmanager', 'DescribeSecret', { secretId: secrets.breakGlass.name }),
    ],
  },
  'data-api-with-powerful-login': {
    fires: [
      call('rdsdataapi', 'ExecuteStatement', { secretArn: real(secrets.master) }),
      call('rdsdataapi', 'ExecuteStatement', { secretArn: real(secrets.breakGlass.arn) }),
    ],
    silent: [call('rdsdataapi', 'ExecuteStatement', { secretArn: real(secrets.auditor.arn) })],
  },
  'break-glass-login': {
    fires: [
      '2026-11-21 05:00:00 UTC:10.0.0.1(5000):break_glass@tenant_zero:[1]:LOG:  connection authorized: user=break_glass database=tenant_zero',
    ],
    silent: ['LOG:  connection authorized: user=app_backend database=tenant_zero'],
  },
  'sensitive-key-denied': {
    fires: [
      call('kms', 'Decrypt', {}, denied),
      call('kms', 'Decrypt', { keyId: KEY }, { errorCode: 'AccessDeniedException' }),
    ],
    silent: [
      call('kms', 'Decrypt', {}, { resources: [{ ARN: KEY }] }),
      call('kms', 'Decrypt', {}, { ...denied, resources: [{ ARN: 'other' }] }),
    ],
  },
  'sensitive-policy-changed': {
    fires: [
      call('kms', 'PutKeyPolicy', { keyId: KEY }),
      call('secretsmanager', 'PutResourcePolicy', { secretId: secrets.breakGlass.name }),
      call('secretsmanager', 'DeleteResourcePolicy', { secretId: real(secrets.tokenKeys.arn) }),
    ],
    silent: [
      call('kms', 'PutKeyPolicy', { keyId: 'other' }),
      call('secretsmanager', 'PutResourcePolicy', { secretId: 'other' }),
    ],
  },
  'trail-changed': {
    fires: [
      call('cloudtrail', 'StopLogging'),
      call('cloudtrail', 'PutEventSelectors'),
      call('monitoring', 'DeleteAlarms'),
      call('logs', 'DeleteLogGroup'),
      call('sns', 'SetTopicAttributes', { topicArn: topic.arn }),
      call('sns', 'Unsubscribe'),
    ],
    silent: [
      call('cloudtrail', 'DescribeTrails'),
      call('sns', 'SetTopicAttributes', { topicArn: 'other' }),
      call('logs', 'CreateLogStream'),
    ],
  },
  'permission-set-changed': {
    fires: [
      call('sso', 'PutInlinePolicyToPermissionSet'),
      call('sso', 'CreateAccountAssignment'),
      call('iam', 'CreatePolicyVersion', { policyArn: boundary.arn }),
      call('iam', 'DeleteRolePermissionsBoundary'),
    ],
    silent: [
      call('sso', 'DescribePermissionSet'),
      call('iam', 'CreatePolicyVersion', { policyArn: 'other' }),
    ],
  },
};

test('every detector has its cases', () => {
  expect(detectors.map(({ section }) => section).sort()).toEqual(Object.keys(CASES).sort());
});

test.each(detectors)('$section fires, and not at its neighbour', ({ section, pattern }) => {
  const { fires, silent } = CASES[section] ?? { fires: [], silent: [] };
  expect(fires.map((event) => [event, matchesPattern(pattern, event)])).toEqual(
    fires.map((event) => [event, true]),
  );
  expect(silent.map((event) => [event, matchesPattern(pattern, event)])).toEqual(
    silent.map((event) => [event, false]),
  );
  // The limit of CloudWatch Logs.
  expect(pattern.length).toBeLessThan(1024);
});
