/** The engine's own tables against what it made them. Pure. What guards everything else must not be softened itself. */
import type { DesiredTableOfOurs } from '../compiler/desired';
import { ident } from '../db/names';
import type { Change } from './change';
import type { ObservedOwnTable } from './observed';

type Given = Pick<Change, 'kind' | 'action' | 'name' | 'sql'> & Partial<Change>;

const KINDS: Readonly<Record<string, string>> = { v: 'view', m: 'materialised view', f: 'foreign table' };

export function diffOwnTables(
  desired: readonly DesiredTableOfOurs[],
  observed: readonly ObservedOwnTable[],
): Given[] {
  return observed.flatMap((actual) => {
    const wanted = desired.find((each) => each.schema === actual.schema && each.name === actual.name);
    return wanted ? differences(wanted, actual) : [stranger(actual)];
  });
}

function stranger({ schema, name, kind }: ObservedOwnTable): Given {
  const text = `${schema}.${ident(name)}`;
  return {
    kind: 'table',
    action: 'remove',
    name: text,
    before: KINDS[kind] ?? 'table',
    sql: [],
    note: `not of this engine: move it out of ${schema}, or drop it`,
  };
}

function differences(wanted: DesiredTableOfOurs, actual: ObservedOwnTable): Given[] {
  const text = `${wanted.schema}.${wanted.name}`;
  const changes: Given[] = [];
  const add = (given: Omit<Given, 'kind' | 'action'> & Partial<Given>) =>
    changes.push({ kind: 'table', action: 'change', ...given });
  const lacking = (some: readonly string[], others: readonly string[]) =>
    some.filter((each) => !others.includes(each));
  const missing = lacking(wanted.columns, actual.columns);
  // In the order of `columns`: the one before it is there.
  for (const column of missing) {
    const addition = wanted.additions?.[column];
    if (addition !== undefined)
      add({ action: 'add', name: `${text} ${column}`, after: column, sql: [addition] });
  }
  const unlike = [
    ...lacking(actual.columns, wanted.columns),
    ...missing.filter((column) => wanted.additions?.[column] === undefined),
    ...lacking(actual.constraints, wanted.constraints),
  ];
  if (unlike.length > 0)
    add({
      name: `${text} as it was made`,
      before: [...actual.columns, ...actual.constraints].join(', '),
      after: [...wanted.columns, ...wanted.constraints].join(', '),
      sql: [],
      note: `somebody altered ${text}: undo it (${unlike.join(', ')})`,
    });
  for (const column of lacking(actual.nullable, wanted.nullable))
    add({
      name: `${text}.${column} NOT NULL`,
      before: 'may be NULL',
      after: 'NOT NULL',
      sql: [`ALTER TABLE ${text} ALTER COLUMN ${column} SET NOT NULL`],
    });
  for (const constraint of lacking(wanted.constraints, actual.constraints))
    add({ name: `${text} ${constraint}`, after: constraint, sql: [`ALTER TABLE ${text} ADD ${constraint}`] });
  const ours = new Set(wanted.triggers?.map((trigger) => trigger.name));
  for (const trigger of actual.triggers) {
    if (ours.has(trigger.name)) continue;
    add({
      kind: 'trigger',
      action: 'remove',
      name: `${trigger.name} on ${text}`,
      before: trigger.definition,
      sql: [`DROP TRIGGER ${ident(trigger.name)} ON ${text}`],
    });
  }
  for (const rule of actual.rules)
    add({
      kind: 'trigger',
      action: 'remove',
      name: `rule ${rule} on ${text}`,
      before: 'a rewrite rule',
      sql: [`DROP RULE ${ident(rule)} ON ${text}`],
    });
  return changes;
}
