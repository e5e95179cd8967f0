/**
 * What must not happen unseen, as patterns over the trail and the log of the database. Each rings, and has a section in the
 * runbook. Patterns: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
import type { Names } from '../names';

export interface Detector {
  /** Kebab-case: alarm, metric and section of the runbook. */
  readonly section: string;
  readonly what: string;
  readonly log: 'trail' | 'database';
  readonly pattern: string;
}

const is = (field: string, value: string) => `($.${field} = "${value}")`;
const isNot = (field: string, value: string) => `($.${field} != "${value}")`;
const any = (...terms: string[]) => `(${terms.join(' || ')})`;
const all = (...terms: string[]) => terms.join(' && ');
const events = (source: string, ...names: string[]) =>
  all(is('eventSource', source), any(...names.map((each) => is('eventName', each))));

/** The role behind a session. */
const ROLE = 'userIdentity.sessionContext.sessionIssuer.arn';

export function detectorsOf(names: Names, sensitiveKeyArn: string): readonly Detector[] {
  const { clusters, roles, secrets, topic, prefix } = names;
  // Read for their work, all day; a person who reads one is news.
  const machines = [roles.backendTask, roles.secretRotation, roles.databaseBootstrap, roles.approvals];
  const sensitive = `${prefix}/sensitive/*`;
  return [
    {
      section: 'execute-command-outside-support-cluster',
      what: 'Somebody asked for a shell in a task that is no support shell.',
      log: 'trail',
      pattern: `{ ${all(
        is('eventName', 'ExecuteCommand'),
        any(
          '($.requestParameters.cluster NOT EXISTS)',
          `(${all(isNot('requestParameters.cluster', clusters.support.name), isNot('requestParameters.cluster', clusters.support.arn))})`,
        ),
      )} }`,
    },
    {
      section: 'shell-around-transcripts',
      what: 'Somebody opened a session into a task in a way that leaves no transcript.',
      log: 'trail',
      pattern: `{ ${all(is('eventName', 'StartSession'), is('requestParameters.target', 'ecs:*'))} }`,
    },
    {
      section: 'sensitive-secret-read',
      what: 'A person read a sensitive secret.',
      log: 'trail',
      pattern: `{ ${all(
        is('eventSource', 'secretsmanager.amazonaws.com'),
        is('eventName', 'GetSecretValue'),
        any(
          is('requestParameters.secretId', sensitive),
          is('requestParameters.secretId', secrets.all),
          is('requestParameters.secretId', secrets.master),
        ),
        any(`($.${ROLE} NOT EXISTS)`, `(${all(...machines.map(({ arn }) => isNot(ROLE, arn)))})`),
      )} }`,
    },
    {
      section: 'data-api-with-powerful-login',
      what: 'Somebody used the Data API with the login of the master or of the broken glass.',
      log: 'trail',
      pattern: `{ ${all(
        is('eventSource', 'rdsdata*'),
        any(
          is('requestParameters.secretArn', secrets.master),
          is('requestParameters.secretArn', secrets.breakGlass.arn.replace(/-\?+$/, '*')),
        ),
      )} }`,
    },
    {
      section: 'break-glass-login',
      what: 'Somebody logged in to the database as break_glass.',
      log: 'database',
      pattern: '"connection authorized: user=break_glass"',
    },
    {
      section: 'sensitive-key-denied',
      what: 'Somebody was refused the sensitive key.',
      log: 'trail',
      pattern: `{ ${all(
        is('eventSource', 'kms.amazonaws.com'),
        is('errorCode', 'AccessDenied*'),
        any(is('resources[0].ARN', sensitiveKeyArn), is('requestParameters.keyId', sensitiveKeyArn)),
      )} }`,
    },
    {
      section: 'sensitive-policy-changed',
      what: 'Somebody changed who may use the sensitive key or read a sensitive secret.',
      log: 'trail',
      pattern: `{ ${any(
        `(${all(
          events('kms.amazonaws.com', 'PutKeyPolicy', 'CreateGrant', 'ScheduleKeyDeletion', 'DisableKey'),
          any(is('resources[0].ARN', sensitiveKeyArn), is('requestParameters.keyId', sensitiveKeyArn)),
        )})`,
        `(${all(
          events(
            'secretsmanager.amazonaws.com',
            'PutResourcePolicy',
            'DeleteResourcePolicy',
            'ReplicateSecretToRegions',
          ),
          any(is('requestParameters.secretId', sensitive), is('requestParameters.secretId', secrets.all)),
        )})`,
      )} }`,
    },
    {
      section: 'trail-changed',
      what: 'Somebody changed what is recorded, or who hears of it.',
      log: 'trail',
      pattern: `{ ${any(
        `(${events('cloudtrail.amazonaws.com', 'DeleteTrail', 'PutEventSelectors', 'StopLogging', 'UpdateTrail')})`,
        `(${events('monitoring.amazonaws.com', 'DeleteAlarms', 'DisableAlarmActions')})`,
        `(${events('logs.amazonaws.com', 'DeleteLogGroup', 'DeleteMetricFilter', 'PutMetricFilter')})`,
        `(${all(events('sns.amazonaws.com', 'DeleteTopic', 'SetTopicAttributes'), is('requestParameters.topicArn', topic.arn))})`,
        `(${events('sns.amazonaws.com', 'Unsubscribe')})`,
      )} }`,
    },
    {
      section: 'permission-set-changed',
      what: 'Somebody changed a permission set, who is assigned to one, or the boundary.',
      log: 'trail',
      pattern: `{ ${any(
        `(${events(
          'sso.amazonaws.com',
          ...['Attach*', 'Create*', 'Delete*', 'Detach*', 'Provision*', 'Put*', 'Update*'],
        )})`,
        `(${all(
          events(
            'iam.amazonaws.com',
            'CreatePolicyVersion',
            'DeletePolicyVersion',
            'SetDefaultPolicyVersion',
          ),
          is('requestParameters.policyArn', names.boundary.arn),
        )})`,
        `(${events('iam.amazonaws.com', 'DeleteRolePermissionsBoundary')})`,
      )} }`,
    },
  ];
}
