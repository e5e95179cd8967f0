/** Runs the rule packs and says what they find, what is acknowledged, and which acknowledgement matches nothing. */
import {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  type NagPack,
  NIST80053R5Checks,
  PCIDSS321Checks,
} from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { type Acknowledgement, acknowledgementsAt } from '../../lib/nag/acknowledge';

export interface Finding {
  readonly rule: string;
  /** Of the construct. */
  readonly path: string;
  readonly what: string;
}

export interface Placed extends Acknowledgement {
  readonly path: string;
}

export interface NagReport {
  /** Nobody acknowledged them. */
  readonly open: readonly Finding[];
  readonly acknowledged: readonly { readonly finding: Finding; readonly by: Placed }[];
  readonly acknowledgements: readonly Placed[];
}

const packs = (): NagPack[] => [
  new AwsSolutionsChecks(),
  new HIPAASecurityChecks(),
  new NIST80053R5Checks(),
  new PCIDSS321Checks(),
];

/** As cdk-nag itself reports it: less than what was acknowledged. */
export function openFindings(root: IConstruct): Finding[] {
  return packs().flatMap((pack) => findingsOf(pack, root));
}

export function nagReport(root: IConstruct): NagReport {
  const acknowledgements = root.node
    .findAll()
    .flatMap((construct) =>
      acknowledgementsAt(construct).map((each) => ({ ...each, path: construct.node.path })),
    );
  const open: Finding[] = [];
  const acknowledged: { finding: Finding; by: Placed }[] = [];
  for (const finding of packs().flatMap((pack) => findingsOf(unforgiving(pack), root))) {
    const by = acknowledgements.filter((each) => covers(each, finding));
    for (const each of by) acknowledged.push({ finding, by: each });
    if (by.length === 0) open.push(finding);
  }
  return { open, acknowledged, acknowledgements };
}

export function covers({ rules, path }: Placed, finding: Finding): boolean {
  return rules.includes(finding.rule) && (finding.path === path || finding.path.startsWith(`${path}/`));
}

function findingsOf(pack: NagPack, root: IConstruct): Finding[] {
  return pack.validateScope(root).violations.flatMap(({ ruleName, description, violatingResources }) =>
    violatingResources.map(({ constructPath = '' }) => ({
      rule: ruleName,
      path: constructPath,
      what: description,
    })),
  );
}

/** The pack, blind to acknowledgements: so that one which matches nothing can be told. */
function unforgiving(pack: NagPack): NagPack {
  Object.assign(pack, { isAcknowledged: () => false });
  return pack;
}
