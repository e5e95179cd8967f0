/** The stacks that others are built on, for tests of a stack that stands on them. */
import type { App } from 'aws-cdk-lib';
import { DataStack } from '../../lib/stacks/data';
import { NetworkStack } from '../../lib/stacks/network';
import { OperationsStack } from '../../lib/stacks/operations';
import { SensitiveStack } from '../../lib/stacks/sensitive';
import type { Stage } from '../../lib/stage';

export function groundOf(app: App, stage: Stage) {
  const sensitive = new SensitiveStack(app, 'Sensitive', { stage });
  const operations = new OperationsStack(app, 'Operations', { stage, sensitiveKey: sensitive.key });
  const network = new NetworkStack(app, 'Network', { stage });
  const { database } = new DataStack(app, 'Data', {
    stage,
    vpc: network.vpc,
    securityGroup: network.securityGroups.database,
    sensitiveKey: sensitive.key,
  });
  return { sensitive, operations, network, database };
}
