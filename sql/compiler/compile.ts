/** Registry + catalog -> the desired state of the whole database. Pure: values in, values out, no SQL is run. */
import { ident, literal, qualified } from '../db/names';
import type { RoleEntry, Verb } from '../registry/types';
import type { BoundRegistry, BoundTable, Relation } from './bound';
import type { Desired, DesiredRelation, Policy, Trigger } from './desired';
import { countedColumns, countedRows } from './guard/approvals/countable';
import { guardFunctions } from './guard/functions';
import { guardTables } from './guard/tables';
import { typeSchema } from './key-type';
import { keepsOneOrganization, moveTrigger } from './move-trigger';
import {
  FLAG_SETTING,
  FLAG_TRIGGER,
  GUARD_OWNER,
  GUARD_POLICY,
  OWNER_POLICY,
  OWNER_RESTRICT_POLICY,
  permitPolicy,
  READ_ONLY_TRIGGER,
  restrictPolicy,
  SYNC_TRIGGER,
  TRUNCATE_TRIGGER,
} from './our-names';
import { predicate } from './predicate';
import { shareTriggers } from './share-trigger';

export function compile(bound: BoundRegistry): Desired {
  const { registry } = bound;
  const relations = [
    ...bound.tables.map((table) => registered(bound, table)),
    ...bound.tables.flatMap((table) => table.children.map((child) => childOf(bound, table, child))),
    ...bound.excluded.flatMap(({ relation, entry, children }) => [
      excluded(bound, relation, entry.grants),
      ...children.map((child) => excluded(bound, child, {})),
    ]),
    ...bound.views.map(({ relation, entry }) => grantsOnly(bound, relation, entry.grants)),
    ...bound.unregistered.map(({ relation }) =>
      relation.kind === 'r' || relation.kind === 'p'
        ? sealed(bound, relation)
        : grantsOnly(bound, relation, {}),
    ),
  ];
  const owners = [
    ...new Set(relations.filter((each) => each.rowSecurity).map((each) => each.relation.owner)),
  ].sort();
  return {
    roles: registry.roles.map(({ name, login, settings }) => ({ name, login, settings })),
    tables: guardTables(bound.key.type, registry.approvals !== undefined),
    functions: guardFunctions(bound, owners),
    usage: usage(bound, relations, owners),
    connect: registry.roles.filter((role) => role.login).map((role) => role.name),
    relations,
  };
}

/**
 * The owner's policies: loud refusal instead of an empty answer (SQLSTATE TZ010). The restrictive one holds when
 * somebody adds a permissive policy for PUBLIC, which would be the owner's too.
 */
function ownerPolicies(relation: Relation): Policy[] {
  const call = '(SELECT guard.owner_may())';
  const shape = { command: 'ALL', role: relation.owner, using: call, check: call } as const;
  return [
    { name: OWNER_POLICY, permissive: true, ...shape },
    { name: OWNER_RESTRICT_POLICY, permissive: false, ...shape },
  ];
}

const truncateTrigger: Trigger = {
  name: TRUNCATE_TRIGGER,
  events: 'BEFORE TRUNCATE',
  each: 'FOR EACH STATEMENT',
  call: 'guard.refuse_truncate()',
};

const readOnlyTrigger: Trigger = {
  name: READ_ONLY_TRIGGER,
  events: 'AFTER INSERT OR DELETE OR UPDATE',
  each: `FOR EACH STATEMENT WHEN ((current_setting('transaction_read_only'::text) = 'on'::text))`,
  call: 'guard.keep_read_only()',
};

function registered(bound: BoundRegistry, table: BoundTable): DesiredRelation {
  const { relation, entry } = table;
  const policies: Policy[] = ownerPolicies(relation);
  for (const role of bound.registry.roles) {
    const row = predicate(table, role.sees, bound.key);
    const shape = { command: 'ALL', role: role.name, using: row, check: row } as const;
    // The same expression twice costs nothing (the rewriter drops equal quals) and survives the loss of either policy:
    // without the restrictive one a stranger's permissive policy would widen the view, without the permissive one
    // nothing shows at all.
    if (role.sees !== 'nothing') policies.push({ name: permitPolicy(role.name), permissive: true, ...shape });
    policies.push({ name: restrictPolicy(role.name), permissive: false, ...shape });
  }
  const guardReads = guardPolicy(bound, table);
  if (guardReads) policies.push(guardReads);
  return {
    relation,
    mode: 'registered',
    rowSecurity: true,
    policies,
    triggers: [
      truncateTrigger,
      readOnlyTrigger,
      ...(keepsOneOrganization(table) ? [moveTrigger(bound, table)] : []),
      ...shareTriggers(bound, table),
      ...flagTriggers(bound, table),
    ],
    grants: withSearch(
      table,
      grantsFor(
        bound,
        relation,
        (role) => entry.grants[role.name] ?? (table.isOrganizations ? [] : role.verbs),
      ),
    ),
    columnGrants: guardColumns(bound, table),
    replaces: entry.replaces,
    mentions: [...table.columns.map(({ name, type }) => ({ name, type })), ...flagColumns(bound, table)],
  };
}

