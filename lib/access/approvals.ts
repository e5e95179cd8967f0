/**
 * Checks one-time codes and makes grants. Whoever may call it only asks: who calls is proved to it (`lambda/approvals`), and
 * what is granted the database decides. Once a minute a schedule lets it say how it stands.
 */
import { Duration, Stack, Tokenization } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ENVIRONMENT, HANDLERS, LEDGER_FOLDER, MEASURE } from '../../lambda/approvals/contract';
import type { Database } from '../data/database';
import type { FunctionPackage } from '../functions/function-package';
import { type FunctionSurroundings, IsolatedFunction } from '../functions/isolated-function';
import { acknowledge } from '../nag/acknowledge';
import { mayReplaceSecrets } from './secret-rights';

/** The login that may call the functions of the approval path, and the two as which a revocation is proved. */
const LOGINS = { gate: 'sensitive_gate', support: 'support_shell', console: 'staff_admin' } as const;

/** Of an ordinary day, UTC. */
const OFFICE_HOURS = '6-20';

/** `ledger/000000000042.json`: sequences have twelve digits, so this is every head and nothing else. */
const HEADS = `${LEDGER_FOLDER}/${'?'.repeat(12)}.json`;

export interface ApprovalsProps extends FunctionSurroundings {
  readonly functionName: string;
  readonly roleName: string;
  readonly package: FunctionPackage;
  readonly stageName: string;
  readonly database: Database;
  readonly sensitiveKey: IKey;
  readonly tokenKeys: { readonly name: string; readonly arn: string };
  /** Beginning of the names of the approvers' secrets. */
  readonly approverSecrets: string;
  /** The seed of each approver that the stage declares: ARN pattern by name. */
  readonly approvers: Readonly<Record<string, { readonly arn: string }>>;
  /** For people, and the key of its messages. */
  readonly topic: { readonly arn: string; readonly key: IKey };
  /** Heads of the ledger are put there: name of the bucket, and its key. */
  readonly audit: { readonly bucketName: string; readonly key: IKey };
  /** Of the schedule. */
  readonly ruleName: string;
}

export class Approvals extends Construct {
  constructor(scope: Construct, id: string, props: ApprovalsProps) {
    super(scope, id);
    const { database } = props;
    const approvals = new IsolatedFunction(this, 'Function', {
      ...props,
      code: props.package.code,
      description: 'Checks one-time codes, makes grants and ends them',
      handler: HANDLERS.handler,
      timeout: Duration.seconds(60),
      memorySize: 512,
      // People wait for it: several of them at a time, and the schedule besides.
      concurrency: 5,
      environment: environmentOf(props, Stack.of(this).account),
    });
    for (const login of Object.values(LOGINS)) database.grantConnect(approvals.role, login);
    mayReplaceSecrets(approvals.role, props.sensitiveKey, {
      read: [props.tokenKeys.arn],
      replaced: Object.values(props.approvers).map(({ arn }) => arn),
    });
    this.mayTell(approvals, props);
    this.mayEndShells(approvals);

    new Rule(this, 'Measure', {
      ruleName: props.ruleName,
      description: 'Lets the approvals say how many grants are alive, and hand out the head of the ledger',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [
        new LambdaTarget(approvals.function, {
          event: RuleTargetInput.fromObject(MEASURE),
          // The next minute comes soon enough.
          retryAttempts: 0,
          maxEventAge: Duration.minutes(1),
        }),
      ],
    });
  }

  /** People, and the bucket in which nothing is changed: it compares a head that is there already, and reads nothing else. */
  private mayTell({ role }: IsolatedFunction, { topic, audit }: ApprovalsProps): void {
    const via = (service: string) => ({
      StringEquals: { 'kms:ViaService': `${service}.${Stack.of(this).region}.amazonaws.com` },
    });
    const may = (sid: string, actions: string[], resource: string, conditions = {}) =>
      role.addToPrincipalPolicy(new PolicyStatement({ sid, actions, resources: [resource], conditions }));
    may('TellPeople', ['sns:Publish'], topic.arn);
    may('EncryptMessages', ['kms:Decrypt', 'kms:GenerateDataKey'], topic.key.keyArn, via('sns'));
    may('HandOutHeads', ['s3:GetObject', 's3:PutObject'], `arn:aws:s3:::${audit.bucketName}/${HEADS}`);
    may('EncryptHeads', ['kms:Decrypt', 'kms:GenerateDataKey'], audit.key.keyArn, via('s3'));
  }

  /** Sessions that ECS Exec opened, and no others. IAM knows no task of a session before it is there. */
  private mayEndShells({ role }: IsolatedFunction): void {
    const { region, account } = Stack.of(this);
    const sessions = `arn:aws:ssm:${region}:${account}:session/ecs-execute-command-*`;
    role.addToPrincipalPolicy(
      new PolicyStatement({ sid: 'EndShells', actions: ['ssm:TerminateSession'], resources: [sessions] }),
    );
    acknowledge(role, {
      rules: [`AwsSolutions-IAM5[Resource::${sessions}]`],
      reason: 'Each shell is a new session; to end one that nobody should have opened is no harm',
      owner: 'security',
      until: '2027-11-30',
    });
  }
}

function environmentOf(props: ApprovalsProps, account: string): Record<string, string> {
  const { database } = props;
  return {
    [ENVIRONMENT.stage]: props.stageName,
    [ENVIRONMENT.functionName]: props.functionName,
    [ENVIRONMENT.account]: account,
    [ENVIRONMENT.host]: database.host,
    [ENVIRONMENT.port]: Tokenization.stringifyNumber(database.port),
    [ENVIRONMENT.database]: database.name,
    [ENVIRONMENT.login]: 'iam',
    [ENVIRONMENT.gateUser]: LOGINS.gate,
    [ENVIRONMENT.supportUser]: LOGINS.support,
    [ENVIRONMENT.consoleUser]: LOGINS.console,
    [ENVIRONMENT.tokenKeys]: props.tokenKeys.name,
    [ENVIRONMENT.approverSecrets]: props.approverSecrets,
    [ENVIRONMENT.approvers]: Object.keys(props.approvers).join(','),
    [ENVIRONMENT.topic]: props.topic.arn,
    [ENVIRONMENT.auditBucket]: props.audit.bucketName,
    [ENVIRONMENT.officeHours]: OFFICE_HOURS,
  };
}
