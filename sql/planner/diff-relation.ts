/** One relation: what it should be against what it is. Pure. */
import type { DesiredRelation, Policy, Trigger } from '../compiler/desired';
import { GUARD_OWNER, isOurs } from '../compiler/our-names';
import { ident, qualified } from '../db/names';
import { pattern } from '../db/pattern';
import type { Change } from './change';
import { diffExcluded } from './diff-excluded';
import type { ObservedGrant, ObservedPolicy, ObservedRelation, ObservedTrigger } from './observed';
import { printKey } from './printed';

export interface RelationContext {
  readonly serverVersion: number;
  readonly printed: ReadonlyMap<string, string>;
  /** The owner that the registry names, or that the first apply found. */
  readonly wantedOwner: string | undefined;
  readonly registryRoles: ReadonlySet<string>;
  /** Policies per role stand on it, or on a table that it is a partition of. */
  readonly wasRegistered: boolean;
}

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

export type Add = (change: Pick<Change, 'kind' | 'action' | 'name' | 'sql'> & Partial<Change>) => void;

function diffPolicies(
  desired: DesiredRelation,
  observed: ObservedRelation,
  context: RelationContext,
  table: string,
  add: Add,
): void {
  const actual = new Map(observed.policies.map((policy) => [policy.name, policy]));
  // Restrictive ones first: a reader of the log then sees the wall go up before the door.
  const ordered = [...desired.policies].sort((a, b) => Number(a.permissive) - Number(b.permissive));
  for (const policy of ordered) {
    const before = actual.get(policy.name);
    const after = wantedText(policy);
    const create = createPolicy(policy, table);
    if (!before) add({ kind: 'policy', action: 'add', name: policy.name, after, sql: [create] });
    else if (!samePolicy(policy, before, desired, context)) {
      add({
        kind: 'policy',
        action: 'change',
        name: policy.name,
        before: observedText(before),
        after,
        // It may have gone with the closing: see closing.ts.
        sql: [`DROP POLICY IF EXISTS ${ident(policy.name)} ON ${table}`, create],
      });
    }
  }
  const wanted = new Set(desired.policies.map((policy) => policy.name));
  const replaced = desired.replaces.map(pattern);
  for (const policy of observed.policies) {
    if (wanted.has(policy.name)) continue;
    const drop = [`DROP POLICY IF EXISTS ${ident(policy.name)} ON ${table}`];
    if (isOurs(policy.name))
      add({ kind: 'policy', action: 'remove', name: policy.name, before: observedText(policy), sql: drop });
    else if (replaced.some((match) => match.test(policy.name))) {
      add({
        kind: 'foreign-policy',
        action: 'remove',
        name: policy.name,
        before: observedText(policy),
        sql: drop,
      });
    }
  }
}

function samePolicy(
  policy: Policy,
  actual: ObservedPolicy,
  desired: DesiredRelation,
  context: RelationContext,
): boolean {
  const printed = (text: string) =>
    context.printed.get(printKey('policy', desired, text, context.serverVersion));
  const using = printed(policy.using);
  const check = policy.check === undefined ? undefined : printed(policy.check);
  return (
    using !== undefined &&
    actual.using === using &&
    actual.check === check &&
    actual.permissive === policy.permissive &&
    actual.command === policy.command &&
    actual.roles.length === 1 &&
    actual.roles[0] === policy.role
  );
}

function createPolicy(policy: Policy, table: string): string {
  const kind = policy.permissive ? 'PERMISSIVE' : 'RESTRICTIVE';
  const check = policy.check === undefined ? '' : ` WITH CHECK (${policy.check})`;
  return `CREATE POLICY ${ident(policy.name)} ON ${table} AS ${kind} FOR ${policy.command} TO ${ident(policy.role)} USING (${policy.using})${check}`;
}

const wantedText = (policy: Policy): string =>
  describe(policy.permissive, policy.command, [policy.role], policy.using, policy.check);
const observedText = (policy: ObservedPolicy): string =>
  describe(policy.permissive, policy.command, policy.roles, policy.using, policy.check);

function describe(
  permissive: boolean,
  command: string,
  roles: readonly string[],
  using: string | undefined,
  check: string | undefined,
): string {
  const checked = check === undefined || check === using ? '' : ` WITH CHECK (${check})`;
  return `${permissive ? 'PERMISSIVE' : 'RESTRICTIVE'} FOR ${command} TO ${roles.join(', ')} USING (${using ?? ''})${checked}`;
}

