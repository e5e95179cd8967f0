/** Column names of a registry as they may be meant. */
import type { Registry } from '../registry/types';

/** Column names as they may be meant: `organizationId`, or written as in SQL: `"organizationId"`. */
export function unquoted(name: string): string {
  return /^".*"$/.test(name) ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}

export function interestingNames(registry: Registry): string[] {
  const { organizations, assignments } = registry;
  const names = [
    organizations.id,
    organizations.sensitive.kind === 'column' ? organizations.sensitive.column : '',
    organizations.own?.kind === 'column' ? organizations.own.column : '',
    assignments?.person ?? '',
    assignments?.organization ?? '',
    ...registry.tables.flatMap((entry) => (entry.belongs.kind === 'through' ? [] : entry.belongs.columns)),
    ...registry.tables.flatMap((entry) => entry.search.map(({ column }) => column)),
  ];
  return [...new Set(names.filter((name) => name !== '').flatMap((name) => [name, unquoted(name)]))];
}
