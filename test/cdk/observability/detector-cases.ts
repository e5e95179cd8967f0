/**
 * Calls as CloudTrail records them, as far as detectors look: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/
 * cloudtrail-event-reference-record-contents.html. Of the Data API: `secretArn` is recorded, statements are masked.
 */
import { namesOf } from '../../../lib/names';
import { stageNamed } from '../../support/stages';

const names = namesOf(stageNamed('prod'));
export const KEY = 'arn:aws:kms:eu-central-1:333333333333:key/sensitive';
const { clusters, secrets, roles, boundary, topic, buckets } = names;

const call = (eventSource: string, eventName: string, requestParameters: object = {}, rest: object = {}) => ({
  eventSource: `${eventSource}.amazonaws.com`,
  eventName,
  requestParameters,
  userIdentity: { sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::333333333333:role/Somebody' } } },
  ...rest,
});
/** A session of a role: as who it acts, and the role behind it. */
const by = (role: string) => ({
  userIdentity: {
    arn: `${role.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/a-session`,
    sessionContext: { sessionIssuer: { arn: role } },
  },
});
const denied = { errorCode: 'AccessDenied', resources: [{ ARN: KEY }] };
/** KMS may leave out which key was asked for, and name it only in its message. */
const deniedWithoutKey = (key: string) => ({
  errorCode: 'AccessDenied',
  errorMessage: `User: somebody is not authorized to perform: kms:Decrypt on resource: ${key} because no resource-based policy allows the kms:Decrypt action`,
  requestParameters: null,
});
const shell = (cluster: string | undefined) => call('ecs', 'ExecuteCommand', cluster ? { cluster } : {});
const read = (secretId: string, rest: object = {}) =>
  call('secretsmanager', 'GetSecretValue', { secretId }, rest);
const engineer = 'AWSReservedSSO_ProdEngineer_0123456789abcdef';
const real = (arn: string) => arn.replaceAll('?', 'x').replaceAll('*', 'x');

/** What each detector hears, and the neighbour that it must not. A string is a line of the database's log. */
export const CASES: Record<string, { fires: (object | string)[]; silent: (object | string)[] }> = {
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
      read('rds!cluster-0123'),
      read(secrets.breakGlass.name, by('arn:aws:iam::333333333333:role/Somebody')),
      // The same name in another account.
      read(secrets.tokenKeys.name, by(roles.backendTask.arn.replace('333333333333', '444444444444'))),
      call('secretsmanager', 'BatchGetSecretValue', { filters: [{ key: 'name', values: ['tz'] }] }),
    ],
    silent: [
      read(secrets.tokenKeys.name, by(roles.backendTask.arn)),
      read(real(secrets.master), by(roles.databaseBootstrap.arn)),
      read(secrets.tokenKeys.name, by(roles.secretRotation.arn)),
      read(secrets.approver('ada').name, by(roles.approvals.arn)),
      read('another-secret'),
      call('secretsmanager', 'DescribeSecret', { secretId: secrets.breakGlass.name }),
    ],
  },
  'data-api-with-powerful-login': {
    fires: [
      call('rdsdataapi', 'ExecuteStatement', { secretArn: real(secrets.master) }),
      call('rdsdataapi', 'ExecuteStatement', { secretArn: real(secrets.breakGlass.arn) }),
      call('rdsdataapi', 'BeginTransaction', { secretArn: 'rds!cluster-0123' }),
      call('rdsdataapi', 'BatchExecuteStatement', { secretArn: secrets.breakGlass.name }),
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
      call('kms', 'Decrypt', {}, deniedWithoutKey(KEY)),
    ],
    silent: [
      call('kms', 'Decrypt', {}, { resources: [{ ARN: KEY }] }),
      call('kms', 'Decrypt', {}, { ...denied, resources: [{ ARN: 'other' }] }),
      call('kms', 'Decrypt', {}, deniedWithoutKey('arn:aws:kms:eu-central-1:333333333333:key/other')),
    ],
  },
  'sensitive-policy-changed': {
    fires: [
      ...['CreateGrant', 'DisableKey', 'PutKeyPolicy', 'ReplicateKey', 'ScheduleKeyDeletion'].map((action) =>
        call('kms', action, { keyId: KEY }),
      ),
      // Asked for by its alias.
      call('kms', 'DisableKey', { keyId: 'alias/tz-prod-sensitive' }, { resources: [{ ARN: KEY }] }),
      call('secretsmanager', 'PutResourcePolicy', { secretId: secrets.breakGlass.name }),
      call('secretsmanager', 'DeleteResourcePolicy', { secretId: real(secrets.tokenKeys.arn) }),
      // Another key, and the sensitive one no longer guards it.
      call('secretsmanager', 'UpdateSecret', { secretId: secrets.breakGlass.name, kmsKeyId: 'other' }),
      call('secretsmanager', 'DeleteSecret', { secretId: secrets.auditor.name }),
      call('secretsmanager', 'ReplicateSecretToRegions', { secretId: secrets.breakGlass.name }),
    ],
    silent: [
      // What rotation does.
      call('secretsmanager', 'PutSecretValue', { secretId: secrets.tokenKeys.name }),
      call('kms', 'PutKeyPolicy', { keyId: 'other' }),
      call('secretsmanager', 'PutResourcePolicy', { secretId: 'other' }),
    ],
  },
  'trail-changed': {
    fires: [
      ...['DeleteTrail', 'PutEventSelectors', 'StopLogging', 'UpdateTrail'].map((action) =>
        call('cloudtrail', action),
      ),
      ...['DeleteAlarms', 'DisableAlarmActions'].map((action) => call('monitoring', action)),
      ...['DeleteLogGroup', 'DeleteMetricFilter', 'PutMetricFilter'].map((action) => call('logs', action)),
      ...['DeleteTopic', 'SetTopicAttributes'].map((action) => call('sns', action, { topicArn: topic.arn })),
      call('sns', 'Unsubscribe'),
      call('monitoring', 'PutMetricAlarm', { alarmName: 'tz-prod-break-glass-login' }),
      call('monitoring', 'SetAlarmState', { alarmName: 'tz-prod-break-glass-login', stateValue: 'OK' }),
      call('logs', 'DeleteLogStream', { logGroupName: names.logGroups.trail.name }),
      call('logs', 'PutRetentionPolicy', { logGroupName: names.logGroups.trail.name }),
      call('s3', 'PutBucketPolicy', { bucketName: buckets.audit }),
      call('s3', 'DeleteObject', { bucketName: buckets.audit, key: 'AWSLogs/x' }, denied),
    ],
    silent: [
      // What scaling does.
      call('monitoring', 'PutMetricAlarm', { alarmName: 'TargetTracking-service/tz-prod-main/backend' }),
      call('s3', 'GetObject', { bucketName: buckets.audit, key: 'AWSLogs/x' }),
      call('s3', 'PutBucketPolicy', { bucketName: 'another' }),
      call('cloudtrail', 'DescribeTrails'),
      call('sns', 'SetTopicAttributes', { topicArn: 'other' }),
      call('logs', 'CreateLogStream'),
    ],
  },
  'permission-set-changed': {
    fires: [
      ...[
        'AttachManagedPolicyToPermissionSet',
        'CreateAccountAssignment',
        'DeletePermissionSet',
        'DetachManagedPolicyFromPermissionSet',
        'ProvisionPermissionSet',
        'PutInlinePolicyToPermissionSet',
        'UpdatePermissionSet',
      ].map((action) => call('sso', action)),
      ...['CreatePolicyVersion', 'DeletePolicy', 'DeletePolicyVersion', 'SetDefaultPolicyVersion'].map(
        (action) => call('iam', action, { policyArn: boundary.arn }),
      ),
      call('iam', 'DeleteRolePermissionsBoundary'),
      // As this account sees it when Identity Center lives in another one.
      ...['AttachRolePolicy', 'CreateRole', 'PutRolePolicy', 'UpdateAssumeRolePolicy'].map((action) =>
        call('iam', action, { roleName: engineer }),
      ),
    ],
    silent: [
      call('iam', 'GetRole', { roleName: engineer }),
      call('iam', 'ListRolePolicies', { roleName: engineer }),
      call('iam', 'PutRolePolicy', { roleName: 'tz-prod-backend-task' }),
      call('sso', 'DescribePermissionSet'),
      call('iam', 'CreatePolicyVersion', { policyArn: 'other' }),
    ],
  },
};
