/** Policies of one relation. Pure. */
import type { DesiredRelation, Policy } from '../compiler/desired';
import { isOurs } from '../compiler/our-names';
import { ident } from '../db/names';
import { pattern } from '../db/pattern';
import type { ObservedPolicy, ObservedRelation } from './observed';
import { printKey } from './printed';
import type { Add, RelationContext } from './relation-context';

export function diffPolicies(
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
