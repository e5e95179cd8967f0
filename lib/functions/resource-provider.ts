/** The CDK's framework around a function that answers CloudFormation, with roles and logs of ours. */
import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
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

  constructor(scope: Construct, id: string, { name, onEvent, waiting, key, ...logs }: ResourceProviderProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${name}`,
      encryptionKey: key,
      retention: logs.logRetention,
      removalPolicy: logs.removalPolicy,
    });
    // Not the framework's own, which has a managed policy that may make log groups.
    const role = (roleId: string) => {
      const made = new Role(this, roleId, {
        assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
        description: `Calls the functions of ${name} on behalf of CloudFormation`,
      });
      logGroup.grantWrite(made);
      return made;
    };
    this.serviceToken = new Provider(this, 'Framework', {
      onEventHandler: onEvent.function,
      frameworkOnEventRole: role('OnEventRole'),
      ...(waiting && {
        isCompleteHandler: waiting.isComplete.function,
        frameworkCompleteAndTimeoutRole: role('CompleteRole'),
        queryInterval: waiting.every,
        totalTimeout: waiting.atMost,
      }),
      providerFunctionEnvEncryption: key,
      logGroup,
    }).serviceToken;
  }
}
