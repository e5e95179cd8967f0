/** SARIF 2.1.0, which code scanning reads. Pure. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Rule } from '../../verifier/rule';
import type { Finding, Severity } from '../../verifier/types';
import { docPage } from './findings';
import { json } from './json';
import type { Locate } from './locate';
import { TITLES } from './rule-titles';

const LEVEL: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** What a rule says about itself. */
export type RuleTitle = Pick<Rule, 'id' | 'name' | 'title' | 'severity'>;

/** `catalog`: the rules that ran, so that a rule without a finding is known to be clean. */
export function findingsSarif(
  findings: readonly Finding[],
  locate: Locate,
  catalog: readonly RuleTitle[],
): string {
  const rules = rulesOf(findings, catalog);
  const index = new Map(rules.map((rule, i) => [rule.id, i]));
  return json({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'tenant-zero rls', rules: rules.map(reportingDescriptor) } },
        results: findings.map((finding) => result(finding, locate, index.get(finding.rule) ?? -1)),
      },
    ],
  });
}

function rulesOf(findings: readonly Finding[], catalog: readonly RuleTitle[]): RuleTitle[] {
  const rules = new Map<string, RuleTitle>();
  for (const rule of [...catalog, ...TITLES]) rules.set(rule.id, rule);
  for (const { rule: id, name, severity } of findings)
    if (!rules.has(id)) rules.set(id, { id, name, title: name.replaceAll('-', ' '), severity });
  return [...rules.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function reportingDescriptor({ id, name, title, severity }: RuleTitle): unknown {
  return {
    id,
    name,
    shortDescription: { text: title },
    helpUri: docPage(id),
    defaultConfiguration: { level: LEVEL[severity] },
  };
}

function result(finding: Finding, locate: Locate, ruleIndex: number): unknown {
  const { rule, key, message, fix, severity, acknowledged } = finding;
  const { file, line } = locate(finding);
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVEL[severity],
    message: { text: `${message}\nfix: ${fix}` },
    locations: [{ physicalLocation: { artifactLocation: artifact(file), region: { startLine: line } } }],
    // Stable over runs: the same finding stays the same alert, wherever the entry moves in the file.
    partialFingerprints: {
      'ruleAndKey/v1': createHash('sha256')
        .update(JSON.stringify([rule, key]))
        .digest('hex'),
    },
    ...(acknowledged && {
      suppressions: [
        {
          kind: 'external',
          status: 'accepted',
          justification: `${acknowledged.reason} (${acknowledged.owner}, until ${acknowledged.until})`,
        },
      ],
    }),
    properties: { key },
  };
}

function artifact(file: string): unknown {
  if (path.isAbsolute(file)) return { uri: pathToFileURL(file).href };
  return { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}
