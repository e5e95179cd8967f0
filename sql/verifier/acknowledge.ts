/** Exceptions: a finding that somebody bears for a while, and an exception that no longer matches anything. Pure. */
import { pattern } from '../db/pattern';
import type { AcknowledgedEntry } from '../registry/types';
import type { Finding } from './types';

/** Marks what is acknowledged, and adds a finding TZ192 for every acknowledgement that matches nothing. */
export function acknowledge(findings: readonly Finding[], entries: readonly AcknowledgedEntry[]): Finding[] {
  const used = new Set<AcknowledgedEntry>();
  const marked = findings.map((finding) => {
    const entry = entries.find(
      (each) => each.rule === finding.rule && each.on.some((on) => pattern(on).test(finding.key)),
    );
    if (!entry) return finding;
    used.add(entry);
    const { reason, owner, until } = entry;
    return { ...finding, acknowledged: { reason, owner, until } };
  });
  const stale = entries
    .filter((entry) => !used.has(entry))
    .map(
      (entry): Finding => ({
        rule: 'TZ192',
        name: 'acknowledgement-matches-nothing',
        severity: 'error',
        key: `${entry.rule} ${entry.on.join(' ')}`,
        message: `${entry.location.file}:${entry.location.line} acknowledges ${entry.rule} on ${entry.on.join(', ')}, and nothing like that was found`,
        fix: 'remove the entry: an exception that covers nothing today covers a new mistake tomorrow',
      }),
    );
  return [...marked, ...stale];
}
