/** Acknowledgements that stand at many resources for one reason. */
import { Aspects, type IAspect } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';
import { type Acknowledgement, acknowledge } from './acknowledge';

/** The same rule of several packs. */
export const inPacks = (rule: string, ...packs: readonly string[]): string[] =>
  packs.map((pack) => `${pack}-${rule}`);

/** All packs but the one of AWS itself. */
export const COMPLIANCE = ['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'] as const;

/** Actions that AWS lets nobody limit to a resource. What can be limited stands in statements beside them. */
export const NO_RESOURCES: Acknowledgement = {
  rules: ['AwsSolutions-IAM5[Resource::*]'],
  reason:
    'Logging in to ECR, network interfaces of functions, the channel of a session, the list of log groups: actions without resources',
  owner: 'platform',
  until: '2027-11-30',
};

/** Functions that somebody waits for: a queue of dead letters would hold questions that nobody asks any more. */
export const NOBODY_READS_DEAD_LETTERS: Acknowledgement = {
  rules: inPacks('LambdaDLQ', 'HIPAA.Security', 'NIST.800.53.R5'),
  reason:
    'CloudFormation and Secrets Manager wait for the answer, and the schedule comes again: a failure is heard at once',
  owner: 'platform',
  until: '2027-11-30',
};

const INLINE_POLICIES: Acknowledgement = {
  rules: inPacks('IAMNoInlinePolicy', ...COMPLIANCE),
  reason:
    'A policy that belongs to one role, and dies with it, cannot be attached to another by mistake; the permissions boundary holds for all of them',
  owner: 'platform',
  until: '2027-11-30',
};

/** At each inline policy of the stack, those that grants make later too. */
export function acknowledgeInlinePolicies(stack: Construct): void {
  const aspect: IAspect = {
    visit(node: IConstruct) {
      if (node instanceof CfnPolicy) acknowledge(node, INLINE_POLICIES);
    },
  };
  Aspects.of(stack).add(aspect);
}
