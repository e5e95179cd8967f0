/** Verification: is the database what the registry says, does a catalog rule object, and does it behave so? */
import type { ClientBase } from 'pg';
import type { Change } from '../planner/change';
import { type Plan, plan } from '../planner/plan';
import type { Registry } from '../registry/types';
import { acknowledge } from './acknowledge';
import { ruleParameters } from './parameters';
import { findings as probeFindings } from './probes/findings';
import { type ProbeReport, runProbes } from './probes/probe';
import { runRules } from './run-rules';
import type { Finding, Severity } from './types';

export interface VerifyOptions {
  /**
   * `synthetic`: rows are made in transactions that are rolled back; for CI and first deploys. `existing`: only rows
   * that are there are looked at; for production. `none`: catalog only.
   */
  readonly probes: 'synthetic' | 'existing' | 'none';
  readonly progress?: (message: string) => void;
}

export interface VerifyReport {
  readonly findings: readonly Finding[];
  /** The findings that fail: not acknowledged, and at least as severe as the registry's `fail_on`. */
  readonly failing: readonly Finding[];
  readonly probes: ProbeReport | undefined;
  readonly plan: Plan;
  readonly registryHash: string;
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

export async function verify(
  client: ClientBase,
  registry: Registry,
  options: VerifyOptions,
): Promise<VerifyReport> {
  const progress = options.progress ?? (() => undefined);
  progress('comparing the catalog with the registry');
  const difference = await plan(client, registry, { useMemory: false });
  const { bound, identity } = difference;
  progress('running the catalog rules');
  const rules = await runRules(client, ruleParameters(bound, identity.login));
  let probes: ProbeReport | undefined;
  if (options.probes !== 'none') {
    progress(`probing ${bound.tables.length} tables as ${registry.roles.length} roles`);
    probes = await runProbes(client, bound, { mode: options.probes });
  }
  const all = [
    ...difference.changes.map(drift),
    ...rules.map((finding) => explainUndecided(finding, difference)),
    ...(probes ? probeFindings(probes) : []),
  ];
  const findings = acknowledge(all, registry.acknowledged);
  return {
    findings,
    failing: findings.filter(
      (finding) =>
        !finding.acknowledged &&
        RANK[finding.severity] >= RANK[registry.failOn] &&
        finding.severity !== 'info',
    ),
    probes,
    plan: difference,
    registryHash: registry.hash,
  };
}

/** TZ100: the catalog is not what the registry says. Whatever `plan` shows is a finding here. */
function drift(change: Change): Finding {
  return {
    rule: 'TZ100',
    name: 'drift',
    severity: 'error',
    key: `${change.unit} ${change.name}`,
    message: `${change.unit}: ${change.name} is ${change.before ?? 'missing'}, the registry says ${change.after ?? 'it should not be there'}`,
    fix: change.note ?? 'rls apply --thorough',
  };
}

/** `init` wrote down why it could not decide: that is what the person who reads the gap needs. */
function explainUndecided(finding: Finding, difference: Plan): Finding {
  const gap = difference.bound.unregistered.find(
    ({ relation, undecided }) => undecided && relation.text === finding.key,
  );
  return gap?.undecided
    ? { ...finding, message: `${finding.message} (undecided: ${gap.undecided.because})` }
    : finding;
}
