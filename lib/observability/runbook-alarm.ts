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
  readonly action: IAlarmAction;
}

export class RunbookAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: RunbookAlarmProps) {
    super(scope, id, {
      alarmName: `${props.prefix}-${props.section}`,
      alarmDescription: `${props.what} ${RUNBOOK}#${props.section}`,
      metric: props.metric,
      threshold: props.threshold ?? 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      // Nothing happened is what these count most of the time.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    this.addAlarmAction(props.action);
  }
}
