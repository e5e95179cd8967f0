/** Prepares the database once it is there: roles, extensions, how each login proves who it is. */
import { CustomResource, Duration, Tokenization } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ENVIRONMENT, HANDLERS, PROPERTIES } from '../../lambda/database-bootstrap/contract';
import type { Database } from '../data/database';
import type { FunctionPackage } from '../functions/function-package';
import { type FunctionSurroundings, IsolatedFunction } from '../functions/isolated-function';
import { ResourceProvider } from '../functions/resource-provider';
import { mayReadSecrets } from './secret-rights';

export interface DatabaseBootstrapProps extends FunctionSurroundings {
  readonly functionName: string;
  readonly roleName: string;
  readonly package: FunctionPackage;
  readonly database: Database;
  readonly sensitiveKey: IKey;
  /** Name and ARN pattern of the logins of people. */
  readonly secrets: Readonly<
    Record<'breakGlass' | 'auditor', { readonly name: string; readonly arn: string }>
  >;
}

export class DatabaseBootstrap extends Construct {
  /** What needs the roles waits for it. */
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: DatabaseBootstrapProps) {
    super(scope, id);
    const { database, secrets, functionName } = props;
    const onEvent = new IsolatedFunction(this, 'Function', {
      ...props,
      code: props.package.code,
      description: 'Makes the roles of the database, as its master',
      handler: HANDLERS.onEvent,
      timeout: Duration.minutes(5),
      memorySize: 512,
      concurrency: 1,
      environment: {
        [ENVIRONMENT.host]: database.host,
        [ENVIRONMENT.port]: Tokenization.stringifyNumber(database.port),
        [ENVIRONMENT.database]: database.name,
        [ENVIRONMENT.masterSecret]: database.masterSecretArn,
        [ENVIRONMENT.breakGlassSecret]: secrets.breakGlass.name,
        [ENVIRONMENT.auditorSecret]: secrets.auditor.name,
        [ENVIRONMENT.audit]: 'pgaudit',
      },
    });
    onEvent.role.addToPrincipalPolicy(
      new PolicyStatement({
        sid: 'ReadMaster',
        actions: ['secretsmanager:GetSecretValue'],
        resources: [database.masterSecretArn],
      }),
    );
    mayReadSecrets(onEvent.role, props.sensitiveKey, [secrets.breakGlass.arn, secrets.auditor.arn]);
    this.resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::DatabaseBootstrap',
      serviceToken: new ResourceProvider(this, 'Provider', {
        ...props,
        name: `${functionName}-provider`,
        onEvent,
      }).serviceToken,
      serviceTimeout: Duration.minutes(6),
      properties: { [PROPERTIES.release]: props.package.hash, [PROPERTIES.host]: database.host },
    });
    // Its policies are resources beside the role: without them the function is called before it may read anything.
    this.resource.node.addDependency(onEvent);
  }
}
