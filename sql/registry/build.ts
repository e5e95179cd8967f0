/** From the file's content to the registry: every default is filled in here and nowhere else. */
import { createHash } from 'node:crypto';
import type { RelationName } from '../db/names';
import { readRelation } from './relation';
import type { RawRegistry } from './schema';
import {
  type Belonging,
  DEFAULT_MINUTES,
  type Location,
  MAXIMUM_MINUTES,
  type OrganizationsEntry,
  type Registry,
  type RoleEntry,
  VERBS,
  type Verb,
} from './types';

type RawTable = NonNullable<RawRegistry['tables']>[string];
type RawRole = RawRegistry['roles'][string];
type Grants = Readonly<Record<string, readonly Verb[]>>;

/** Where the entry at a path of the file stands. */
export type Locate = (...path: readonly (string | number)[]) => Location;

/** The content must have passed all checks. */
export function buildRegistry(raw: RawRegistry, file: string, locate: Locate): Registry {
  const roles = Object.entries(raw.roles).map(([name, role]) => buildRole(name, role, locate('roles', name)));
  const content = {
    organizations: buildOrganizations(raw, roles, locate('organizations')),
    ...(raw.assignments && {
      assignments: {
        ...raw.assignments,
        table: relationOf(raw.assignments.table),
        location: locate('assignments'),
      },
    }),
    ...(raw.approvals && {
      approvals: {
        auditor: raw.approvals.auditor,
        defaultMinutes: raw.approvals.default_minutes ?? DEFAULT_MINUTES,
        maximumMinutes: raw.approvals.max_minutes ?? MAXIMUM_MINUTES,
        location: locate('approvals'),
      },
    }),
    ...(raw.owner !== undefined && { owner: raw.owner }),
    ...(raw.migrations && { migrations: raw.migrations }),
    appliers: raw.appliers ?? [],
    administrators: raw.administrators ?? [],
    roles,
    tables: Object.entries(raw.tables ?? {}).map(([name, entry]) => ({
      table: relationOf(name),
      belongs: belonging(entry),
      grants: grantsOf(entry.grants),
      replaces: [...(raw.replaces ?? []), ...(entry.replaces ?? [])],
      samples: entry.samples ?? {},
      search: entry.search ?? [],
      location: locate('tables', name),
    })),
    views: Object.entries(raw.views ?? {}).map(([name, entry]) => ({
      table: relationOf(name),
      grants: grantsOf(entry.grants),
      location: locate('views', name),
    })),
    excluded: Object.entries(raw.excluded ?? {}).map(([name, entry]) => ({
      ...entry,
      table: relationOf(name),
      grants: grantsOf(entry.grants),
      location: locate('excluded', name),
    })),
    undecided: Object.entries(raw.undecided ?? {}).map(([name, { because }]) => ({
      table: relationOf(name),
      because,
      location: locate('undecided', name),
    })),
    acknowledged: (raw.acknowledged ?? []).map((entry, index) => ({
      ...entry,
      on: listOf(entry.on),
      location: locate('acknowledged', index),
    })),
    failOn: raw.fail_on ?? ('warning' as const),
  };
  return { file, hash: hashOf(content), ...content };
}

function buildOrganizations(
  registry: RawRegistry,
  roles: readonly RoleEntry[],
  location: Location,
): OrganizationsEntry {
  const { table, id, sensitive, own, gate, grants, replaces = [], samples = {} } = registry.organizations;
  const byDefault = roles
    .filter((role) => role.sees !== 'nothing')
    .map((role): [string, Verb[]] => [role.name, ['select']]);
  return {
    table: relationOf(table),
    id,
    sensitive:
      sensitive === 'managed'
        ? { kind: 'managed' }
        : { kind: 'column', column: typeof sensitive === 'string' ? sensitive : sensitive.column },
    ...(own !== undefined && {
      own: typeof own === 'string' ? { kind: 'column', column: own } : { kind: 'id', id: own.id },
    }),
    ...(gate !== undefined && { gate }),
    grants: { ...Object.fromEntries(byDefault), ...grantsOf(grants) },
    replaces: [...(registry.replaces ?? []), ...replaces],
    samples,
    location,
  };
}

function buildRole(name: string, raw: RawRole, location: Location): RoleEntry {
  const settings = Object.entries(raw.settings ?? {}).map(([key, value]) => [key, String(value)] as const);
  return {
    name,
    sees: raw.sees,
    verbs: verbsOf(raw.verbs ?? (raw.sees === 'nothing' ? [] : VERBS)),
    login: raw.login ?? false,
    settings: Object.fromEntries(settings),
    location,
  };
}

function belonging(raw: RawTable): Belonging {
  if (raw.organization !== undefined) return { kind: 'direct', columns: listOf(raw.organization) };
  if (raw.via !== undefined) return { kind: 'via', columns: listOf(raw.via) };
  const { table = '', column, columns = column } = raw.through ?? {};
  return { kind: 'through', table: relationOf(table), columns: listOf(columns ?? []) };
}

function grantsOf(raw: Grants | undefined): Grants {
  return Object.fromEntries(Object.entries(raw ?? {}).map(([role, verbs]) => [role, verbsOf(verbs)]));
}

/** Each verb once, in the order of `VERBS`: order and repetition mean nothing. */
function verbsOf(verbs: readonly Verb[]): Verb[] {
  return VERBS.filter((verb) => verbs.includes(verb));
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function relationOf(text: string): RelationName {
  const spelled = readRelation(text);
  if (!spelled) throw new Error(`the checks let ${JSON.stringify(text)} pass as a table`);
  return spelled.relation;
}

/** Lists that the file writes as maps: their order is not content. */
const MAPS = new Set(['roles', 'tables', 'views', 'excluded', 'undecided']);

/** SHA-256, hex, of the content as canonical JSON, without places. */
function hashOf(content: Omit<Registry, 'file' | 'hash'>): string {
  return createHash('sha256').update(canonical(content)).digest('hex');
}

function canonical(value: unknown, key = ''): string {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item));
    return `[${(MAPS.has(key) ? items.sort() : items).join(',')}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([name, inner]) => name !== 'location' && inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner, name)}`);
  return `{${entries.join(',')}}`;
}
