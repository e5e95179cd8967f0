/** Signing keys: after the registry, which makes their place in the database, and before the services that sign. */
import type { Construct } from 'constructs';
import { SigningKeys, type SigningKeysProps } from '../access/signing-keys';
import type { Stage } from '../stage';
import { PlatformStack } from './platform-stack';

export class KeysStack extends PlatformStack {
  constructor(
    scope: Construct,
    id: string,
    { stage, ...props }: { readonly stage: Stage } & SigningKeysProps,
  ) {
    super(scope, id, { stage, deployer: 'sensitive', description: 'tenant-zero: signing keys' });
    new SigningKeys(this, 'SigningKeys', props);
  }
}
