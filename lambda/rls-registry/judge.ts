/** Which findings fail a deploy. Pure. See docs/adr/0006-registry-function.md. */

import type { Finding } from '../../sql/verifier/types';
import type { VerifyReport } from '../../sql/verifier/verify';

export interface Judgement {
  /** These fail. */
  readonly gaps: readonly Finding[];
  /** Tables newer than the release that is rolled back to; sealed. */
  readonly sealed: readonly Finding[];
  /** Exceptions of that release for what a newer one has mended. */
  readonly stale: readonly Finding[];
  /** Tables without rows to look at. */
  readonly unproved: readonly Finding[];
}

const UNREGISTERED = 'TZ105';
const STALE_ACKNOWLEDGEMENT = 'TZ192';
const UNPROVED = 'TZ203';
export const DRIFT = 'TZ100';

export interface Circumstances {
  readonly probes: 'existing' | 'synthetic' | 'none';
  /** An update to a release that was verified in this database before. */
  readonly rollback: boolean;
}

export function judge(report: VerifyReport, { probes, rollback }: Circumstances): Judgement {
  const judgement = { gaps: [], sealed: [], stale: [], unproved: [] } as Record<keyof Judgement, Finding[]>;
  for (const finding of report.failing) judgement[verdict(finding)].push(finding);
  return judgement;

  function verdict(finding: Finding): keyof Judgement {
    // A new table has no rows. In the mode that makes none, that is no reason to stop a deploy; it is counted.
    if (probes === 'existing' && finding.rule === UNPROVED) return 'unproved';
    if (rollback && finding.rule === UNREGISTERED && isClosed(report, finding.key)) return 'sealed';
    if (rollback && finding.rule === STALE_ACKNOWLEDGEMENT) return 'stale';
    return 'gaps';
  }
}

/** Desired closed, and nothing about it differs from what is desired. */
function isClosed({ plan }: VerifyReport, relation: string): boolean {
  const desired = plan.desired.relations.find((each) => each.relation.text === relation);
  const closed =
    desired?.mode === 'sealed' ||
    (desired?.mode === 'grants-only' && [...desired.grants.values()].every((each) => each.length === 0));
  return closed && !plan.changes.some((change) => change.unit === relation);
}
