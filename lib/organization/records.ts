/** What was recorded stays, recording goes on, and whoever should hear of it does. */
import type { Names } from '../names';
import { deny, type Guardrail, unless } from './guardrail';

/** @param exempt - ARNs of roles that manage the sensitive class */
export function records(names: Names, exempt: readonly string[]): Guardrail {
  const { account, region, prefix, buckets, logGroups, topic, trail } = names;
  const immutable = [buckets.audit, buckets.transcripts].map((name) => `arn:aws:s3:::${name}`);
  const withStreams = (...groups: { readonly arn: string }[]) =>
    groups.flatMap(({ arn }) => [arn, `${arn}:*`]);
  const { database, instance, transcripts } = logGroups;
  return {
    description: 'What was recorded stays, and recording goes on',
    statements: [
      deny(
        'Trail',
        ['cloudtrail:DeleteTrail', 'cloudtrail:Put*', 'cloudtrail:StopLogging', 'cloudtrail:UpdateTrail'],
        trail.arn,
        unless(...exempt),
      ),
      // Nobody, not even the deployer: an entry ends with its retention.
      deny(
        'Entries',
        ['s3:BypassGovernanceRetention', 's3:DeleteObject', 's3:DeleteObjectVersion'],
        immutable.flatMap((arn) => [arn, `${arn}/*`]),
      ),
      // Lock, replication and lifecycle as well: each of them ends an entry, or sends it away.
      deny(
        'Buckets',
        [
          's3:DeleteBucket*',
          's3:PutBucket*',
          's3:PutEncryptionConfiguration',
          's3:PutLifecycleConfiguration',
          's3:PutReplicationConfiguration',
        ],
        [...immutable, `arn:aws:s3:::${buckets.accessLogs}`],
        unless(...exempt),
      ),
      deny(
        'LogGroups',
        [
          'logs:AssociateKmsKey',
          'logs:DeleteLogGroup',
          'logs:DeleteLogStream',
          // Detectors are metric filters: without them the trail is written and nobody hears of it.
          'logs:DeleteMetricFilter',
          'logs:DisassociateKmsKey',
          'logs:PutMetricFilter',
          'logs:PutRetentionPolicy',
          'logs:PutSubscriptionFilter',
        ],
        withStreams(database, instance, transcripts, logGroups.trail),
        unless(...exempt),
      ),
      // A subscription of the whole account copies each log group, and names none.
      deny('LogsOfTheAccount', ['logs:PutAccountPolicy'], '*', unless(...exempt)),
      // CloudWatch decrypts for whoever may read a group: the sensitive key stops no administrator here.
      deny(
        'StatementsAndTranscripts',
        [
          'logs:CreateExportTask',
          'logs:FilterLogEvents',
          'logs:GetLogEvents',
          'logs:GetLogRecord',
          'logs:StartLiveTail',
          'logs:StartQuery',
        ],
        withStreams(database, instance, transcripts),
        unless(names.personaRole('SecurityAuditor')),
      ),
      deny(
        'Alarms',
        [
          'cloudwatch:DeleteAlarms',
          'cloudwatch:DisableAlarmActions',
          'cloudwatch:PutMetricAlarm',
          'cloudwatch:SetAlarmState',
          'events:DeleteRule',
          'events:DisableRule',
          'events:PutRule',
          'events:PutTargets',
          'events:RemoveTargets',
        ],
        [
          `arn:aws:cloudwatch:${region}:${account}:alarm:${prefix}-*`,
          `arn:aws:events:${region}:${account}:rule/${prefix}-*`,
        ],
        // The alarms on the registry and the rule of failed backups are the platform's.
        unless(...exempt, names.execution.platform),
      ),
      deny(
        'Topic',
        [
          'sns:AddPermission',
          'sns:DeleteTopic',
          'sns:RemovePermission',
          'sns:SetTopicAttributes',
          'sns:Unsubscribe',
        ],
        topic.arn,
        unless(...exempt),
      ),
    ],
  };
}
