/** One value for the applied state: equal exactly when two databases are protected the same way. Pure. */
import { createHash } from 'node:crypto';
import type { Desired, DesiredRelation } from '../../sql/compiler/desired';

/** SHA-256, hex. Object ids and what the database happened to look like before are no part of it. */
export function stateHash(registryHash: string, desired: Desired): string {
  const state = {
    registry: registryHash,
    roles: sorted(desired.roles),
    tables: sorted(desired.tables),
    functions: sorted(desired.functions),
    usage: desired.usage,
    connect: [...desired.connect].sort(),
    relations: sorted(desired.relations.map(relation)),
  };
  return createHash('sha256').update(canonical(state)).digest('hex');
}

function relation(each: DesiredRelation) {
  const { mode, rowSecurity, grants } = each;
  return {
    name: each.relation.text,
    kind: each.relation.kind,
    owner: each.relation.owner,
    mode,
    rowSecurity,
    policies: sorted(each.policies),
    triggers: sorted(each.triggers),
    grants,
    columnGrants: sorted(each.columnGrants),
  };
}

function sorted<T>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
}

/** JSON with the keys of objects and maps in order, and nothing for what is undefined. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (each instanceof Map) return Object.fromEntries([...each].sort(byKey));
    if (each === null || typeof each !== 'object' || Array.isArray(each)) return each;
    return Object.fromEntries(Object.entries(each).sort(byKey));
  });
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
