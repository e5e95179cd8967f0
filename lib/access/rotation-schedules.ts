/**
 * When secrets are rotated. Secrets Manager tries a new schedule at once: it asks the function whether the value that is there
 * works. So schedules come after the registry, which lets the logins in, and after the first keys.
 */
import type { Duration } from 'aws-cdk-lib';
import { CfnRotationSchedule } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

export interface RotationSchedulesProps {
  /** Name of each secret, by what it is. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Lets Secrets Manager of this account call it. */
  readonly functionArn: string;
  readonly every: Duration;
}

export class RotationSchedules extends Construct {
  constructor(scope: Construct, id: string, { secrets, functionArn, every }: RotationSchedulesProps) {
    super(scope, id);
    let before: CfnRotationSchedule | undefined;
    for (const [what, secretId] of Object.entries(secrets)) {
      const schedule: CfnRotationSchedule = new CfnRotationSchedule(this, what, {
        secretId,
        rotationLambdaArn: functionArn,
        // A deploy rotates nothing: the first time comes with the schedule.
        rotateImmediatelyOnUpdate: false,
        rotationRules: { scheduleExpression: `rate(${every.toDays()} days)` },
      });
      // One after another: the function runs for few callers at a time.
      if (before) schedule.addResourceDependency(before);
      before = schedule;
    }
  }
}
