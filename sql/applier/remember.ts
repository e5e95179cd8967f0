/** Writes down what was applied, when that is news. A later plan is faster for it and knows an owner who changed. */
import type { ClientBase } from 'pg';
import { GUARD_OWNER } from '../compiler/our-names';
import { setRoleStatement } from '../planner/identity';
import type { Plan } from '../planner/plan';
import type { Registry } from '../registry/types';

export async function remember(client: ClientBase, plan: Plan, registry: Registry): Promise<void> {
  const state = plan.observed.state;
  const unfinished = new Set(plan.changes.map((change) => change.unit));
  const owners = Object.fromEntries(
    plan.desired.relations
      // An owner is remembered when the protection of its table was first complete; from then on a change is drift.
      .filter(
        (each) =>
          each.rowSecurity &&
          (!unfinished.has(each.relation.text) || state?.owners[each.relation.text] !== undefined),
      )
      .map((each) => [each.relation.text, state?.owners[each.relation.text] ?? each.relation.owner]),
  );
  const printed = Object.fromEntries([...plan.printed].sort(([a], [b]) => (a < b ? -1 : 1)));
  const complete = plan.changes.length === 0 ? registry.hash : undefined;
  const news =
    complete !== state?.registryHash ||
    // By entry: jsonb keeps keys in an order of its own.
    !sameEntries(owners, state?.owners ?? {}) ||
    !sameEntries(printed, state?.printed ?? {});
  if (!news) return;
  await client.query('BEGIN');
  try {
    await client.query(setRoleStatement(plan.identity, GUARD_OWNER));
    await client.query(
      `UPDATE guard.state SET registry_hash = $1, applied_at = pg_catalog.statement_timestamp(), applied_by = session_user, detail = detail || $2::jsonb`,
      [complete ?? null, JSON.stringify({ owners, printed })],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function sameEntries(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
