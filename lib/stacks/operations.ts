/** Who did what, who hears of it, and what is kept of it. Deployed by others than those who are watched. */
import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { FilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { Alerts } from '../observability/alerts';
import { ApprovalAlarms } from '../observability/approval-alarms';
import { AuditBucket } from '../observability/audit-bucket';
import { AuditKey } from '../observability/audit-key';
import { Detection, namespaceOf } from '../observability/detection';
import { detectorsOf } from '../observability/detectors';
import { SensitiveAccessDashboard } from '../observability/sensitive-access-dashboard';
import { Trail } from '../observability/trail';
import { heardBy, type Stage } from '../stage';
import { removalOf } from '../storage/private-bucket';
import { PlatformStack } from './platform-stack';

export interface OperationsStackProps {
  readonly stage: Stage;
  /** Whoever is refused it is news. */
  readonly sensitiveKey: IKey;
}

export class OperationsStack extends PlatformStack {
  /** Of the record, and of messages to people: whoever adds to either needs them. */
  readonly auditKey: IKey;
  readonly alertsKey: IKey;

  constructor(scope: Construct, id: string, { stage, sensitiveKey }: OperationsStackProps) {
    super(scope, id, {
      stage,
      deployer: 'sensitive',
      description: 'tenant-zero: trail, audit bucket, alarms, dashboard',
    });
    const { names } = this;
    const { prefix, buckets, logGroups, trail } = names;
    const { approvals } = names.roles;
    const removalPolicy = removalOf(stage.protection);
    const auditor = names.personaRole('SecurityAuditor');
    const administrators = [names.execution.sensitive, ...stage.sensitiveAdministrators];
    const guarded = {
      administrators,
      auditors: [auditor],
      removalPolicy,
    };
    const auditKey = new AuditKey(this, 'AuditKey', {
      ...guarded,
      alias: `${prefix}-audit`,
      description: 'The record: trail and audit bucket',
      trailArn: trail.arn,
      logGroupArn: logGroups.trail.arn,
      ledger: { bucketArn: `arn:aws:s3:::${buckets.audit}`, writer: approvals.arn },
    });
    this.auditKey = auditKey;
    const bucket = new AuditBucket(this, 'AuditBucket', {
      bucketName: buckets.audit,
      encryptionKey: auditKey,
      accessLogs: buckets.accessLogs,
      removalPolicy,
      lock: stage.protection === 'retained' ? 'compliance' : 'governance',
      lockFor: Duration.days(stage.logs.auditLockDays),
      trailArn: trail.arn,
      ledgerWriter: approvals.arn,
      readers: [auditor],
      administrators,
    });
    const { logGroup } = new Trail(this, 'Trail', {
      trailName: trail.name,
      logGroupName: logGroups.trail.name,
      bucket,
      encryptionKey: auditKey,
      retention: stage.logs.retentionDays,
      removalPolicy,
      buckets,
      functions: `arn:aws:lambda:${stage.region}:${stage.account}:function:${prefix}-`,
    });
    const { topic, key, action } = new Alerts(this, 'Alerts', {
      topicName: names.topic.name,
      key: { ...guarded, alias: `${prefix}-alerts`, description: 'Messages to people' },
      emails: heardBy(stage),
      slack: stage.alerts.slack,
      publishers: [approvals.arn],
    });
    topic.applyRemovalPolicy(removalPolicy);
    this.alertsKey = key;
    const databaseLog = stage.database.engine.kind === 'aurora' ? logGroups.database : logGroups.instance;
    new Detection(this, 'Detection', {
      prefix,
      detectors: detectorsOf(names, sensitiveKey.keyArn),
      logs: { trail: logGroup, database: LogGroup.fromLogGroupName(this, 'DatabaseLog', databaseLog.name) },
      action,
    });
    new ApprovalAlarms(this, 'Approvals', {
      prefix,
      stageName: stage.name,
      functionName: names.functions.approvals.name,
      action,
    });
    const counted = (filterId: string, metricName: string, pattern: string) =>
      new MetricFilter(this, filterId, {
        logGroup,
        filterPattern: FilterPattern.literal(pattern),
        metricNamespace: namespaceOf(prefix),
        metricName,
        metricValue: '1',
      }).metric({ statistic: 'Sum', period: Duration.hours(1) });
    new SensitiveAccessDashboard(this, 'Dashboard', {
      prefix,
      stageName: stage.name,
      shellsOpened: counted(
        'ShellsOpened',
        'shells-opened',
        '{ ($.eventName = "ExecuteCommand") && ($.errorCode NOT EXISTS) }',
      ),
      secretReads: counted(
        'SecretReads',
        'secret-reads',
        `{ ($.eventName = "GetSecretValue") && (($.requestParameters.secretId = "${prefix}/sensitive/*") || ($.requestParameters.secretId = "${names.secrets.all}")) }`,
      ),
    });
  }
}
