/** The last lines of a verification: what was counted. Pure. */
import type { ProbeReport } from '../../verifier/probes/report';
import type { Finding } from '../../verifier/types';
import type { Status } from '../table-states';
import { count } from './words';

export interface Summary {
  readonly status: Pick<Status, 'counts' | 'total'>;
  readonly findings: readonly Finding[];
  readonly failing: readonly Finding[];
  readonly probes: Pick<ProbeReport, 'counts' | 'milliseconds' | 'mode'> | undefined;
}

export function summaryLines({ status, findings, failing, probes }: Summary): string[] {
  return [tablesLine(status), probesLine(probes), findingsLine(findings, failing)];
}

/** `57 of 80 tables protected, 3 with pending changes, 20 gaps, 5 excluded` */
export function tablesLine({ counts, total }: Summary['status']): string {
  return [
    `${counts.protected} of ${count(total, 'table')} protected`,
    ...(counts.pending > 0 ? [`${counts.pending} with pending changes`] : []),
    ...(counts.gap > 0 ? [count(counts.gap, 'gap')] : []),
    ...(counts.excluded > 0 ? [`${counts.excluded} excluded`] : []),
  ].join(', ');
}

function probesLine(probes: Summary['probes']): string {
  if (!probes) return 'no probes: behaviour is unproved';
  const { proved, violated, unproved, cases } = probes.counts;
  const seconds = (probes.milliseconds / 1000).toFixed(1);
  return `probes (${probes.mode}): ${proved} proved, ${violated} violated, ${unproved} unproved; ${cases} cases in ${seconds} s`;
}

function findingsLine(findings: readonly Finding[], failing: readonly Finding[]): string {
  if (findings.length === 0) return 'no findings';
  const open = findings.filter((finding) => !finding.acknowledged);
  const parts = [
    count(open.filter(({ severity }) => severity === 'error').length, 'error'),
    count(open.filter(({ severity }) => severity === 'warning').length, 'warning'),
    `${open.filter(({ severity }) => severity === 'info').length} for information`,
    `${findings.length - open.length} acknowledged`,
  ].filter((part) => !part.startsWith('0 '));
  return `${parts.join(', ')}: ${failing.length === 0 ? 'nothing fails' : `${failing.length} ${failing.length === 1 ? 'fails' : 'fail'}`}`;
}
