/** Detectors as metrics of log groups, each with its alarm. */
import { Duration } from 'aws-cdk-lib';
import { type IAlarmAction, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Detector } from './detectors';
import { RunbookAlarm } from './runbook-alarm';

export interface DetectionProps {
  readonly prefix: string;
  readonly detectors: readonly Detector[];
  readonly logs: Readonly<Record<Detector['log'], ILogGroup>>;
  readonly action: IAlarmAction;
}

/** Metrics of all detectors of a stage. */
export const namespaceOf = (prefix: string) => `TenantZero/Detection/${prefix}`;

export class Detection extends Construct {
  constructor(scope: Construct, id: string, { prefix, detectors, logs, action }: DetectionProps) {
    super(scope, id);
    for (const { section, what, log, pattern } of detectors) {
      const filter = new MetricFilter(this, `${section}-filter`, {
        logGroup: logs[log],
        filterPattern: FilterPattern.literal(pattern),
        metricNamespace: namespaceOf(prefix),
        metricName: section,
        metricValue: '1',
      });
      const metric = filter.metric({ statistic: 'Sum', period: Duration.minutes(5) });
      new RunbookAlarm(this, section, { prefix, section, what, metric, action });
    }
  }
}

/** How often a detector fired: for the dashboard. */
export function detected(prefix: string, section: string): Metric {
  return new Metric({
    namespace: namespaceOf(prefix),
    metricName: section,
    statistic: 'Sum',
    period: Duration.hours(1),
  });
}
