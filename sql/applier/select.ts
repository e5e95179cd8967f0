/** Which changes `only` means. Pure. */

import { CommandError } from '../db/errors';
import { qualified } from '../db/names';
import { type Change, GUARD_UNIT, ROLES_UNIT } from '../planner/change';
import { hangsOn } from '../planner/closing';
import type { Plan } from '../planner/plan';

/**
 * The tables of `only` and what they rest on: roles, guard, the organizations table, assignments, the tables they are
 * seen through. And what rests on them, as far as something is taken away there: it shows what they show.
 */
export function select(plan: Plan, only: readonly string[] | undefined): readonly Change[] {
  if (only === undefined) return plan.changes;
  const known = new Map(plan.desired.relations.map((relation) => [relation.relation.text, relation]));
  const unknown = only.filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new CommandError(
      'unknown-table',
      `no such table: ${unknown.join(', ')}`,
      'name tables as `rls status` prints them: schema.name',
    );
  const { bound, observed } = plan;
  const units = new Set<string>([ROLES_UNIT, GUARD_UNIT, bound.organizations.relation.text]);
  if (bound.registry.assignments) units.add(qualified(bound.registry.assignments.table));
  const visit = (name: string): void => {
    units.add(name);
    const table = bound.tables.find((each) => each.relation.text === name);
    for (const child of table?.children ?? []) units.add(child.text);
    if (table?.link && !units.has(table.link.relation.text)) visit(table.link.relation.text);
  };
  for (const name of only) visit(name);
  const shown = new Set(units);
  for (let before = 0; before < shown.size; ) {
    before = shown.size;
    for (const { relation } of plan.desired.relations) {
      const policies = observed.relations.get(relation.oid)?.policies ?? [];
      if (policies.some((policy) => [...shown].some((name) => hangsOn(policy, name))))
        shown.add(relation.text);
    }
  }
  // Functions that tables left out may still call stay until a whole apply.
  return plan.changes.filter(
    ({ unit, phase }) => phase !== 'after' && (units.has(unit) || (phase === 'close' && shown.has(unit))),
  );
}
