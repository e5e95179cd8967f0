/** One relation: what it should be against what it is. Pure. */
import type { DesiredRelation } from '../compiler/desired';
import { ident, qualified } from '../db/names';
import type { Change } from './change';
import { diffExcluded } from './diff-excluded';
import { diffGrants } from './diff-grants';
import { diffPolicies } from './diff-policies';
import { diffTriggers } from './diff-triggers';
import type { ObservedRelation } from './observed';
import type { RelationContext } from './relation-context';

/**
 * In the order in which it is safe to run: closing first, opening last. All of it is one transaction, so this matters
 * only to a reader and to what the server locks first.
 */
export function diffRelation(
  desired: DesiredRelation,
  observed: ObservedRelation,
  context: RelationContext,
): Change[] {
  const changes: Change[] = [];
  const { relation } = desired;
  const table = qualified(relation.table);
  const add = (change: Pick<Change, 'kind' | 'action' | 'name' | 'sql'> & Partial<Change>) =>
    changes.push({
      unit: relation.text,
      before: undefined,
      after: undefined,
      note: undefined,
      as: relation.owner,
      ...change,
    });

  if (context.wantedOwner !== undefined && context.wantedOwner !== relation.owner) {
    add({
      kind: 'owner',
      action: 'change',
      name: 'owner',
      before: relation.owner,
      after: context.wantedOwner,
      sql: [],
      note: `run as an administrator: ALTER TABLE ${table} OWNER TO ${ident(context.wantedOwner)}; if the new owner is right, say so in the registry (owner:) and apply`,
    });
  }
  if (desired.rowSecurity) {
    if (!relation.rowSecurity)
      add({
        kind: 'row-security',
        action: 'add',
        name: 'ENABLE ROW LEVEL SECURITY',
        sql: [`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`],
      });
    if (!relation.forceRowSecurity)
      add({
        kind: 'row-security',
        action: 'add',
        name: 'FORCE ROW LEVEL SECURITY',
        sql: [`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`],
      });
    diffPolicies(desired, observed, context, table, add);
    diffTriggers(desired, observed, context, table, add);
  } else if (desired.mode === 'excluded') {
    diffExcluded(desired, observed, context.wasRegistered, add);
  }
  diffGrants(desired, observed, context, table, add);
  return changes;
}
