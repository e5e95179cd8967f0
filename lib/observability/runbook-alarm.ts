/** An alarm that says what to do: its name is a section of the runbook (`test/cdk/runbook.test.ts`). */
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** Where the runbook is, for whoever reads the message at night. */
export const RUNBOOK = 'docs/runbook.md';

export interface RunbookAlarmProps {
  /** Beginning of the alarm's name, such as `tz-prod`. */
  readonly prefix: string;
  /** Kebab-case: the rest of the alarm's name, and the section of the runbook. */
  readonly section: string;
  /** One sentence. */
  readonly what: string;
  readonly metric: IMetric;
  /** Rings from this number on, in one period. @default - 1 */
  readonly threshold?: number;
  /** @default - from the threshold on */
  readonly comparison?: ComparisonOperator;
  /** Of the metric, all of them in a row. @default - 1 */
  readonly periods?: number;
  /** @default - no data is no trouble: nothing happened is what most of these count most of the time */
  readonly missing?: TreatMissingData;
  readonly action: IAlarmAction;
}

export class RunbookAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: RunbookAlarmProps) {
    super(scope, id, {
      alarmName: `${props.prefix}-${props.section}`,
      alarmDescription: `${props.what} ${RUNBOOK}#${props.section}`,
      metric: props.metric,
      threshold: props.threshold ?? 1,
      comparisonOperator: props.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: props.periods ?? 1,
      treatMissingData: props.missing ?? TreatMissingData.NOT_BREACHING,
    });
    this.addAlarmAction(props.action);
  }
}
