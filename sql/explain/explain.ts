/** A plan -> what it means for one table. Pure: no query, and nothing about single rows. */
import type { BoundRegistry, BoundTable } from '../compiler/bound';
import type { DesiredRelation } from '../compiler/desired';
import { GUARD_UNIT, ROLES_UNIT } from '../planner/change';
import type { Plan } from '../planner/plan';
import type { Decision, Explanation, RoleExplanation, Step } from './explanation';
import { findRelation, requireRole } from './find';
import { ownerSentences, seesSentences, verbSentence } from './sentences';

/** @throws CommandError `unknown-table`, `ambiguous-table`, `unknown-role` */
export function explainTable(plan: Plan, name: string, role?: string): Explanation {
  const { bound } = plan;
  const text = findRelation(plan, name);
  const desired = plan.desired.relations.find((each) => each.relation.text === text) as DesiredRelation;
  const owner = desired.relation.owner;
  const known = [...bound.registry.roles.map((each) => each.name), owner];
  if (role !== undefined) requireRole([...new Set(known)], role);
  const table = tableOf(bound, text);
  const pending = plan.changes.filter((change) => change.unit === text);
  const foreign = plan.leftAlone.find((each) => each.relation === text);
  const roles = bound.registry.roles.map((each) => explainRole(plan, desired, table, each.name));
  const all = roles.some((each) => each.role === owner) ? roles : [...roles, ownerRole(plan, desired)];
  return {
    table: text,
    mode: desired.mode,
    decision: decide(bound, text),
    path: table ? pathOf(bound, table) : [],
    children: childrenOf(bound, text),
    roles: role === undefined ? all : all.filter((each) => each.role === role),
    database: {
      matches: pending.length === 0,
      pending: pending.map((change) => `${change.action} ${change.kind} ${change.name}`),
      enginePending: plan.changes.filter(({ unit }) => unit === ROLES_UNIT || unit === GUARD_UNIT).length,
      foreignPolicies: foreign?.policies ?? [],
    },
  };
}

/** The registered table itself, or the one that a partition belongs to. */
function tableOf(bound: BoundRegistry, text: string): BoundTable | undefined {
  return bound.tables.find(
    (table) => table.relation.text === text || table.children.some((child) => child.text === text),
  );
}

function childrenOf(bound: BoundRegistry, text: string): string[] {
  const parents = [...bound.tables, ...bound.excluded];
  const own = parents.find((each) => each.relation.text === text)?.children ?? [];
  return own.map((child) => child.text);
}

function decide(bound: BoundRegistry, text: string): Decision {
  const table = tableOf(bound, text);
  if (table) {
    const { location } = table.entry;
    if (table.relation.text !== text) return { kind: 'child', parent: table.relation.text, location };
    return { kind: table.isOrganizations ? 'organizations' : 'registered', location };
  }
  for (const { relation, entry, children } of bound.excluded) {
    const { reason, owner, until, location } = entry;
    if (relation.text === text) return { kind: 'excluded', reason, owner, until, location };
    if (children.some((child) => child.text === text))
      return { kind: 'child', parent: relation.text, location };
  }
  const view = bound.views.find((each) => each.relation.text === text);
  if (view) return { kind: 'view', location: view.entry.location };
  const gap = bound.unregistered.find((each) => each.relation.text === text)?.undecided;
  return { kind: 'unregistered', undecided: gap?.because, location: gap?.location };
}

/** From the table to the organizations, every foreign key on the way. `bind` has refused circles. */
function pathOf(bound: BoundRegistry, start: BoundTable): Step[] {
  const steps: Step[] = [];
  let table: BoundTable | undefined = start;
  while (table) {
    const here: string = table.relation.text;
    const { link } = table;
    if (!link) {
      const kind = table.isOrganizations ? 'key' : 'column';
      steps.push(...table.columns.map((column): Step => ({ kind, table: here, column: column.name })));
      break;
    }
    const there: string = link.relation.text;
    steps.push(
      table.entry.belongs.kind === 'via'
        ? { kind: 'foreign-key', table: here, to: there, links: link.columns }
        : { kind: 'pointed-at', table: here, by: there, links: link.columns },
    );
    table = bound.tables.find((each) => each.relation.text === there);
  }
  return steps;
}

function explainRole(
  plan: Plan,
  desired: DesiredRelation,
  table: BoundTable | undefined,
  name: string,
): RoleExplanation {
  const { registry } = plan.bound;
  const sees = registry.roles.find((each) => each.name === name)?.sees;
  const verbs = desired.grants.get(name) ?? [];
  const policies = policiesOf(desired, name);
  const because = [
    ...shownBy(plan.bound, desired, table, sees),
    ...(desired.relation.owner === name ? ownerSentences(registry, desired) : []),
  ];
  const closed = desired.mode === 'child' ? undefined : verbSentence(verbs);
  return { role: name, sees, verbs, policies, because: closed ? [closed] : because };
}

function shownBy(
  bound: BoundRegistry,
  desired: DesiredRelation,
  table: BoundTable | undefined,
  sees: RoleExplanation['sees'],
): string[] {
  switch (desired.mode) {
    case 'registered':
      return table && sees ? seesSentences(sees, table, bound.registry.approvals !== undefined) : [];
    case 'child':
      return [
        `reaches its rows through ${table?.relation.text ?? 'the parent'} only: it holds no privilege here`,
      ];
    case 'sealed':
      return ['sees nothing: nobody registered this table'];
    case 'excluded':
      return ['sees every row: the table is excluded, no organization decides'];
    case 'grants-only':
      return bound.views.some((view) => view.relation.text === desired.relation.text)
        ? ['sees what the tables behind the view show it']
        : ['sees nothing: nobody registered this relation'];
  }
}

function ownerRole(plan: Plan, desired: DesiredRelation): RoleExplanation {
  const role = desired.relation.owner;
  return {
    role,
    sees: undefined,
    verbs: ['OWNER'],
    policies: policiesOf(desired, role),
    because: ownerSentences(plan.bound.registry, desired),
  };
}

function policiesOf(desired: DesiredRelation, role: string): RoleExplanation['policies'] {
  return desired.policies
    .filter((policy) => policy.role === role)
    .map(({ name, permissive, using }) => ({ name, permissive, using }));
}
