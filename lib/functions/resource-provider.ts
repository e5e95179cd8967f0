/** The CDK's framework around a function that answers CloudFormation, with roles and logs of ours. */
import { type CfnElement, type Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { acknowledge } from '../nag/acknowledge';
import { COMPLIANCE, inPacks, NOBODY_READS_DEAD_LETTERS } from '../nag/standing';
import type { IsolatedFunction } from './isolated-function';

export interface ResourceProviderProps {
  /** Of the framework's log group: `/aws/lambda/<name>`. */
  readonly name: string;
  readonly onEvent: IsolatedFunction;
  /** @default - the work is done when `onEvent` returns */
  readonly waiting?: {
    readonly isComplete: IsolatedFunction;
    readonly every: Duration;
    readonly atMost: Duration;
  };
  readonly key: IKey;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

export class ResourceProvider extends Construct {
  readonly serviceToken: string;
  private readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, { name, onEvent, waiting, key, ...logs }: ResourceProviderProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${name}`,
      encryptionKey: key,
      retention: logs.logRetention,
      removalPolicy: logs.removalPolicy,
    });
    const role = this.role('OnEventRole', name);
    const framework = new Provider(this, 'Framework', {
      onEventHandler: onEvent.function,
      // Where it only calls one function we say so ourselves: the framework would allow every version of it.
      frameworkOnEventRole: waiting ? role : callsOnly(role, onEvent),
      ...(waiting && {
        isCompleteHandler: waiting.isComplete.function,
        frameworkCompleteAndTimeoutRole: this.role('CompleteRole', name),
        queryInterval: waiting.every,
        totalTimeout: waiting.atMost,
      }),
      providerFunctionEnvEncryption: key,
      logGroup: this.logGroup,
    });
    acknowledge(framework, NOBODY_READS_DEAD_LETTERS, {
      rules: inPacks('LambdaInsideVPC', ...COMPLIANCE),
      reason:
        'The framework of the CDK calls one function for CloudFormation, and reaches nothing in the VPC',
      owner: 'platform',
      until: '2027-11-30',
    });
    // One deploy at a time is all that CloudFormation asks for.
    for (const each of framework.node.findAll()) {
      if (each instanceof CfnFunction) each.reservedConcurrentExecutions = 2;
    }
    if (waiting) acknowledgeWaiting(framework, [onEvent, waiting.isComplete]);
    // The framework does not know the policy of a role that it may not change.
    if (!waiting) framework.node.addDependency(role);
    this.serviceToken = framework.serviceToken;
  }

  /** Not the framework's own, which has a managed policy that may make log groups. */
  private role(id: string, name: string): Role {
    const role = new Role(this, id, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Calls the functions of ${name} on behalf of CloudFormation`,
    });
    this.logGroup.grantWrite(role);
    return role;
  }
}

function callsOnly(role: Role, { function: { functionArn } }: IsolatedFunction) {
  role.addToPrincipalPolicy(
    new PolicyStatement({
      sid: 'CallTheFunction',
      actions: ['lambda:InvokeFunction', 'lambda:GetFunction'],
      resources: [functionArn],
    }),
  );
  return role.withoutPolicyUpdates();
}

/** Where it waits, the framework allows itself every version of the functions that it calls. */
function acknowledgeWaiting(framework: Provider, functions: readonly IsolatedFunction[]): void {
  const stack = Stack.of(framework);
  const own = ['framework-isComplete', 'framework-onTimeout'].map((each) => framework.node.findChild(each));
  const called = [...functions.map((each) => each.function), ...own].map((each) =>
    stack.getLogicalId(each.node.defaultChild as CfnElement),
  );
  acknowledge(framework.node.scope as Construct, {
    rules: [
      'AwsSolutions-SF1',
      'AwsSolutions-SF2',
      ...called.map((each) => `AwsSolutions-IAM5[Resource::<${each}.Arn>:*]`),
    ],
    reason:
      'The framework of the CDK calls the functions of one resource while CloudFormation waits, and logs what it does',
    owner: 'platform',
    until: '2027-11-30',
  });
}