/** Columns of the organizations table that `tenant_zero_guard` mentions. */
function flagColumns(bound: BoundRegistry, table: BoundTable): { name: string; type: string }[] {
  const { sensitive, own } = bound.registry.organizations;
  if (!table.isOrganizations || sensitive.kind !== 'column') return [];
  return [sensitive, ...(own?.kind === 'column' ? [own] : [])].map(({ column }) => ({
    name: column,
    type: 'boolean',
  }));
}

function childOf(bound: BoundRegistry, table: BoundTable, relation: Relation): DesiredRelation {
  const closed = sealed(bound, relation);
  // A partition inherits row triggers from its parent; a table that inherits the old way does not.
  const isPartition = table.relation.kind === 'p';
  if (isPartition || !keepsOneOrganization(table)) return { ...closed, mode: 'child' };
  return {
    ...closed,
    mode: 'child',
    triggers: [...closed.triggers, moveTrigger(bound, table)],
    mentions: table.columns.map(({ name, type }) => ({ name, type })),
  };
}

function sealed(bound: BoundRegistry, relation: Relation): DesiredRelation {
  return {
    ...grantsOnly(bound, relation, {}),
    mode: 'sealed',
    rowSecurity: true,
    policies: ownerPolicies(relation),
    triggers: [truncateTrigger],
  };
}

function excluded(
  bound: BoundRegistry,
  relation: Relation,
  grants: Readonly<Record<string, readonly Verb[]>>,
): DesiredRelation {
  return { ...grantsOnly(bound, relation, grants), mode: 'excluded' };
}

function grantsOnly(
  bound: BoundRegistry,
  relation: Relation,
  grants: Readonly<Record<string, readonly Verb[]>>,
): DesiredRelation {
  return {
    relation,
    mode: 'grants-only',
    rowSecurity: undefined,
    policies: [],
    triggers: [],
    grants: grantsFor(bound, relation, (role) => grants[role.name] ?? []),
    columnGrants: assignmentsColumns(bound, relation),
    replaces: [],
    mentions: [],
  };
}

function withSearch(
  table: BoundTable,
  grants: Map<string, readonly string[]>,
): Map<string, readonly string[]> {
  return table.entry.search.length > 0 ? grants.set(GUARD_OWNER, ['SELECT']) : grants;
}

/** Every registry role and PUBLIC has an entry, so that what is not listed is known to be unwanted. */
function grantsFor(
  bound: BoundRegistry,
  relation: Relation,
  verbs: (role: RoleEntry) => readonly Verb[],
): Map<string, readonly string[]> {
  const grants = new Map<string, readonly string[]>([['PUBLIC', []]]);
  for (const role of bound.registry.roles) {
    // An owner's rights come with ownership; the verifier says what it thinks of a registry role that owns tables.
    if (role.name === relation.owner) continue;
    grants.set(
      role.name,
      verbs(role)
        .map((verb) => verb.toUpperCase())
        .sort(),
    );
  }
  return grants;
}

function isAssignments(bound: BoundRegistry, relation: Relation): boolean {
  const { assignments } = bound.registry;
  return assignments !== undefined && qualified(assignments.table) === relation.text;
}

/**
 * What `guard_owner` may read through row security: assignments, rows of the organization that is being counted, sensitive
 * organizations, and the one that is changing.
 */
function guardPolicy(bound: BoundRegistry, table: BoundTable): Policy | undefined {
  const base = { name: GUARD_POLICY, permissive: true, role: GUARD_OWNER } as const;
  if (isAssignments(bound, table.relation) || table.entry.search.length > 0) {
    // Search functions run as guard_owner and apply the caller's predicate themselves: guard/search.ts.
    return { ...base, command: 'SELECT', using: 'true', check: undefined };
  }
  const counted = countedRows(bound, table);
  if (counted !== undefined) return { ...base, command: 'SELECT', using: counted, check: undefined };
  const marked = markedSensitive(bound);
  if (!table.isOrganizations || marked === undefined) return undefined;
  const changing = `((${ident(bound.registry.organizations.id)})::text = current_setting(${literal(FLAG_SETTING)}, true))`;
  // And what is on the list though its flag was cleared past the gate: a plan must be able to say so.
  const listed = `((${ident(bound.registry.organizations.id)})::${bound.key.type} ${bound.key.operators?.equals ?? '='} ANY (SELECT s.organization FROM guard.sensitive_organizations s))`;
  const row = `(${marked} OR ${changing} OR ${listed})`;
  return { ...base, command: 'ALL', using: row, check: row };
}

