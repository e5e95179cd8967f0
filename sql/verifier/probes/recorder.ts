/** Collects what was measured into a report. */
import type { BoundRegistry } from '../../compiler/bound';
import type { Case } from './cases';
import {
  type Evidence,
  type Measurement,
  outcomeOf,
  type ProbedVerb,
  type ProbeMode,
  type ProbeReport,
  type Unproved,
} from './report';

interface Collected {
  readonly table: string;
  readonly role: string;
  readonly verb: ProbedVerb;
  readonly evidence: Evidence[];
}

export class Recorder {
  private readonly evidence = new Map<string, Collected>();
  private readonly unprovedTables = new Map<string, Unproved>();
  private readonly failures: { table: string; reason: string }[] = [];

  constructor(
    private readonly bound: BoundRegistry,
    private readonly mode: ProbeMode,
  ) {}

  add(table: string, measured: readonly (readonly [Pick<Case, 'role' | 'verb'>, Evidence])[]): void {
    for (const [{ role, verb }, evidence] of measured) {
      const key = `${table}\0${role}\0${verb}`;
      const entry = this.evidence.get(key) ?? { table, role, verb, evidence: [] };
      entry.evidence.push(evidence);
      this.evidence.set(key, entry);
    }
  }

  /**
   * Nothing could be made or measured there, or a statement failed or did nothing in a way that says nothing about
   * isolation: another look may say more. A leak is never open: it is what it is.
   */
  isOpen(table: string): boolean {
    const all = this.evidenceOf(table).flatMap(({ evidence }) => evidence);
    if (all.some(({ verdict }) => verdict === 'leak')) return false;
    return (
      this.unprovedTables.has(table) ||
      all.some(
        ({ verdict, sqlstate }) =>
          verdict === 'error' || verdict === 'unmeasured' || (verdict === 'unreachable' && !sqlstate),
      )
    );
  }

  /** Takes a second look at the table in place of the first, where it saw more. */
  replace(table: string, second: Recorder, how: string): void {
    const seen = second.evidenceOf(table);
    if (seen.length === 0 || second.isOpen(table) || second.failures.length > 0) return;
    this.unprovedTables.delete(table);
    for (const each of this.evidenceOf(table)) each.evidence.length = 0;
    for (const { role, verb, evidence } of seen) {
      const noted = evidence.map((each) => ({ ...each, what: `${each.what} (${how})` }));
      this.add(
        table,
        noted.map((each) => [{ role, verb }, each] as const),
      );
    }
  }

  private evidenceOf(table: string): Collected[] {
    return [...this.evidence.values()].filter((each) => each.table === table);
  }

  unproved(table: string, reason: string, fix: string): void {
    this.unprovedTables.set(table, { table, reason, fix });
  }

  failed(table: string, reason: string): void {
    this.failures.push({ table, reason });
  }

  report(milliseconds: number): ProbeReport {
    const roles = new Map(this.bound.registry.roles.map((role) => [role.name, role]));
    const measurements = [...this.evidence.values()].map(({ table, role, verb, evidence }): Measurement => {
      const measured = outcomeOf(evidence);
      return {
        table,
        role,
        verb,
        sees: roles.get(role)?.sees ?? 'nothing',
        granted: !evidence.some(({ expected }) => expected === 'denied'),
        // Without rows to look at, refusals prove nothing.
        outcome:
          measured === 'proved' &&
          this.unprovedTables.has(table) &&
          !evidence.every(({ expected }) => isPrivilege(expected))
            ? 'unproved'
            : measured,
        evidence,
      };
    });
    const count = (outcome: Measurement['outcome']) =>
      measurements.filter((each) => each.outcome === outcome).length;
    return {
      mode: this.mode,
      measurements,
      unproved: [...this.unprovedTables.values()],
      failed: this.failures,
      counts: {
        tables: this.bound.tables.length,
        proved: count('proved'),
        violated: count('violated'),
        unproved: count('unproved'),
        cases: measurements.reduce((sum, each) => sum + each.evidence.length, 0),
      },
      milliseconds: Math.round(milliseconds),
    };
  }
}

/** Whether the outcome needs no row: the privilege is there or it is not. */
function isPrivilege(expected: Evidence['expected']): boolean {
  return expected === 'denied' || expected === 'truncate-refused';
}
