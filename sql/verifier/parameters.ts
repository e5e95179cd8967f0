/** What the rules are told about the registry. */
import type { BoundRegistry } from '../compiler/bound';
import { GUARD_OWNER } from '../compiler/our-names';
import type { RuleParameters } from './rule';

export function ruleParameters(bound: BoundRegistry, self: string): RuleParameters {
  const { registry } = bound;
  const { sensitive, own, gate } = registry.organizations;
  return {
    self,
    organizations: {
      oid: bound.organizations.relation.oid,
      key: bound.key.name,
      key_type: bound.key.type,
    },
    flag: {
      kind: sensitive.kind,
      column: sensitive.kind === 'column' ? sensitive.column : null,
      own: own?.kind === 'column' ? own.column : null,
    },
    roles: registry.roles.map(({ name, sees, settings }) => ({ name, sees, settings: { ...settings } })),
    registered: bound.tables.map((table) => ({
      oid: table.relation.oid,
      kind: table.entry.belongs.kind,
      columns: table.columns.map((column) => column.name),
    })),
    children: bound.tables.flatMap((table) => table.children.map((child) => child.oid)),
    excluded: bound.excluded.flatMap(({ relation, children }) => [
      relation.oid,
      ...children.map((child) => child.oid),
    ]),
    views: bound.views.map(({ relation }) => relation.oid),
    unregistered: bound.unregistered.map(({ relation }) => relation.oid),
    migration_login: registry.migrations?.login ?? null,
    appliers: registry.appliers,
    administrators: registry.administrators,
    gate: gate ?? null,
    guard_owner: GUARD_OWNER,
  };
}
