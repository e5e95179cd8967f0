/** Findings as text, Markdown and values. Pure. */
import type { Finding } from '../../verifier/types';
import { cell, code, markdownTable } from './words';

/** `docs/rules/TZ101.md` */
export function docPage(rule: string): string {
  return `docs/rules/${rule}.md`;
}

/** Errors first; what somebody bears for a while, and what is only worth knowing, last. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const rank = (finding: Finding) =>
    finding.acknowledged ? 3 : { error: 0, warning: 1, info: 2 }[finding.severity];
  return [...findings].sort((a, b) => rank(a) - rank(b));
}

export function findingText(finding: Finding): string {
  const { rule, name, severity, key, message, fix, acknowledged } = finding;
  return [
    `${acknowledged ? 'acknowledged' : severity} ${rule} ${name}: ${key}`,
    `  ${message}`,
    ...(acknowledged
      ? [`  borne until ${acknowledged.until} by ${acknowledged.owner}: ${acknowledged.reason}`]
      : [`  fix: ${fix}`]),
    `  ${docPage(rule)}`,
  ].join('\n');
}

export function findingsText(findings: readonly Finding[]): string {
  return inOrder(findings).map(findingText).join('\n\n');
}

export function findingsMarkdown(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'No findings.';
  return markdownTable(
    ['rule', 'severity', 'on', 'what', 'fix'],
    inOrder(findings).map((finding) => [
      `[${finding.rule}](${docPage(finding.rule)}) ${cell(finding.name)}`,
      finding.acknowledged ? `acknowledged until ${cell(finding.acknowledged.until)}` : finding.severity,
      code(finding.key),
      cell(finding.message),
      cell(finding.fix),
    ]),
  );
}

export function findingValue(finding: Finding, failing: ReadonlySet<Finding>): unknown {
  const { rule, name, severity, key, message, fix, acknowledged } = finding;
  return {
    rule,
    name,
    severity,
    key,
    message,
    fix,
    acknowledged,
    fails: failing.has(finding),
    doc: docPage(rule),
  };
}
