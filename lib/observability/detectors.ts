/**
 * What must not happen unseen, as patterns over the trail and the log of the database. Each rings, and has a section in the
 * runbook. Patterns: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 *
 * Metric filters, and no event rules: a rule is some minutes faster, but unless told otherwise it hears of no call that only
 * reads, such as that of a secret, hears of nothing in other regions, where IAM is, and leaves no metric for the dashboard.
 * The trail delivers all of it into one log group, about five minutes after the call.
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
const named = (event: string) => is('eventName', event);
const events = (source: string, ...names: string[]) =>
  all(is('eventSource', source), any(...names.map(named)));
/** One of these events, about this thing. */
const on = (parameter: string, value: string, ...names: string[]) =>
  `(${all(any(...names.map(named)), is(`requestParameters.${parameter}`, value))})`;

/** Who acts. Of a role: the session. A service on its own behalf has none. */
const WHO = 'userIdentity.arn';
/** All sessions of a role: they do not name its path, and two roles of an account never share a name. */
const sessionsOf = ({ name }: { readonly name: string }, account: string) =>
  `arn:aws:sts::${account}:assumed-role/${name}/*`;
/** With or without the six characters at its end. */
const anyVersionOf = (arn: string) => arn.replace(/-\?+$/, '*');

export function detectorsOf(names: Names, sensitiveKeyArn: string): readonly Detector[] {
  const { account, boundary, buckets, clusters, logGroups, prefix, roles, secrets, topic } = names;
  // Read for their work, all day; a person who reads one is news.
  const machines = [roles.backendTask, roles.secretRotation, roles.databaseBootstrap, roles.approvals];
  const sensitive = `${prefix}/sensitive/*`;
  // What RDS manages. A secret is asked for by its name as well as by its ARN.
  const master = [secrets.master, 'rds!*'];
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
        any(
          // Names no secret when it asks with a filter, and nothing here works with it.
          is('eventName', 'BatchGetSecretValue'),
          `(${all(
            is('eventName', 'GetSecretValue'),
            any(...[sensitive, secrets.all, ...master].map((each) => is('requestParameters.secretId', each))),
            any(
              `($.${WHO} NOT EXISTS)`,
              `(${all(...machines.map((role) => isNot(WHO, sessionsOf(role, account))))})`,
            ),
          )})`,
        ),
      )} }`,
    },
    {
      section: 'data-api-with-powerful-login',
      what: 'Somebody used the Data API with the login of the master or of the broken glass.',
      log: 'trail',
      pattern: `{ ${all(
        is('eventSource', 'rdsdata*'),
        any(
          ...[...master, anyVersionOf(secrets.breakGlass.arn), secrets.breakGlass.name].map((each) =>
            is('requestParameters.secretArn', each),
          ),
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
        any(
          is('resources[0].ARN', sensitiveKeyArn),
          is('requestParameters.keyId', sensitiveKeyArn),
          // Of a call that it refuses KMS may record neither, but says which key it was.
          is('errorMessage', `*${sensitiveKeyArn}*`),
        ),
      )} }`,
    },
    {
      section: 'sensitive-policy-changed',
      what: 'Somebody changed who may use the sensitive key or read a sensitive secret.',
      log: 'trail',
      pattern: `{ ${any(
        `(${all(
          events(
            'kms.amazonaws.com',
            ...['CreateGrant', 'DisableKey', 'PutKeyPolicy', 'ReplicateKey', 'ScheduleKeyDeletion'],
          ),
          any(is('resources[0].ARN', sensitiveKeyArn), is('requestParameters.keyId', sensitiveKeyArn)),
        )})`,
        `(${all(
          events(
            'secretsmanager.amazonaws.com',
            // The second and the last give a secret to another key or another region.
            ...['DeleteSecret', 'UpdateSecret', 'PutResourcePolicy', 'DeleteResourcePolicy'],
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
      // No other service has events of these names: their source would only make the pattern too long.
      pattern: `{ ${any(
        ...['DeleteTrail', 'PutEventSelectors', 'StopLogging', 'UpdateTrail'].map(named),
        ...['DeleteAlarms', 'DisableAlarmActions'].map(named),
        ...['DeleteLogGroup', 'DeleteMetricFilter', 'PutMetricFilter'].map(named),
        `(${events('sns.amazonaws.com', 'Unsubscribe')})`,
        on('topicArn', topic.arn, 'DeleteTopic', 'SetTopicAttributes'),
        on('logGroupName', logGroups.trail.name, 'DeleteLogStream', 'PutRetentionPolicy'),
        // Scaling makes alarms of its own all day.
        on('alarmName', `${prefix}-*`, 'PutMetricAlarm', 'SetAlarmState'),
        // Whoever only tries to delete an entry, too. What the trail itself puts there is not recorded.
        on('bucketName', buckets.audit, 'Delete*', 'Put*'),
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
            ...['CreatePolicyVersion', 'DeletePolicy', 'DeletePolicyVersion', 'SetDefaultPolicyVersion'],
          ),
          is('requestParameters.policyArn', boundary.arn),
        )})`,
        // What Identity Center makes of a permission set here: seen even if it lives in another account.
        `(${all(
          is('eventSource', 'iam.amazonaws.com'),
          is('requestParameters.roleName', 'AWSReservedSSO_*'),
          isNot('eventName', 'Get*'),
          isNot('eventName', 'List*'),
        )})`,
        `(${events('iam.amazonaws.com', 'DeleteRolePermissionsBoundary')})`,
      )} }`,
    },
  ];
}
