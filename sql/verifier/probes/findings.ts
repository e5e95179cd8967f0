/** The report as findings, TZ201 to TZ204: one per table and role, so that one cause is one finding. */
import type { Finding } from '../types';
import type { Evidence, Measurement, ProbeReport, Verdict } from './report';

const KINDS = {
  leak: { rule: 'TZ201', name: 'isolation-violated' },
  unreachable: { rule: 'TZ202', name: 'positive-control-failed' },
  unmeasured: { rule: 'TZ203', name: 'isolation-unproved' },
  error: { rule: 'TZ204', name: 'probe-failed' },
} as const satisfies Partial<Record<Verdict, { rule: string; name: string }>>;

type Kind = keyof typeof KINDS;

function finding(kind: Kind, key: string, message: string, fix: string): Finding {
  return { ...KINDS[kind], severity: 'error', key, message, fix };
}

/** All findings of a report, in the order of its tables. */
export function findings(report: ProbeReport): Finding[] {
  const byPair = new Map<string, Measurement[]>();
  for (const each of report.measurements) {
    const key = `${each.table} ${each.role}`;
    byPair.set(key, [...(byPair.get(key) ?? []), each]);
  }
  const unproved = new Map(
    report.unproved.map((each) => [each.table, finding('unmeasured', each.table, each.reason, each.fix)]),
  );
  const found: Finding[] = [];
  for (const [key, measurements] of byPair) {
    for (const kind of ['leak', 'unreachable', 'error'] as const) {
      const cases = measurements.flatMap((each) => casesOf(each, kind));
      if (cases.length > 0)
        found.push(
          finding(kind, key, `${key}: ${some(cases)}`, fixFor(kind, measurements[0] as Measurement)),
        );
    }
    const table = measurements[0]?.table ?? '';
    // What was not tried because the role sees the row anyway is no gap: the leak has been reported.
    const leaks = measurements.some((each) => each.outcome === 'violated');
    const open = leaks
      ? []
      : measurements.flatMap((each) => casesOf(each, 'unmeasured').map((text) => `${each.role} ${text}`));
    if (open.length > 0 && !unproved.has(table)) {
      unproved.set(
        table,
        finding(
          'unmeasured',
          table,
          `${table}: ${some(open)}`,
          `put at least two ordinary organizations' rows and a sensitive one's into ${table}, or probe in the mode that makes rows`,
        ),
      );
    }
  }
  const broken = report.failed.map((each) =>
    finding(
      'error',
      each.table,
      `${each.table}: ${each.reason}`,
      'run the probes again; a timeout is a lock that somebody holds, or a policy that is slow',
    ),
  );
  return [...found, ...unproved.values(), ...broken];
}

function casesOf({ verb, evidence }: Measurement, kind: Kind): string[] {
  return evidence.filter(({ verdict }) => verdict === kind).map((each) => `${verb}: ${describe(each)}`);
}

/** Enough to see what happened; the report has the rest. */
function some(cases: readonly string[]): string {
  const shown = cases.slice(0, 3).join('; ');
  return cases.length > 3 ? `${shown}; and ${cases.length - 3} more` : shown;
}

function describe({ what, expected, rows, sqlstate, message }: Evidence): string {
  const measured = sqlstate === undefined ? `${rows ?? 0} row(s)` : `${sqlstate} ${message ?? ''}`.trim();
  return `${what}: expected ${expected}, measured ${measured}`;
}

function fixFor(kind: 'leak' | 'unreachable' | 'error', { role, table }: Measurement): string {
  switch (kind) {
    case 'leak':
      return `run rls apply; if it changes nothing, look for another policy, grant or membership that lets ${role} reach ${table}`;
    case 'unreachable':
      return `run rls apply; if it changes nothing, take the verb from ${role} in the registry or give it what the message names`;
    case 'error':
      return 'see the message; a trigger of the product that refuses the statement can be acknowledged, or the verb be taken from the role';
  }
}
