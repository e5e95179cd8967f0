/** Sees to it that there are signing keys, and that the database knows them; after the registry, before whoever signs. */
import { CustomResource, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { PROPERTIES } from '../../lambda/secret-rotation/contract';

export interface SigningKeysProps {
  /** Of `SecretRotation`. */
  readonly serviceToken: string;
  /** Hash of the function's package. */
  readonly release: string;
  /** A database restored from a backup has another, and the keys of the day of the backup. */
  readonly databaseHost: string;
}

export class SigningKeys extends Construct {
  constructor(scope: Construct, id: string, { serviceToken, release, databaseHost }: SigningKeysProps) {
    super(scope, id);
    new CustomResource(this, 'Resource', {
      resourceType: 'Custom::SigningKeys',
      serviceToken,
      serviceTimeout: Duration.minutes(6),
      properties: { [PROPERTIES.release]: release, [PROPERTIES.host]: databaseHost },
    });
  }
}
