/** Schemas, tables and triggers of the engine's own: what they should be against what they are. Pure. */
import type { Desired } from '../compiler/desired';
import { GUARD_OWNER } from '../compiler/our-names';
import { ident, literal } from '../db/names';
import { type Change, GUARD_UNIT } from './change';
import { diffFunctions } from './diff-functions';
import { diffOwnTables } from './diff-own-tables';
import { diffUsage } from './diff-usage';
import { change, type Given, type GuardContext } from './guard-context';
import type { Observed } from './observed';

export function diffGuard(desired: Desired, observed: Observed, context: GuardContext): Change[] {
  const changes: Change[] = [];
  const add = (given: Given) => changes.push(change(GUARD_UNIT, given));
  for (const schema of ['guard', 'vault']) {
    const actual = observed.schemas.get(schema);
    if (!actual)
      add({
        kind: 'schema',
        action: 'add',
        name: schema,
        as: undefined,
        sql: [`CREATE SCHEMA ${schema} AUTHORIZATION ${GUARD_OWNER}`],
      });
    else if (actual.owner !== GUARD_OWNER)
      add({
        kind: 'schema',
        action: 'change',
        name: `owner of ${schema}`,
        before: actual.owner,
        after: GUARD_OWNER,
        as: undefined,
        sql: [`ALTER SCHEMA ${schema} OWNER TO ${GUARD_OWNER}`],
      });
  }
  // Before the functions: one that returns rows of a product table needs USAGE on that table's schema.
  diffUsage(desired, observed, context.identity, changes);
  for (const table of desired.tables) {
    const text = `${table.schema}.${table.name}`;
    const actual = observed.tables.find((each) => each.schema === table.schema && each.name === table.name);
    if (!actual) add({ kind: 'table', action: 'add', name: text, sql: [table.create] });
    else {
      if (actual.owner !== GUARD_OWNER)
        add({
          kind: 'owner',
          action: 'change',
          name: text,
          before: actual.owner,
          after: GUARD_OWNER,
          as: actual.owner,
          sql: [],
          note: `run as an administrator: ALTER TABLE ${text} OWNER TO ${GUARD_OWNER}`,
        });
      if (actual.rowSecurity)
        add({
          kind: 'row-security',
          action: 'remove',
          name: text,
          before: 'ENABLE',
          sql: [`ALTER TABLE ${text} DISABLE ROW LEVEL SECURITY`],
          note: 'row security here would empty the lists that policies compare with',
        });
      for (const grant of actual.grants)
        add({
          kind: 'grant',
          action: 'remove',
          name: `${text} to ${grant.role}`,
          before: grant.privileges.join(', '),
          sql: [
            `REVOKE ALL ON ${text} FROM ${grant.role === 'PUBLIC' ? 'PUBLIC' : ident(grant.role)} CASCADE`,
          ],
        });
    }
  }
  for (const given of diffOwnTables(desired.tables, observed.tables)) add(given);
  if (observed.state?.damage === 'empty')
    add({
      kind: 'table',
      action: 'add',
      name: 'guard.state row',
      after: 'one row',
      sql: [`INSERT INTO guard.state (key_type) VALUES (${literal(context.keyType)})`],
    });
  diffFunctions(desired, observed, context, add);
  for (const table of desired.tables) {
    const actual = observed.tables.find((each) => each.schema === table.schema && each.name === table.name);
    for (const trigger of table.triggers ?? []) {
      const text = `${table.schema}.${table.name}`;
      const create = `CREATE TRIGGER ${trigger.name} ${trigger.events} ON ${text} ${trigger.each} EXECUTE FUNCTION ${trigger.call}`;
      const found = actual?.triggers.find((each) => each.name === trigger.name);
      if (found?.definition === create && found.enabled === 'A') continue;
      const drop = found ? [`DROP TRIGGER ${trigger.name} ON ${text}`] : [];
      add({
        kind: 'trigger',
        action: found ? 'change' : 'add',
        name: `${trigger.name} on ${text}`,
        before: found && `${found.definition} (${found.enabled})`,
        after: create,
        sql: [...drop, create, `ALTER TABLE ${text} ENABLE ALWAYS TRIGGER ${trigger.name}`],
      });
    }
  }
  return changes;
}
