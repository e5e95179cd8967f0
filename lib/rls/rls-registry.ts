/**
 * Migrates, applies the registry and verifies, on every deploy, and verifies again every hour. What must not change before
 * the tables are protected depends on this construct.
 */
import { CustomResource, Duration, Tokenization } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  ATTRIBUTES,
  ENVIRONMENT,
  HANDLERS,
  METRICS,
  PACKAGE,
  PROPERTIES,
} from '../../lambda/rls-registry/contract';
import { type FunctionSurroundings, IsolatedFunction } from '../functions/isolated-function';
import { ResourceProvider } from '../functions/resource-provider';
import type { RegistryDatabase } from './registry-database';

/** The logins that bootstrap made for the two parts of the work (`sql/db/bootstrap.ts`). */
const APPLIER = 'registry_applier';
const MIGRATOR = 'migrator';

/** Written where alarms would go, by whoever wants none. */
export interface NoAlarms {
  readonly noAlarms: true;
  readonly why: string;
}

export interface RlsRegistryProps extends FunctionSurroundings {
  readonly database: RegistryDatabase;
  /** The package of `lambda/rls-registry`: bundle, registry, migrations, certificates. */
  readonly code: Code;
  /**
   * Hash of all that decides what this release does to the database: the package, and the image where that migrates. The
   * same again after a rollback (ADR 6).
   */
  readonly release: string;
  /** Different in every deploy: CloudFormation calls the function only when a property changes. */
  readonly deployment: string;
  /** Beginning of the names of functions and rules, such as `tz-prod`. */
  readonly prefix: string;
  readonly roleName: string;
  /** The package has migrations, and the function runs them. */
  readonly migrates: boolean;
  readonly alarms: { readonly action: IAlarmAction; readonly runbook: string } | NoAlarms;
}

export class RlsRegistry extends Construct {
  readonly resource: CustomResource;
  readonly alarms: readonly Alarm[];
  private readonly database: RegistryDatabase;

  constructor(scope: Construct, id: string, props: RlsRegistryProps) {
    super(scope, id);
    this.database = props.database;
    const environment = environmentOf(props);
    const { functionName: deployName, ...deploying } = {
      ...props,
      functionName: `${props.prefix}-rls-registry`,
    };
    const onEvent = new IsolatedFunction(this, 'Deploy', {
      ...deploying,
      functionName: deployName,
      description: 'Migrates, applies the row-security registry and verifies it, on every deploy',
      handler: HANDLERS.onEvent,
      environment,
      // As long as Lambda allows: what the function could not finish it can go on with in the next deploy.
      timeout: Duration.minutes(15),
      memorySize: 512,
      concurrency: 1,
    });
    const onSchedule = new IsolatedFunction(this, 'Verify', {
      ...props,
      roleName: `${props.roleName}-verify`,
      functionName: `${props.prefix}-rls-verify`,
      description: 'Verifies every hour that the tables are protected as the registry says',
      handler: HANDLERS.onSchedule,
      environment,
      timeout: Duration.minutes(10),
      memorySize: 512,
      concurrency: 1,
    });
    for (const each of [onEvent, onSchedule]) props.database.grantConnect(each.role, APPLIER);
    if (props.migrates) props.database.grantConnect(onEvent.role, MIGRATOR);

    this.resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::RlsRegistry',
      serviceToken: new ResourceProvider(this, 'Provider', {
        ...props,
        name: `${props.prefix}-rls-registry-provider`,
        onEvent,
      }).serviceToken,
      // The function gives its reason a minute before CloudFormation would give up without one.
      serviceTimeout: Duration.minutes(16),
      properties: { [PROPERTIES.release]: props.release, Deployment: props.deployment },
    });
    // Its policies are resources beside the role: without them the function is called before it may log in.
    this.resource.node.addDependency(onEvent);

    new Rule(this, 'Hourly', {
      ruleName: `${props.prefix}-rls-verify`,
      description: 'Verification of the registry between deploys',
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [
        new LambdaTarget(onSchedule.function, {
          event: RuleTargetInput.fromObject({}),
          // The next hour comes soon enough; two at a time would wait for one another.
          retryAttempts: 0,
          maxEventAge: Duration.minutes(10),
        }),
      ],
    });
    this.alarms = 'noAlarms' in props.alarms ? [] : this.alarmsOf(props.alarms, props.prefix);
  }

  /** An attribute of the custom resource, for outputs. */
  attribute(name: keyof typeof ATTRIBUTES): string {
    return this.resource.getAttString(ATTRIBUTES[name]);
  }

  metric(name: keyof typeof METRICS.names, statistic: string): Metric {
    const { namespace, dimensions, operations, names } = METRICS;
    return new Metric({
      namespace,
      metricName: names[name],
      dimensionsMap: {
        [dimensions.database]: this.database.name,
        [dimensions.operation]: operations.verify,
      },
      statistic,
      period: Duration.hours(1),
    });
  }

  private alarmsOf({ action, runbook }: { action: IAlarmAction; runbook: string }, prefix: string): Alarm[] {
    const drift = new Alarm(this, 'DriftAlarm', {
      alarmName: `${prefix}-registry-drift`,
      alarmDescription: `The database is not what the registry says. ${runbook}#registry-drift`,
      metric: this.metric('findings', 'Maximum'),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // Two in a row: the function's code changes some minutes before a deploy calls it.
      evaluationPeriods: 2,
      treatMissingData: TreatMissingData.IGNORE,
    });
    const silence = new Alarm(this, 'SilenceAlarm', {
      alarmName: `${prefix}-registry-silence`,
      alarmDescription: `Nobody has verified the registry for two hours. ${runbook}#registry-silence`,
      metric: this.metric('durationMs', 'SampleCount'),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 2,
      // A function that cannot even start sends nothing at all.
      treatMissingData: TreatMissingData.BREACHING,
    });
    for (const alarm of [drift, silence]) alarm.addAlarmAction(action);
    return [drift, silence];
  }
}

function environmentOf({ database, migrates }: RlsRegistryProps): Record<string, string> {
  return {
    [ENVIRONMENT.host]: database.host,
    [ENVIRONMENT.port]: Tokenization.stringifyNumber(database.port),
    [ENVIRONMENT.database]: database.name,
    [ENVIRONMENT.login]: 'iam',
    [ENVIRONMENT.applierUser]: APPLIER,
    ...(migrates
      ? { [ENVIRONMENT.migrationsDir]: PACKAGE.migrations, [ENVIRONMENT.migratorUser]: MIGRATOR }
      : {}),
  };
}
