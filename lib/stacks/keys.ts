/** Signing keys and rotation: after the registry, which makes their place in the database, and before the services that sign. */
import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { RotationSchedules } from '../access/rotation-schedules';
import { SigningKeys, type SigningKeysProps } from '../access/signing-keys';
import type { Stage } from '../stage';
import { PlatformStack } from './platform-stack';

export class KeysStack extends PlatformStack {
  constructor(
    scope: Construct,
    id: string,
    { stage, ...props }: { readonly stage: Stage } & SigningKeysProps,
  ) {
    super(scope, id, { stage, deployer: 'sensitive', description: 'tenant-zero: signing keys and rotation' });
    const { secrets, functions } = this.names;
    const keys = new SigningKeys(this, 'SigningKeys', props);
    new RotationSchedules(this, 'Rotation', {
      secrets: {
        TokenKeys: secrets.tokenKeys.name,
        SessionKeys: secrets.sessionKeys.name,
        BreakGlass: secrets.breakGlass.name,
        Auditor: secrets.auditor.name,
      },
      functionArn: functions.secretRotation.arn,
      every: Duration.days(30),
    }).node.addDependency(keys);
  }
}
