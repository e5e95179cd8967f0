/** GitHub workflow commands: findings as annotations of the registry file. Pure. */
import type { Problem } from '../../registry';
import type { Finding, Severity } from '../../verifier/types';
import { docPage, inOrder } from './findings';
import { type Locate, relative } from './locate';

const LEVEL: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

export function findingsGithub(findings: readonly Finding[], locate: Locate): string {
  return inOrder(findings)
    .map((finding) => {
      const { file, line } = locate(finding);
      const { rule, name, message, fix, acknowledged } = finding;
      const level = acknowledged ? 'notice' : LEVEL[finding.severity];
      const title = `${rule} ${name}${acknowledged ? ` (acknowledged until ${acknowledged.until})` : ''}`;
      return annotation(level, { file, line, title }, `${message}\nfix: ${fix}\n${docPage(rule)}`);
    })
    .join('\n');
}

/** A registry that cannot be read stops every command; its problems belong in the margin all the same. */
export function problemAnnotations(problems: readonly Problem[], cwd: string = process.cwd()): string {
  return problems
    .map(({ location, message, fix }) =>
      annotation(
        'error',
        { file: relative(location.file, cwd), line: location.line, col: location.column, title: 'registry' },
        `${message}\nfix: ${fix}`,
      ),
    )
    .join('\n');
}

export function annotation(
  level: string,
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${property(String(value))}`);
  return `::${level} ${list.join(',')}::${data(message)}`;
}

/** A line break would end the command, and let a name in the database give the runner another one. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
