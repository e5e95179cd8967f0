/** Changes of a registry, each from one applied state to the next. */
import { PARTS, type Parts } from './world';

export interface Scenario {
  readonly name: string;
  /** Undefined: nothing was ever applied. */
  readonly from: Parts | undefined;
  readonly to: Parts;
}

const swap = (part: keyof typeof PARTS, a: string, b: string): Parts => {
  if (!PARTS[part].includes(a)) throw new Error(`${part} has no ${a}`);
  return { [part]: PARTS[part].replace(a, b) };
};

const NO_ROLE = {
  roles: PARTS.roles.replace(/\n {2}small_support.*/, ''),
  views: '',
  excluded: PARTS.excluded.replace(', small_support: [select]', ''),
  tables: PARTS.tables.replace(', small_support: []', ''),
};

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'the first apply lets a role into a schema where it has grants from before',
    from: undefined,
    to: swap(
      'tables',
      'small_app: [], small_support: [], small_staff',
      'small_app: [select], small_support: [], small_staff',
    ),
  },
  { name: 'the first apply', from: undefined, to: {} },
  {
    name: 'an excluded table is registered, and its foreign policy replaced',
    from: {},
    to: {
      excluded: '',
      tables: `${PARTS.tables}\n  public.countries: { organization: organization_id, replaces: [everybody] }`,
    },
  },
  {
    name: 'a registered table is no longer named',
    from: {},
    to: swap(
      'tables',
      '  public.people: { organization: organization_id }\n  public.notes: { via: person_id }\n',
      '',
    ),
  },
  { name: 'a role sees more', from: {}, to: swap('roles', 'non-sensitive', 'everything') },
  { name: 'a role sees less', from: {}, to: swap('roles', 'non-sensitive', 'nothing') },
  {
    name: 'a role sees more and may do less',
    from: {},
    to: {
      ...swap('roles', 'non-sensitive', 'everything'),
      ...swap('tables', '{ via: person_id }', '{ via: person_id, grants: { small_support: [] } }'),
    },
  },
  {
    name: 'a role sees more, and a table is seen through another one',
    from: {},
    to: {
      ...swap('roles', 'current-organization', 'non-sensitive'),
      ...swap('tables', 'via: person_id', 'via: team_id'),
    },
  },
  {
    name: 'a derived table gets its own column',
    from: {},
    to: swap('tables', 'via: person_id', 'organization: organization_id'),
  },
  { name: 'a role is added', from: NO_ROLE, to: {} },
  { name: 'a role is removed', from: {}, to: NO_ROLE },
  {
    name: 'grants change',
    from: {},
    to: swap(
      'tables',
      'public.teams: { organization: organization_id }',
      'public.teams: { organization: organization_id, grants: { small_app: [select], small_extra: [select] } }',
    ),
  },
  {
    name: 'the flag column gives way to the managed list',
    from: {},
    to: swap('organizations', 'sensitive: is_sensitive', 'sensitive: managed'),
  },
  {
    name: 'the managed list gives way to the flag column',
    from: swap('organizations', 'sensitive: is_sensitive', 'sensitive: managed'),
    to: {},
  },
  {
    name: 'assignments move to another table',
    from: {},
    to: {
      ...swap('assignments', 'side.staffing', 'side.rota'),
      tables: `${PARTS.tables}\n  side.rota: { organization: organization_id, grants: { small_app: [], small_support: [] } }`,
    },
  },
  {
    name: 'search is added, and another role is let into a schema',
    from: {},
    to: swap(
      'tables',
      'public.people: { organization: organization_id }',
      'public.people: { organization: organization_id, grants: { small_extra: [select] }, search: [{ column: label, operator: ilike }] }',
    ),
  },
];
