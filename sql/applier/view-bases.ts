/**
 * A view without `security_invoker` reads as its owner, past the caller's policies. Who may use it is told after the
 * tables that it reads are done, and not at all while one of them is not.
 */
import type { ClientBase } from 'pg';
import type { Change } from '../planner/change';
import type { Plan } from '../planner/plan';

export interface ViewBases {
  /** View -> tables of the same run. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  /** Views over a table that has changes which this run leaves out. */
  readonly blocked: ReadonlySet<string>;
}

export async function readViewBases(
  client: ClientBase,
  plan: Plan,
  todo: readonly Change[],
): Promise<ViewBases> {
  const units = new Set(todo.map(({ unit }) => unit));
  const views = plan.desired.relations.filter(
    ({ relation }) => (relation.kind === 'v' || relation.kind === 'm') && units.has(relation.text),
  );
  if (views.length === 0) return { needs: new Map(), blocked: new Set() };
  const { rows } = await client.query<{ view: number; base: number }>(
    `WITH RECURSIVE reads (view, base) AS (
       SELECT r.ev_class, d.refobjid FROM pg_catalog.pg_rewrite r
       JOIN pg_catalog.pg_depend d ON d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid OPERATOR(pg_catalog.=) r.oid
         AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid OPERATOR(pg_catalog.<>) r.ev_class
       WHERE r.ev_class OPERATOR(pg_catalog.=) ANY ($1::pg_catalog.oid[])
       UNION
       SELECT reads.view, d.refobjid FROM reads JOIN pg_catalog.pg_rewrite r ON r.ev_class OPERATOR(pg_catalog.=) reads.base
       JOIN pg_catalog.pg_depend d ON d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid OPERATOR(pg_catalog.=) r.oid
         AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid OPERATOR(pg_catalog.<>) r.ev_class
     )
     SELECT view::pg_catalog.int8::pg_catalog.float8 AS view, base::pg_catalog.int8::pg_catalog.float8 AS base FROM reads`,
    [views.map(({ relation }) => relation.oid)],
  );
  const names = new Map(plan.desired.relations.map(({ relation }) => [relation.oid, relation.text]));
  const pending = new Set(plan.changes.filter(({ sql }) => sql.length > 0).map(({ unit }) => unit));
  const needs = new Map<string, string[]>();
  const blocked = new Set<string>();
  for (const { view, base } of rows) {
    const [name, read] = [names.get(view), names.get(base)];
    if (name === undefined || read === undefined || name === read || !pending.has(read)) continue;
    if (units.has(read)) needs.set(name, [...(needs.get(name) ?? []), read]);
    else blocked.add(name);
  }
  return { needs, blocked };
}
