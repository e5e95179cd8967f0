/**
 * Service control policies: what nobody in the stage's account may do, its administrators included, but for who deploys the
 * sensitive stacks. Where somebody else manages the organization, these are a proposal to them.
 */
import { CfnPolicy } from 'aws-cdk-lib/aws-organizations';
import { Construct } from 'constructs';
import type { Names } from '../names';
import type { Guardrail } from './guardrail';
import { type Deployers, identities } from './identities';
import { records } from './records';
import { sensitive } from './sensitive';

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
const MAX_CHARACTERS = 5120;

export interface GuardrailsProps extends Deployers {
  readonly names: Names;
  /** Organizational units, accounts, or the root. */
  readonly targets: readonly string[];
}

export class Guardrails extends Construct {
  constructor(scope: Construct, id: string, { names, targets, ...deployers }: GuardrailsProps) {
    super(scope, id);
    const exempt = [names.execution.sensitive, ...deployers.administrators];
    // Three, not one for each subject: a target takes five, and one of them is the organization's own.
    const guardrails: Record<string, Guardrail> = {
      Records: records(names, exempt),
      Sensitive: sensitive(names, exempt),
      Identities: identities(names, deployers),
    };
    for (const [name, { description, statements }] of Object.entries(guardrails)) {
      const content = { Version: '2012-10-17', Statement: statements };
      const size = JSON.stringify(content).length;
      if (size > MAX_CHARACTERS)
        throw new Error(`the guardrail ${name} has ${size} characters of ${MAX_CHARACTERS}`);
      new CfnPolicy(this, name, {
        name: `${names.prefix}-${name.toLowerCase()}`,
        description,
        type: 'SERVICE_CONTROL_POLICY',
        content,
        targetIds: [...targets],
      });
    }
  }
}
