/** A plan as transactions, in an order in which a crash after any of them leaves nothing more open. Pure. */
import type { Relation } from '../compiler/bound';
import { type Change, GUARD_UNIT, type Phase, ROLES_UNIT } from '../planner/change';
import { fillHiddenList } from '../planner/hidden-list';
import type { Plan } from '../planner/plan';

/** One transaction. */
export interface Step {
  /** `guard`, or a relation as `schema.name`: for people. */
  readonly name: string;
  /** Before the table is locked. */
  readonly prelude: readonly Change[];
  /** The relation whose state the changes rely on. */
  readonly relation: Relation | undefined;
  /** The changes need ACCESS EXCLUSIVE. Without it no lock is taken on the table. */
  readonly exclusive: boolean;
  readonly changes: readonly Change[];
  /** SQL that `guard_owner` runs at the end. */
  readonly closing: readonly string[];
  /** Names of steps of the same stage that must be done before. */
  readonly needs: readonly string[];
  /** Relations that this step changes and that a later step relies on. */
  readonly marks: readonly number[];
}

export interface Stages {
  /**
   * 1. Takes grants away, and policies whose path is about to change: after this nothing of a later step can show more
   *    than the final state does.
   */
  readonly closing: readonly Step[];
  /**
   * 2. Functions and the organizations table, in one transaction: flag guard, list of hidden organizations and the
   *    triggers that keep it do not fit another registry's. No policy that uses the list may come before.
   */
  readonly foundation: readonly Step[];
  /** 3. A transaction per relation, after the one that it is seen through. */
  readonly relations: readonly Step[];
  /** 4. Who may log in, connect and enter a schema: one by one, see `exposes`. */
  readonly opening: readonly Change[];
  /** 5. Functions that nothing uses any more. */
  readonly after: readonly Step[];
}

/** Kinds that change what the server locks a table for. */
const HEAVY = new Set<Change['kind']>(['row-security', 'policy', 'foreign-policy', 'trigger']);

/** `todo`: the changes of the plan that are wanted and can be made. `views`: the tables that views read. */
export function stagesOf(
  plan: Plan,
  todo: readonly Change[],
  views: ReadonlyMap<string, readonly string[]>,
): Stages {
  const inPhase = (phase: Phase | undefined) => todo.filter((change) => change.phase === phase);
  const relations = new Map(plan.desired.relations.map(({ relation }) => [relation.text, relation]));
  const ordinary = byUnit(inPhase(undefined).filter(({ unit }) => unit !== ROLES_UNIT));
  const guard = ordinary.get(GUARD_UNIT) ?? [];
  const organizations = plan.bound.organizations.relation;
  const own = ordinary.get(organizations.text) ?? [];
  ordinary.delete(GUARD_UNIT);
  ordinary.delete(organizations.text);
  const names = [...(guard.length > 0 ? [GUARD_UNIT] : []), ...(own.length > 0 ? [organizations.text] : [])];
  const foundation: Step = {
    ...step(names.join(', '), own.length > 0 ? organizations : undefined, own),
    prelude: guard.filter(({ kind }) => kind !== 'hidden-list'),
    // Complete the list when the flags can be read: after the grants and the policy for it.
    changes: [...own, ...guard.filter(({ kind }) => kind === 'hidden-list')],
    closing: own.length > 0 ? fillHiddenList(plan.bound) : [],
  };
  const needs = (unit: string): readonly string[] => {
    const bases = views.get(unit);
    if (bases) return bases;
    const link = plan.bound.tables.find(({ relation }) => relation.text === unit)?.link;
    return link && link.relation.text !== organizations.text ? [link.relation.text] : [];
  };
  return {
    closing: [...byUnit(inPhase('close'))].map(([unit, changes]) => {
      const relation = relations.get(unit);
      return { ...step(unit, relation, changes), marks: relation ? [relation.oid] : [] };
    }),
    foundation: names.length > 0 ? [foundation] : [],
    relations: handOver(plan, ordinary).map(([unit, changes]) => ({
      ...step(unit, relations.get(unit), changes),
      needs: needs(unit),
      marks: changes.flatMap((change) => {
        const other = change.unit === unit ? undefined : relations.get(change.unit);
        return other ? [other.oid] : [];
      }),
    })),
    opening: inPhase('open'),
    after: [...byUnit(inPhase('after'))].map(([unit, changes]) => step(unit, undefined, changes)),
  };
}

export function step(name: string, relation: Relation | undefined, changes: readonly Change[]): Step {
  const exclusive = changes.some(({ kind }) => HEAVY.has(kind));
  return { name, prelude: [], relation, exclusive, changes, closing: [], needs: [], marks: [] };
}

function byUnit(changes: readonly Change[]): Map<string, Change[]> {
  const units = new Map<string, Change[]>();
  for (const change of changes) {
    const list = units.get(change.unit);
    if (list) list.push(change);
    else units.set(change.unit, [change]);
  }
  return units;
}

/**
 * A table that had a row trigger of its own and is a partition now: its parent's trigger of the same name cannot be made
 * before it goes. Both happen in the parent's transaction, or rows could change their organization in between.
 */
function handOver(plan: Plan, units: Map<string, Change[]>): [string, Change[]][] {
  for (const { relation, children } of plan.bound.tables) {
    const made = new Set(
      (units.get(relation.text) ?? [])
        .filter(({ kind, action }) => kind === 'trigger' && action !== 'remove')
        .map(({ name }) => name),
    );
    if (made.size === 0) continue;
    for (const child of children) {
      const changes = units.get(child.text) ?? [];
      const handed = changes.filter(
        ({ kind, action, name }) => kind === 'trigger' && action === 'remove' && made.has(name),
      );
      if (handed.length === 0) continue;
      units.set(relation.text, [...handed, ...(units.get(relation.text) ?? [])]);
      units.set(
        child.text,
        changes.filter((change) => !handed.includes(change)),
      );
    }
  }
  return [...units].filter(([, changes]) => changes.length > 0);
}