function diffTriggers(
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

/**
 * What is taken from a role goes before anything is given to anybody: rows of a table show through the policies of the
 * one it hangs on, and that one may be about to show more. Helper functions need theirs until they are replaced.
 */
const closing = (role: string): Pick<Change, 'phase'> => (role === GUARD_OWNER ? {} : { phase: 'close' });

function diffGrants(
  desired: DesiredRelation,
  observed: ObservedRelation,
  context: RelationContext,
  table: string,
  add: Add,
): void {
  const byRole = new Map(observed.grants.map((grant) => [grant.role, grant.privileges]));
  const who = (role: string) => (role === 'PUBLIC' ? 'PUBLIC' : ident(role));
  for (const [role, wanted] of desired.grants) {
    const actual = byRole.get(role) ?? [];
    const extra = actual.filter((privilege) => !wanted.includes(privilege));
    const missing = wanted.filter((privilege) => !actual.includes(privilege));
    if (extra.length > 0) {
      // A privilege with grant option shows as "SELECT*": it is taken away whole and, where wanted, given back plain.
      const plain = extra.map((privilege) => privilege.replace('*', ''));
      const back = plain.filter((privilege) => wanted.includes(privilege));
      const sql = [`REVOKE ${plain.join(', ')} ON ${table} FROM ${who(role)} CASCADE`];
      if (back.length > 0) sql.push(`GRANT ${back.join(', ')} ON ${table} TO ${who(role)}`);
      add({
        kind: 'grant',
        action: 'remove',
        ...closing(role),
        name: `grants to ${role}`,
        before: actual.join(', '),
        after: wanted.join(', '),
        sql,
      });
    }
    const give = missing.filter((privilege) => !extra.includes(`${privilege}*`));
    if (give.length > 0) {
      add({
        kind: 'grant',
        action: 'add',
        name: `grants to ${role}`,
        before: actual.join(', '),
        after: wanted.join(', '),
        sql: [`GRANT ${give.join(', ')} ON ${table} TO ${who(role)}`],
      });
    }
  }
  diffColumnGrants(desired, observed, context, table, who, add);
  diffSequences(desired, observed, who, add);
}

function diffColumnGrants(
  desired: DesiredRelation,
  observed: ObservedRelation,
  context: RelationContext,
  table: string,
  who: (role: string) => string,
  add: Add,
): void {
  const key = (role: string, privilege: string) => `${privilege} to ${role}`;
  const wanted = new Map(
    desired.columnGrants.map(({ role, privilege, column }) => {
      const text = `${privilege} (${ident(column)})`;
      return [key(role, text), { role, text }] as const;
    }),
  );
  const actual = new Map(
    observed.columnGrants
      .filter(({ role }) => context.registryRoles.has(role) || role === 'PUBLIC' || role === GUARD_OWNER)
      .flatMap(({ role, privileges }) =>
        privileges.map((privilege) => [key(role, privilege), { role, text: privilege }] as const),
      ),
  );
  for (const [id, { role, text }] of actual) {
    if (!wanted.has(id))
      add({
        kind: 'grant',
        action: 'remove',
        ...closing(role),
        name: `column grant ${id}`,
        before: text,
        sql: [`REVOKE ${text.replace('*', '')} ON ${table} FROM ${who(role)} CASCADE`],
      });
  }
  for (const [id, { role, text }] of wanted) {
    if (!actual.has(id))
      add({
        kind: 'grant',
        action: 'add',
        name: `column grant ${id}`,
        after: text,
        sql: [`GRANT ${text} ON ${table} TO ${who(role)}`],
      });
  }
}

/** A default calls nextval: USAGE for whoever may insert, nothing for the other registry roles. */
function diffSequences(
  desired: DesiredRelation,
  observed: ObservedRelation,
  who: (role: string) => string,
  add: Add,
): void {
  for (const sequence of observed.sequences) {
    const byRole = new Map<string, readonly string[]>(
      sequence.grants.map((grant: ObservedGrant) => [grant.role, grant.privileges]),
    );
    for (const [role, privileges] of desired.grants) {
      const wanted = privileges.includes('INSERT') ? ['USAGE'] : [];
      const actual = byRole.get(role) ?? [];
      const kept = sequence.shared ? ['USAGE'] : wanted;
      const extra = sequence.own ? actual.filter((privilege) => !kept.includes(privilege)) : [];
      if (extra.length > 0) {
        const plain = extra.map((privilege) => privilege.replace('*', ''));
        add({
          kind: 'grant',
          action: 'remove',
          ...closing(role),
          name: `grants on ${sequence.text} to ${role}`,
          before: actual.join(', '),
          after: wanted.join(', '),
          sql: [`REVOKE ${plain.join(', ')} ON SEQUENCE ${sequence.text} FROM ${who(role)} CASCADE`],
        });
      }
      if (wanted.some((privilege) => !actual.includes(privilege))) {
        add({
          kind: 'grant',
          action: 'add',
          name: `grants on ${sequence.text} to ${role}`,
          before: actual.join(', '),
          after: wanted.join(', '),
          as: sequence.owner,
          sql: [`GRANT USAGE ON SEQUENCE ${sequence.text} TO ${who(role)}`],
        });
      }
    }
  }
}
