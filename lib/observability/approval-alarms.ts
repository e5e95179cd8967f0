/** What rings about approvals: each says what happened, and how to go on stands in the runbook. */
import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IAlarmAction, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { METRICS } from '../../lambda/approvals/contract';
import { RunbookAlarm, type RunbookAlarmProps } from './runbook-alarm';

/** In one hour: an incident that somebody should know of, or somebody who approves without reading. */
const SPIKE = 5;

export interface ApprovalAlarmsProps {
  readonly prefix: string;
  readonly stageName: string;
  /** Of the approvals. */
  readonly functionName: string;
  readonly action: IAlarmAction;
}

export class ApprovalAlarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { prefix, stageName, functionName, action }: ApprovalAlarmsProps,
  ) {
    super(scope, id);
    const metric = (name: keyof typeof METRICS.names, statistic: string, period: Duration) =>
      approvalMetric(stageName, name, { statistic, period });
    const rings = (alarmId: string, alarm: Omit<RunbookAlarmProps, 'prefix' | 'action'>) =>
      new RunbookAlarm(this, alarmId, { prefix, action, ...alarm });
    const fiveMinutes = Duration.minutes(5);

    rings('CodesRefused', {
      section: 'totp-failures',
      what: 'Codes of approvers were refused several times.',
      metric: metric('codesRefused', 'Sum', Duration.minutes(15)),
      // One is a slip of the finger; at five the approver is locked.
      threshold: 3,
    });
    rings('Spike', {
      section: 'approvals-spike',
      what: `${SPIKE} requests for sensitive access, or more, were approved within an hour.`,
      metric: metric('approvals', 'Sum', Duration.hours(1)),
      threshold: SPIKE,
    });
    rings('UnusualHours', {
      section: 'approvals-at-unusual-hours',
      what: 'Sensitive access was approved at night.',
      metric: metric('unusualHours', 'Sum', fiveMinutes),
    });
    rings('UnexpectedPrincipal', {
      section: 'unexpected-principal',
      what: 'Somebody called the approvals who is none of the personas, or asked for what theirs may not.',
      metric: metric('unexpectedPrincipals', 'Sum', fiveMinutes),
    });
    rings('BreakGlass', {
      section: 'break-glass-used',
      what: 'Somebody broke the glass: sensitive access without an approver.',
      metric: metric('breakGlass', 'Sum', fiveMinutes),
    });
    rings('NotTold', {
      section: 'approvals-not-told',
      what: 'The approvals could not tell people what happened: the topic did not take the message.',
      metric: metric('notificationsLost', 'Sum', fiveMinutes),
    });
    rings('NotReviewed', {
      section: 'break-glass-not-reviewed',
      what: 'Broken glass has waited a day for an approver to look at it.',
      // The least of each hour: one moment in which nothing was open begins the day anew.
      metric: metric('reviewsOpen', 'Minimum', Duration.hours(1)),
      periods: 24,
      // Silence has an alarm of its own, and closes no review.
      missing: TreatMissingData.IGNORE,
    });
    rings('NotMeasured', {
      section: 'approvals-not-measured',
      what: 'The approvals have not said for a quarter of an hour how many grants are alive.',
      metric: metric('grantsAlive', 'SampleCount', fiveMinutes),
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      periods: 3,
      // A function that cannot even start sends nothing at all.
      missing: TreatMissingData.BREACHING,
    });
    rings('Failed', {
      section: 'approvals-failed',
      what: 'The approval function ended with an error of its own; a refusal is none.',
      metric: new Metric({
        namespace: 'AWS/Lambda',
        metricName: 'Errors',
        dimensionsMap: { FunctionName: functionName },
        statistic: 'Sum',
        period: fiveMinutes,
      }),
    });
  }
}

/** As the function sends it. */
export function approvalMetric(
  stageName: string,
  name: keyof typeof METRICS.names,
  { statistic, period }: { readonly statistic: string; readonly period: Duration },
): Metric {
  return new Metric({
    namespace: METRICS.namespace,
    metricName: METRICS.names[name],
    dimensionsMap: { [METRICS.dimension]: stageName },
    statistic,
    period,
  });
}
