/** Who people are: a permission set for each persona, in the account that administers Identity Center. */
import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PermissionSet } from '../identity/permission-set';
import { PERSONAS } from '../identity/personas';
import type { Persona, Stage } from '../stage';
import { PlatformStack } from './platform-stack';

export class IdentityStack extends PlatformStack {
  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    const { identityCenter } = stage;
    super(scope, id, {
      stage,
      deployer: 'sensitive',
      description: 'tenant-zero: permission sets and who is assigned to them',
      env: { account: identityCenter.account, region: identityCenter.region },
    });
    for (const [persona, { why, row }] of Object.entries(PERSONAS)) {
      const { groups, sessionMinutes } = identityCenter.personas[persona as Persona];
      new PermissionSet(this, persona, {
        instanceArn: identityCenter.instanceArn,
        name: persona,
        description: why,
        row: row(this.names),
        session: Duration.minutes(sessionMinutes),
        boundaryName: this.names.boundary.name,
        account: stage.account,
        groups,
      });
    }
  }
}
