/** The record of what was done: reading what is sensitive in it, forging it, and getting rid of it. */
import type { Estate, Target } from '../estate/estate';
import { text } from '../estate/properties';
import type { Capability, Way } from './capability';
import type { Classes } from './classes';
import { anyOf, arns, each, isCalled, objectsOf, ofType, step, streamsOf, way } from './ways';

const OF_OBJECTS = ['s3:DeleteObject', 's3:DeleteObjectVersion'];
const OF_BUCKETS = [
  's3:PutBucketPolicy',
  's3:DeleteBucketPolicy',
  's3:PutLifecycleConfiguration',
  's3:DeleteBucket',
  's3:PutBucketVersioning',
  's3:PutBucketObjectLockConfiguration',
];
const OF_GROUPS = ['logs:DeleteLogGroup', 'logs:PutRetentionPolicy', 'logs:DisassociateKmsKey'];

const nameOf = ({ name }: Target): string => name;

export function recordCapabilities(estate: Estate, classes: Classes): Capability[] {
  const trails = ofType(estate, 'AWS::CloudTrail::Trail');
  const buckets = recordBuckets(estate, classes, trails);
  const groups = recordGroups(classes, trails);
  return [
    ...each(classes.logGroups.sensitive, nameOf, {
      id: 'records:read',
      verb: 'read the sensitive log',
      group: 'records',
      ways: readingGroup,
    }),
    ...each(classes.buckets.sensitive, nameOf, {
      id: 'records:read',
      verb: 'read the sensitive log',
      group: 'records',
      ways: (bucket) => readingBucket(bucket, classes),
    }),
    // With whatever encryption the writer names: the bucket's own key refuses nobody who names another.
    ...each(buckets, nameOf, {
      id: 'records:write',
      verb: 'put an entry into the record',
      group: 'records',
      ways: ({ arn }) => anyOf(['s3:PutObject'], objectsOf(arn)),
    }),
    {
      id: 'trail:off',
      title: 'turn off or change the audit trail',
      group: 'records',
      ways: anyOf(
        [
          'cloudtrail:StopLogging',
          'cloudtrail:DeleteTrail',
          'cloudtrail:UpdateTrail',
          'cloudtrail:PutEventSelectors',
          'cloudtrail:PutInsightSelectors',
        ],
        arns(trails),
      ),
    },
    ...each(buckets, nameOf, {
      id: 'records:delete',
      verb: 'delete, or let be deleted, what is recorded in',
      group: 'records',
      ways: (bucket) => [
        ...anyOf(OF_OBJECTS, objectsOf(bucket.arn)),
        ...anyOf(OF_BUCKETS, [bucket.arn]),
        ...shorteningRetention(bucket),
      ],
    }),
    ...each(groups, nameOf, {
      id: 'records:delete',
      verb: 'delete, or let be deleted, what is recorded in',
      group: 'records',
      ways: ({ arn }) => [...anyOf(OF_GROUPS, [arn]), ...anyOf(['logs:DeleteLogStream'], streamsOf(arn))],
    }),
    {
      id: 'alarms:off',
      title: 'silence an alarm',
      group: 'records',
      ways: [
        ...anyOf(
          [
            'cloudwatch:DeleteAlarms',
            'cloudwatch:DisableAlarmActions',
            'cloudwatch:PutMetricAlarm',
            'cloudwatch:SetAlarmState',
          ],
          arns(ofType(estate, 'AWS::CloudWatch::Alarm')),
        ),
        ...anyOf(['logs:DeleteMetricFilter', 'logs:PutMetricFilter'], metricGroups(estate)),
        ...anyOf(
          ['sns:DeleteTopic', 'sns:SetTopicAttributes', 'sns:RemovePermission', 'sns:AddPermission'],
          arns(ofType(estate, 'AWS::SNS::Topic')),
        ),
        ...(estate.resources.some(({ type }) => type === 'AWS::SNS::Subscription')
          ? anyOf(['sns:Unsubscribe'], arns(ofType(estate, 'AWS::SNS::Topic')))
          : []),
        ...anyOf(
          ['events:DeleteRule', 'events:DisableRule', 'events:RemoveTargets', 'events:PutRule'],
          arns(ofType(estate, 'AWS::Events::Rule')),
        ),
      ],
    },
    {
      id: 'trail:read',
      title: 'read what the audit trail recorded',
      group: 'records',
      ways: trails.length === 0 ? [] : [{ steps: [step('cloudtrail:LookupEvents')] }],
    },
  ];
}

function readingGroup({ arn }: Target): Way[] {
  const group = arn.replace(/:\*$/, '');
  return [
    ...anyOf(['logs:GetLogEvents'], streamsOf(arn)),
    ...anyOf(
      [
        'logs:FilterLogEvents',
        'logs:StartQuery',
        'logs:StartLiveTail',
        'logs:CreateExportTask',
        'logs:PutSubscriptionFilter',
      ],
      [group],
    ),
  ];
}

function readingBucket(bucket: Target, { keyOf }: Classes): Way[] {
  const key = keyOf(bucket)?.arn;
  return objectsOf(bucket.arn).map((object) => ({
    steps: [step('s3:GetObject', object)],
    ...(key
      ? { also: [step('kms:Decrypt', key, { 'kms:ViaService': `s3.${bucket.region}.amazonaws.com` })] }
      : {}),
  }));
}

/** In governance mode; in compliance mode nobody does, but somebody who may has to be told apart from somebody who may not. */
function shorteningRetention(bucket: Target): Way[] {
  if (String(bucket.properties.ObjectLockEnabled) !== 'true') return [];
  return objectsOf(bucket.arn).map((object) =>
    way(step('s3:PutObjectRetention', object), step('s3:BypassGovernanceRetention', object)),
  );
}

/** What trails write into, and what is both sensitive and a log. */
function recordBuckets(estate: Estate, { buckets }: Classes, trails: readonly Target[]): Target[] {
  const named = trails.map(({ properties }) => text(properties.S3BucketName));
  const ofTrails = ofType(estate, 'AWS::S3::Bucket').filter(({ name }) => named.includes(name));
  return [...new Set([...ofTrails, ...buckets.sensitive])];
}

function recordGroups({ logGroups: { sensitive, ordinary } }: Classes, trails: readonly Target[]): Target[] {
  const named = trails.map(({ properties }) => text(properties.CloudWatchLogsLogGroupArn));
  return [...sensitive, ...ordinary.filter(({ arn }) => named.includes(arn))];
}

/** Log groups that alarms listen to. */
function metricGroups({ resources, targets }: Estate): string[] {
  const filters = resources.filter(({ type }) => type === 'AWS::Logs::MetricFilter');
  return arns(
    targets.filter(
      (group) =>
        group.type === 'AWS::Logs::LogGroup' &&
        filters.some(({ properties, stack }) => isCalled(group, text(properties.LogGroupName), stack)),
    ),
  );
}
