/** A verification in every format. Pure, but for loading the list of rules. */
import type { VerifyReport } from '../../verifier/verify';
import type { Format } from '../context';
import { tableStates } from '../table-states';
import { type ApplyView, appliedSentence, applyValue } from './apply';
import { findingsMarkdown, findingsText, findingValue } from './findings';
import { findingsGithub } from './github';
import { json } from './json';
import { locator } from './locate';
import { findingsSarif, type RuleTitle } from './sarif';
import { summaryLines } from './summary';

export function renderVerification(report: VerifyReport, format: Format, applied?: ApplyView): string {
  const { findings, failing, probes, plan } = report;
  const status = tableStates(plan);
  const summary = [
    ...(applied ? [appliedSentence(applied)] : []),
    ...summaryLines({ status, findings, failing, probes }),
  ];
  switch (format) {
    case 'json': {
      const fails = new Set(failing);
      return json({
        database: plan.bound.database,
        registry: { file: plan.bound.registry.file, hash: report.registryHash },
        ...(applied && { apply: applyValue(applied) }),
        tables: { ...status.counts, total: status.total },
        probes: probes && probesValue(probes),
        findings: findings.map((finding) => findingValue(finding, fails)),
        failing: failing.length,
      });
    }
    case 'markdown':
      return [
        `### Row security of ${plan.bound.database}`,
        '',
        ...summary.map((line) => `- ${line}`),
        '',
        findingsMarkdown(findings),
      ].join('\n');
    case 'sarif':
      return findingsSarif(findings, locator(plan.bound), catalogRules());
    case 'github':
      return [
        ...(findings.length > 0 ? [findingsGithub(findings, locator(plan.bound))] : []),
        ...summary,
      ].join('\n');
    case 'text':
      return [...(findings.length > 0 ? [findingsText(findings), ''] : []), ...summary].join('\n');
  }
}

function probesValue({
  mode,
  counts,
  unproved,
  failed,
  measurements,
  milliseconds,
}: NonNullable<VerifyReport['probes']>): unknown {
  return {
    mode,
    counts,
    milliseconds,
    unproved,
    failed,
    measurements: measurements.map(({ table, role, verb, granted, outcome }) => ({
      table,
      role,
      verb,
      granted,
      outcome,
    })),
  };
}

function catalogRules(): readonly RuleTitle[] {
  return (require('../../verifier/rules') as typeof import('../../verifier/rules')).rules;
}
