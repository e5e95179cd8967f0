/** What is counted, as one line of CloudWatch's embedded format per call. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS } from './contract';
import type { Hours } from './settings';

export type Metric = keyof typeof METRICS.names;

export class Measurements {
  private readonly values = new Map<Metric, number>();

  constructor(private readonly stage: string) {}

  count(metric: Metric): void {
    this.values.set(metric, (this.values.get(metric) ?? 0) + 1);
  }

  /** Measured, not counted: zero is news too. */
  measured(metric: Metric, value: number): void {
    this.values.set(metric, value);
  }

  /** The line must hold nothing else. Writes nothing where nothing was counted. */
  flush(write: (line: string) => void): void {
    if (this.values.size === 0) return;
    const metrics = new Metrics({ namespace: METRICS.namespace });
    for (const [metric, value] of this.values)
      metrics.addMetric(METRICS.names[metric], MetricUnit.Count, value);
    this.values.clear();
    const { _aws, ...rest } = metrics.serializeMetrics();
    // Powertools adds a dimension `service` that nobody asked for, and metrics of other dimensions are other metrics.
    const [directive] = _aws.CloudWatchMetrics;
    const { service: _, ...fields } = rest as Record<string, unknown>;
    const CloudWatchMetrics = [{ ...directive, Dimensions: [[METRICS.dimension]] }];
    write(
      JSON.stringify({ _aws: { ..._aws, CloudWatchMetrics }, ...fields, [METRICS.dimension]: this.stage }),
    );
  }
}

/** Whether nobody would be expected to work. */
export function isUnusual(at: Date, { from, to }: Hours): boolean {
  const hour = at.getUTCHours();
  return hour < from || hour >= to;
}
