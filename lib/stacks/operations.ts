/** Who did what, who hears of it, and what is kept of it. Deployed by others than those who are watched. */
import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { FilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { METRICS } from '../../lambda/approvals/contract';
import { Alerts } from '../observability/alerts';
import { AuditBucket } from '../observability/audit-bucket';
import { AuditKey } from '../observability/audit-key';
import { Detection, namespaceOf } from '../observability/detection';
import { detectorsOf } from '../observability/detectors';
import { RunbookAlarm } from '../observability/runbook-alarm';
import { SensitiveAccessDashboard } from '../observability/sensitive-access-dashboard';
import { Trail } from '../observability/trail';
import type { Stage } from '../stage';
import { removalOf } from '../storage/private-bucket';
import { PlatformStack } from './platform-stack';

export interface OperationsStackProps {
  readonly stage: Stage;
  /** Whoever is refused it is news. */
  readonly sensitiveKey: IKey;
}

export class OperationsStack extends PlatformStack {
  constructor(scope: Construct, id: string, { stage, sensitiveKey }: OperationsStackProps) {
    super(scope, id, {
      stage,
      deployer: 'sensitive',
      description: 'tenant-zero: trail, audit bucket, alarms, dashboard',
    });
    const { names } = this;
    const { prefix, buckets, logGroups, trail } = names;
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
    });
    const bucket = new AuditBucket(this, 'AuditBucket', {
      bucketName: buckets.audit,
      encryptionKey: auditKey,
      accessLogs: buckets.accessLogs,
      removalPolicy,
      lock: stage.protection === 'retained' ? 'compliance' : 'governance',
      lockFor: Duration.days(stage.logs.auditLockDays),
      trailArn: trail.arn,
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
    const { topic, action } = new Alerts(this, 'Alerts', {
      topicName: names.topic.name,
      key: { ...guarded, alias: `${prefix}-alerts`, description: 'Messages to people' },
      emails: stage.alerts.emails,
      slack: stage.alerts.slack,
      publishers: [names.roles.approvals.arn],
    });
    topic.applyRemovalPolicy(removalPolicy);
    const databaseLog = stage.database.engine.kind === 'aurora' ? logGroups.database : logGroups.instance;
    new Detection(this, 'Detection', {
      prefix,
      detectors: detectorsOf(names, sensitiveKey.keyArn),
      logs: { trail: logGroup, database: LogGroup.fromLogGroupName(this, 'DatabaseLog', databaseLog.name) },
      action,
    });
    new RunbookAlarm(this, 'CodesRefused', {
      prefix,
      section: 'totp-failures',
      what: 'Codes of approvers were refused several times.',
      metric: new Metric({
        namespace: METRICS.namespace,
        metricName: METRICS.names.codesRefused,
        dimensionsMap: { [METRICS.dimension]: stage.name },
        statistic: 'Sum',
        period: Duration.minutes(15),
      }),
      // One is a slip of the finger; at five the approver is locked.
      threshold: 3,
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
