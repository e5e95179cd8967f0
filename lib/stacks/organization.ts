/** Service control policies, in the account that manages the organization. */
import type { Construct } from 'constructs';
import { Guardrails } from '../organization/guardrails';
import type { Stage } from '../stage';
import { PlatformStack } from './platform-stack';

export class OrganizationStack extends PlatformStack {
  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    const { organization, sensitiveAdministrators, bootstrap } = stage;
    if (organization === undefined) {
      throw new Error(`stage ${stage.name} manages no organization: give it one, or leave this stack out`);
    }
    if (organization.account === stage.account) {
      throw new Error(
        `stage ${stage.name} stands in the account that manages the organization, which no service control policy binds: move one of them`,
      );
    }
    super(scope, id, {
      stage,
      deployer: 'sensitive',
      description: 'tenant-zero: service control policies',
      env: { account: organization.account, region: organization.region },
    });
    new Guardrails(this, 'Guardrails', {
      names: this.names,
      bootstrap,
      administrators: sensitiveAdministrators,
      targets: organization.targets,
    });
  }
}
