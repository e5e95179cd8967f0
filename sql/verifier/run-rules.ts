/** Runs rules against one database. Nothing is written, and nothing that fails is passed over. */
import type { ClientBase } from 'pg';
import { sqlstate } from '../db/errors';
import type { Rule, RuleParameters } from './rule';
import { rules as all } from './rules';
import type { Finding, Severity } from './types';

const SEVERITIES: readonly unknown[] = ['error', 'warning', 'info'] satisfies Severity[];

/**
 * Findings of `rules`, in the order of the rules, then by key. All rules see one snapshot, unless the caller's own
 * transaction says otherwise: inside one, a savepoint takes the place of the transaction and is rolled back.
 */
export async function runRules(
  client: ClientBase,
  parameters: RuleParameters,
  rules: readonly Rule[] = all,
): Promise<Finding[]> {
  const nested = client.getTransactionStatus() === 'T';
  await client.query(
    nested ? 'savepoint tenant_zero_rules' : 'begin transaction isolation level repeatable read read only',
  );
  try {
    await client.query('set local transaction_read_only = on');
    // Qualified names in expressions (`pg_get_expr`) and no product function in place of a system one.
    await client.query('set local search_path = pg_catalog');
    // Long statements over many small sets: compiling them costs more than running them.
    await client.query('set local jit = off');
    // A database just migrated has no statistics: the planner takes every catalog for small, and a nested loop over
    // 5,000 tables for cheap.
    await client.query('set local enable_nestloop = off');
    const document = JSON.stringify(parameters);
    const findings: Finding[] = [];
    for (const rule of rules) findings.push(...(await runRule(client, rule, document)));
    return findings;
  } finally {
    await client.query(
      nested ? 'rollback to savepoint tenant_zero_rules; release savepoint tenant_zero_rules' : 'rollback',
    );
  }
}

async function runRule(client: ClientBase, rule: Rule, document: string): Promise<Finding[]> {
  await client.query('savepoint tenant_zero_rule');
  try {
    const { rows } = await client.query<Record<string, unknown>>(rule.sql, [document]);
    await client.query('release savepoint tenant_zero_rule');
    return rows.map((row) => finding(rule, row)).sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  } catch (error) {
    const code = sqlstate(error);
    // Without an SQLSTATE it is the connection that failed, or a defect here: no finding can say that.
    if (code === undefined) throw error;
    await client.query('rollback to savepoint tenant_zero_rule; release savepoint tenant_zero_rule');
    return [
      {
        rule: rule.id,
        name: rule.name,
        severity: 'error',
        key: rule.id,
        message: `rule ${rule.id} could not run: ${code} ${(error as Error).message}`,
        fix: 'find out what keeps the rule from reading the catalog; until then its subject is unchecked',
      },
    ];
  }
}

/** A row that lacks a column is a defect of the rule: it throws, or a finding would be lost. */
function finding(rule: Rule, row: Record<string, unknown>): Finding {
  const { key, message, fix, severity = rule.severity } = row;
  if (typeof key !== 'string' || typeof message !== 'string' || typeof fix !== 'string') {
    throw new TypeError(`rule ${rule.id} returned no key, message or fix: ${JSON.stringify(row)}`);
  }
  if (!SEVERITIES.includes(severity)) {
    throw new TypeError(`rule ${rule.id} returned the severity ${JSON.stringify(severity)}`);
  }
  return { rule: rule.id, name: rule.name, severity: severity as Severity, key, message, fix };
}
