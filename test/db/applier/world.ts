/** A small product: five tables in two schemas, its own owner, and databases of it by the dozen. */
import type { Client } from 'pg';
import { apply } from '../../../sql/applier/apply';
import { bootstrap } from '../../../sql/db/bootstrap';
import { withAdvisoryLock } from '../../../sql/db/transaction';
import type { Registry } from '../../../sql/registry';
import { clusterUrl, createDatabase, urlFor, withClient } from '../../support/database';
import { registryOf } from '../../support/engine';
import { PASSWORDS } from '../../support/platform';

/** Roles are the cluster's: these are this folder's alone. */
export const OWNER = 'small_owner';
export const ROLES = [
  'small_app',
  'small_support',
  'small_staff',
  'small_extra',
  'small_stranger',
  'small_nobody',
];

/** Two organizations, the second one sensitive. */
const SCHEMA = `
  create schema side;
  create table public.organizations (id int primary key, label text, is_sensitive boolean not null default false);
  create table public.teams (id int primary key, organization_id int not null references public.organizations, label text);
  create table public.people (id int primary key, organization_id int not null references public.organizations, team_id int references public.teams, label text);
  create table public.notes (id int primary key, organization_id int not null, person_id int not null references public.people, team_id int references public.teams, label text);
  create table public.countries (id int primary key, organization_id int, label text);
  create table side.staffing (id int primary key, organization_id int not null, person text not null, label text);
  create table side.rota (id int primary key, organization_id int not null, person text not null, label text);
  create view public.names as select id, label from public.people;
  create view public.team_names with (security_invoker) as select id, label from public.teams;
  insert into public.organizations values (1, 'one', false), (2, 'two', true), (3, 'three', false);
  insert into public.teams select n, n, 'team' from generate_series(1, 3) n;
  insert into public.people select n, n, n, 'person' from generate_series(1, 3) n;
  insert into public.notes select n, n, n, case when n < 3 then n end, 'note' from generate_series(1, 3) n;
  insert into public.countries select n, n, 'country' from generate_series(1, 3) n;
  insert into side.staffing values (1, 1, 'ann', 'x'), (2, 2, 'ann', 'x');
  insert into side.rota values (1, 3, 'ann', 'x');
  grant usage on schema public to small_app, small_support, small_stranger;
  grant select, insert, update, delete on all tables in schema public to small_stranger, small_app;
  grant select on public.countries, public.notes to public;
  grant select on all tables in schema side to small_app, small_extra;
  alter table public.countries enable row level security;
  create policy everybody on public.countries using (true);
`;

export interface Small {
  readonly name: string;
  readonly superuser: string;
  readonly applier: string;
  readonly owner: string;
}

const databases = (name: string): Small => ({
  name,
  superuser: urlFor(name),
  applier: urlFor(name, { user: 'registry_applier', password: PASSWORDS.registry_applier }),
  owner: urlFor(name, { user: OWNER, password: OWNER }),
});

/** Makes the roles, once per cluster, whichever worker comes first. */
export async function makeRoles(): Promise<void> {
  const platform = await createDatabase();
  await withClient(`${clusterUrl()}/postgres`, (client) =>
    withAdvisoryLock(client, 'small world', async () => {
      await bootstrap(client, { database: platform, passwords: PASSWORDS });
      const { rowCount } = await client.query('select from pg_roles where rolname = $1', [OWNER]);
      if (rowCount) return;
      await client.query(`create role ${OWNER} login password '${OWNER}';
        grant ${OWNER} to registry_applier with inherit false, set true;
        ${ROLES.map((role) => `create role ${role} login; grant ${role} to registry_applier with admin true, inherit false, set false;`).join('')}`);
    }),
  );
}

/** A copy, or a new one. The applying login has what the engine asks for, and no more. */
export async function createSmall(
  options: { template?: string; fill?: (client: Client) => Promise<unknown> } = {},
): Promise<Small> {
  const name = await createDatabase({
    owner: OWNER,
    ...(options.template && { template: options.template }),
  });
  const small = databases(name);
  await withClient(small.superuser, async (client) => {
    await client.query(`grant create on database ${name} to registry_applier`);
    if (options.template) return;
    await client.query(`alter schema public owner to ${OWNER}`);
    await client.query(`set role ${OWNER}`);
    await client.query(SCHEMA);
    await client.query('reset role');
    await options.fill?.(client);
  });
  return small;
}

export async function applySmall(small: Small, registry: Registry) {
  return withClient(small.applier, (client) => apply(client, registry));
}

/** Parts of a registry, by top-level key; later ones win. */
export type Parts = Readonly<Record<string, string>>;

export const PARTS = {
  organizations:
    '{ table: public.organizations, id: id, sensitive: is_sensitive, gate: small_extra, grants: { small_app: [select, update] } }',
  appliers: '[registry_applier]',
  roles: `
  small_app: { sees: current-organization, login: true }
  small_support: { sees: non-sensitive, login: true }
  small_staff: { sees: assigned-organizations, verbs: [select], login: true }
  small_extra: { sees: nothing, login: true }`,
  assignments: '{ table: side.staffing, person: person, organization: organization_id }',
  tables: `
  public.teams: { organization: organization_id }
  public.people: { organization: organization_id }
  public.notes: { via: person_id }
  side.staffing: { organization: organization_id, grants: { small_app: [], small_support: [], small_staff: [select] } }`,
  views: `
  public.names: { grants: { small_support: [select] } }
  public.team_names: { grants: { small_support: [select] } }`,
  excluded: `
  public.countries: { reason: the same for all, owner: platform, until: 2027-06-30, grants: { small_app: [select], small_support: [select] } }`,
} satisfies Parts;

export function small(parts: Parts = {}): Registry {
  return registryOf(
    Object.entries({ ...PARTS, ...parts })
      .filter(([, value]) => value !== '')
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(''),
  );
}
