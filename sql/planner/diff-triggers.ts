/** Triggers of ours on one relation. Pure. */
import type { DesiredRelation, Trigger } from '../compiler/desired';
import { ident } from '../db/names';
import type { ObservedRelation, ObservedTrigger } from './observed';
import { printKey } from './printed';
import type { Add, RelationContext } from './relation-context';

export function diffTriggers(
  desired: DesiredRelation,
  observed: ObservedRelation,
  context: RelationContext,
  table: string,
  add: Add,
): void {
  const actual = new Map(observed.triggers.map((trigger) => [trigger.name, trigger]));
  for (const trigger of desired.triggers) {
    const before = actual.get(trigger.name);
    const name = ident(trigger.name);
    const create = `CREATE TRIGGER ${name} ${trigger.events} ON ${table} ${trigger.each} EXECUTE FUNCTION ${trigger.call}`;
    // ALWAYS: also under session_replication_role = replica, which some restore and sync tools set.
    const always = `ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${name}`;
    if (!before)
      add({ kind: 'trigger', action: 'add', name: trigger.name, after: create, sql: [create, always] });
    else if (!sameTrigger(trigger, before, desired, context, table)) {
      add({
        kind: 'trigger',
        action: 'change',
        name: trigger.name,
        before: before.definition,
        after: create,
        sql: [`DROP TRIGGER ${name} ON ${table}`, create, always],
      });
    } else if (before.enabled !== 'A') {
      add({
        kind: 'trigger',
        action: 'change',
        name: `${trigger.name} enabled`,
        before: before.enabled,
        after: 'A',
        sql: [always],
      });
    }
  }
  const wanted = new Set(desired.triggers.map((trigger) => trigger.name));
  for (const trigger of observed.triggers) {
    if (wanted.has(trigger.name)) continue;
    add({
      kind: 'trigger',
      action: 'remove',
      name: trigger.name,
      before: trigger.definition,
      sql: [`DROP TRIGGER ${ident(trigger.name)} ON ${table}`],
    });
  }
}

function sameTrigger(
  trigger: Trigger,
  actual: ObservedTrigger,
  desired: DesiredRelation,
  context: RelationContext,
  table: string,
): boolean {
  const each = trigger.each.includes(' WHEN ')
    ? context.printed.get(printKey('when', desired, trigger.each, context.serverVersion))
    : trigger.each;
  return (
    each !== undefined &&
    actual.definition ===
      `CREATE TRIGGER ${ident(trigger.name)} ${trigger.events} ON ${table} ${each} EXECUTE FUNCTION ${trigger.call}`
  );
}
