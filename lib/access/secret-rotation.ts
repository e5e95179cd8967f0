/** Rotates what the stage signs and logs in with, by one function; the same one sees to it that there are keys at all. */
import { Duration, Stack, Tokenization } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ENVIRONMENT, HANDLERS } from '../../lambda/secret-rotation/contract';
import type { Database } from '../data/database';
import type { FunctionPackage } from '../functions/function-package';
import { type FunctionSurroundings, IsolatedFunction } from '../functions/isolated-function';
import { ResourceProvider } from '../functions/resource-provider';
import { mayRotateSecrets } from './secret-rights';

/** The login that gives keys to the database (`vault.set_signing_key`). */
const APPLIER = 'registry_applier';

type Rotated = 'tokenKeys' | 'sessionKeys' | 'breakGlass' | 'auditor';

export interface SecretRotationProps extends FunctionSurroundings {
  readonly functionName: string;
  readonly roleName: string;
  readonly package: FunctionPackage;
  readonly database: Database;
  readonly sensitiveKey: IKey;
  /** Name and ARN pattern of each. */
  readonly secrets: Readonly<Record<Rotated, { readonly name: string; readonly arn: string }>>;
}

export class SecretRotation extends Construct {
  /** For the custom resource `SigningKeys`. */
  readonly serviceToken: string;

  constructor(scope: Construct, id: string, props: SecretRotationProps) {
    super(scope, id);
    const { database, secrets, functionName } = props;
    const rotation = new IsolatedFunction(this, 'Function', {
      ...props,
      code: props.package.code,
      description: 'Rotates signing keys and the logins of people',
      handler: HANDLERS.handler,
      timeout: Duration.minutes(5),
      memorySize: 512,
      concurrency: 2,
      environment: {
        [ENVIRONMENT.host]: database.host,
        [ENVIRONMENT.port]: Tokenization.stringifyNumber(database.port),
        [ENVIRONMENT.database]: database.name,
        [ENVIRONMENT.applierUser]: APPLIER,
        [ENVIRONMENT.tokenKeys]: secrets.tokenKeys.name,
        [ENVIRONMENT.sessionKeys]: secrets.sessionKeys.name,
        [ENVIRONMENT.breakGlass]: secrets.breakGlass.name,
        [ENVIRONMENT.auditor]: secrets.auditor.name,
      },
    });
    database.grantConnect(rotation.role, APPLIER);
    mayRotateSecrets(
      rotation.role,
      props.sensitiveKey,
      Object.values(secrets).map(({ arn }) => arn),
    );
    rotation.function.addPermission('SecretsManager', {
      principal: new ServicePrincipal('secretsmanager.amazonaws.com'),
      // Not from somebody else's account, which could name this function as that of its own secret.
      sourceAccount: Stack.of(this).account,
    });
    this.serviceToken = new ResourceProvider(this, 'Provider', {
      ...props,
      name: `${functionName}-provider`,
      onEvent: rotation,
    }).serviceToken;
  }
}
