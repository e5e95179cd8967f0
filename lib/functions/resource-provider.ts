/** The CDK's framework around a function that answers CloudFormation, with roles and logs of ours. */
import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
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
      rules: [
        ...inPacks('LambdaConcurrency', 'HIPAA.Security', 'NIST.800.53.R5'),
        ...inPacks('LambdaInsideVPC', ...COMPLIANCE),
      ],
      reason:
        'The framework of the CDK calls one function for CloudFormation, and reaches nothing in the VPC',
      owner: 'platform',
      until: '2027-11-30',
    });
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