/** SQL that is true for a sensitive row of the organizations table. NULL counts as sensitive. */
export function markedSensitive(bound: BoundRegistry): string | undefined {
  const { sensitive, own } = bound.registry.organizations;
  if (sensitive.kind === 'managed') return undefined;
  const columns = [sensitive.column, ...(own?.kind === 'column' ? [own.column] : [])];
  return columns.map((column) => `(${ident(column)} IS NOT FALSE)`).join(' OR ');
}

function assignmentsColumns(bound: BoundRegistry, relation: Relation): DesiredRelation['columnGrants'] {
  const { assignments } = bound.registry;
  if (!assignments || !isAssignments(bound, relation)) return [];
  return [assignments.person, assignments.organization].map((column) => ({
    role: GUARD_OWNER,
    privilege: 'SELECT',
    column,
  }));
}

function guardColumns(bound: BoundRegistry, table: BoundTable): DesiredRelation['columnGrants'] {
  const { id, sensitive, own } = bound.registry.organizations;
  const assignments = assignmentsColumns(bound, table.relation);
  if (!table.isOrganizations) {
    const named = new Set(assignments.map(({ column }) => column));
    const counted = countedColumns(bound, table).filter((column) => !named.has(column));
    return [...assignments, ...counted.map((column) => ({ role: GUARD_OWNER, privilege: 'SELECT', column }))];
  }
  if (sensitive.kind !== 'column') return assignments;
  const read = [id, sensitive.column, ...(own?.kind === 'column' ? [own.column] : [])];
  return [
    ...assignments,
    ...read.map((column) => ({ role: GUARD_OWNER, privilege: 'SELECT', column })),
    { role: GUARD_OWNER, privilege: 'UPDATE', column: sensitive.column },
  ];
}

function flagTriggers(bound: BoundRegistry, table: BoundTable): Trigger[] {
  if (!table.isOrganizations) return [];
  const call = 'guard.flag_guard()';
  const row = { name: FLAG_TRIGGER, events: 'BEFORE INSERT OR DELETE OR UPDATE', each: 'FOR EACH ROW', call };
  // TRUNCATE is refused to everybody, the migration login too: this one stands in for the ordinary truncate trigger.
  const truncate = {
    name: `${FLAG_TRIGGER}_truncate`,
    events: 'BEFORE TRUNCATE',
    each: 'FOR EACH STATEMENT',
    call,
  };
  const sync = {
    name: SYNC_TRIGGER,
    events: 'AFTER INSERT OR UPDATE',
    each: 'FOR EACH ROW',
    call: 'guard.sync_sensitive()',
  };
  return bound.registry.organizations.sensitive.kind === 'column' ? [row, truncate, sync] : [row, truncate];
}

function usage(
  bound: BoundRegistry,
  relations: readonly DesiredRelation[],
  owners: readonly string[],
): Map<string, readonly string[]> {
  const roles = new Map<string, Set<string>>();
  const add = (schema: string, role: string) => {
    const set = roles.get(schema) ?? new Set();
    roles.set(schema, set.add(role));
  };
  for (const each of relations) {
    for (const [role, privileges] of each.grants)
      if (privileges.length > 0) add(each.relation.table.schema, role);
    for (const { role } of each.columnGrants) add(each.relation.table.schema, role);
  }
  for (const role of bound.registry.roles) add('guard', role.name);
  for (const owner of owners) add('guard', owner);
  for (const login of [bound.registry.migrations?.login, ...bound.registry.appliers])
    if (login) add('guard', login);
  for (const login of bound.registry.appliers) add('vault', login);
  // Stored answers of the approval function: functions there, and no table.
  const { approvals, organizations } = bound.registry;
  if (approvals && organizations.gate !== undefined) add('vault', organizations.gate);
  // Helper functions name the key's type: an enum, or a type of an extension, lives in a schema of somebody else's.
  const keySchema = typeSchema(bound.key.type);
  if (keySchema !== undefined) add(keySchema, GUARD_OWNER);
  return new Map([...roles].map(([schema, set]) => [schema, [...set].sort()]));
}
