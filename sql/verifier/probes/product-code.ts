/**
 * Triggers and rules of the product stand between the probes and row security: one refuses every DELETE, one looks a
 * parent up that the role cannot see and fails before the policy is asked. For a second look they are switched off, in
 * the transaction that is rolled back. What they themselves may do is the business of TZ118 and TZ122.
 */
import type { ClientBase } from 'pg';
import { isOurs } from '../../compiler/our-names';
import { ident } from '../../db/names';
import type { RowPlans } from './row-plan';
import type { ProbeSession } from './session';

export interface ProductCode {
  /** Quoted and qualified. */
  readonly table: string;
  readonly owner: string;
  readonly triggers: readonly string[];
  readonly rules: readonly string[];
}

/** Triggers and rules of tables, by table; triggers of partitions go with their parent's. */
export async function productCode(client: ClientBase, plans: RowPlans): Promise<ProductCode[]> {
  const { rows } = await client.query<{ oid: number; triggers: string[]; rules: string[] }>(
    `SELECT c.oid::int8::float8 AS oid,
            ARRAY(SELECT t.tgname::text FROM pg_catalog.pg_trigger t
                  WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgenabled <> 'D' ORDER BY 1) AS triggers,
            ARRAY(SELECT r.rulename::text FROM pg_catalog.pg_rewrite r
                  WHERE r.ev_class = c.oid AND r.ev_enabled <> 'D' ORDER BY 1) AS rules
     FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p') AND (c.relhastriggers OR c.relhasrules)`,
  );
  return rows.flatMap(({ oid, triggers, rules }) => {
    const shape = plans.catalog.get(oid);
    const foreign = triggers.filter((name) => !isOurs(name));
    const ours = shape === undefined || shape.schema === 'guard' || shape.schema === 'vault';
    if (ours || foreign.length + rules.length === 0) return [];
    return [{ table: shape.text, owner: shape.owner, triggers: foreign, rules }];
  });
}

/** A table whose owner cannot be reached keeps them: it was measured with them, and that stands. */
export async function switchOff(session: ProbeSession, code: readonly ProductCode[]): Promise<void> {
  for (const { table, owner, triggers, rules } of code) {
    await session.reach(owner, false);
    const off = [
      ...triggers.map((name) => `DISABLE TRIGGER ${ident(name)}`),
      ...rules.map((name) => `DISABLE RULE ${ident(name)}`),
    ];
    await session.attempt(`ALTER TABLE ${table} ${off.join(', ')}`, owner);
  }
}
