/**
 * A table that is seen through another one today and will be seen in another way. While the other one changes first, the
 * old policy here shows through it what neither the old nor the new state shows. So the way in is closed beforehand.
 * Pure.
 */
import type { Desired, DesiredRelation } from '../compiler/desired';
import { ident, qualified } from '../db/names';
import type { Change } from './change';
import type { Observed, ObservedPolicy } from './observed';

export function closeRelinked(desired: Desired, observed: Observed, changes: readonly Change[]): Change[] {
  const changing = new Set(changes.filter(({ kind }) => kind === 'policy').map(({ unit }) => unit));
  const names = desired.relations.map(({ relation }) => relation.text).filter((text) => changing.has(text));
  return desired.relations.flatMap((relation) => {
    if (!changing.has(relation.relation.text)) return [];
    const policies = observed.relations.get(relation.relation.oid)?.policies ?? [];
    return policies
      .filter((policy) => policy.permissive && names.some((name) => hangsOn(policy, name)))
      .filter((policy) => isRewritten(relation, policy, changes))
      .map((policy) => close(relation, policy));
  });
}

/** Whether the policy looks at rows of the table called `text`. */
export function hangsOn({ using }: ObservedPolicy, text: string): boolean {
  return using?.includes(`${text} tenant_zero_link`) ?? false;
}

/** Changed, and no longer through the same table; a policy that only goes is gone with its grants. */
function isRewritten(relation: DesiredRelation, before: ObservedPolicy, changes: readonly Change[]): boolean {
  const after = relation.policies.find(({ name }) => name === before.name);
  if (!changes.some(({ unit, name }) => unit === relation.relation.text && name === before.name))
    return false;
  const link = /FROM (.+?) tenant_zero_link/;
  return after === undefined || link.exec(after.using)?.[1] !== link.exec(before.using ?? '')?.[1];
}

function close({ relation }: DesiredRelation, { name }: ObservedPolicy): Change {
  return {
    unit: relation.text,
    kind: 'policy',
    action: 'remove',
    name: `${name} while its path changes`,
    before: undefined,
    after: undefined,
    note: undefined,
    as: relation.owner,
    phase: 'close',
    sql: [`DROP POLICY IF EXISTS ${ident(name)} ON ${qualified(relation.table)}`],
  };
}
