/** Fills the demo database, through the same doors as the product: a second run adds nothing. */
import { type Client, Pool } from 'pg';
import type { SigningKeys } from '../db/tenant';
import { type TenantClient, withTenant } from '../db/tenant';
import { withClient, withTransaction } from '../db/transaction';
import { ROWS } from './rows';
import { type DemoTenant, PARTNERSHIPS, STAFF, TENANTS, USERS } from './tenants';

export interface SeedOptions {
  url(login: string): string;
  readonly keys: SigningKeys;
}

/** Returns the names of the organizations that it made. */
export async function seed({ url, keys }: SeedOptions): Promise<string[]> {
  const made: string[] = [];
  await asOwner(url('migrator'), async (client) => {
    await people(client);
    const closed = TENANTS.filter((tenant) => tenant.is !== 'ordinary');
    for (const tenant of closed) if (await closedTenant(client, tenant)) made.push(tenant.name);
  });
  const pool = new Pool({ connectionString: url('app_backend'), max: 1 });
  try {
    for (const tenant of TENANTS) {
      const subject = { kind: 'tenant', organization: tenant.id, person: creator(tenant).id } as const;
      const isNew = await withTenant(pool, keys, subject, (client) => customer(client, tenant));
      if (isNew) made.push(tenant.name);
    }
  } finally {
    await pool.end();
  }
  await asOwner(url('migrator'), relations);
  return made;
}

function creator(tenant: DemoTenant) {
  const user = USERS.get(tenant.members[0]);
  if (!user) throw new TypeError(`${tenant.name} has no creator`);
  return user;
}

/** The migration login as the owner of the tables: for rows of nobody, and of several organizations. */
function asOwner(url: string, use: (client: Client) => Promise<void>): Promise<void> {
  return withClient(url, (client) =>
    withTransaction(client, async () => {
      await client.query('set local role platform_owner');
      await use(client);
    }),
  );
}

async function people(client: Client): Promise<void> {
  for (const { id, name, email } of USERS.values())
    await client.query(
      'insert into public.users (id, name, email) values ($1, $2, $3) on conflict do nothing',
      [id, name, email],
    );
  for (const { id, name, email, kind, canSeeSensitive = false } of STAFF)
    await client.query(
      `insert into access.staff (id, name, email, kind, can_see_sensitive) values ($1, $2, $3, $4, $5)
       on conflict (id) do update set can_see_sensitive = excluded.can_see_sensitive`,
      [id, name, email, kind, canSeeSensitive],
    );
}

/** The app cannot make them: a flag that is not set from the beginning takes an approval. */
async function closedTenant(client: Client, tenant: DemoTenant): Promise<boolean> {
  const { rowCount } = await client.query(
    `with organization as (
       insert into public.organizations (id, name, slug, is_sensitive, is_own, owner_membership_id)
       values ($1, $2, $3, true, $5, gen_random_uuid()) on conflict do nothing returning id, owner_membership_id
     ), role as (
       insert into public.organization_roles (organization_id, name, permissions, is_protected)
       select id, 'Owner', '{"all": true}', true from organization returning id, organization_id
     )
     insert into public.memberships (organization_id, id, user_id, role_id, role_is_protected)
     select role.organization_id, organization.owner_membership_id, $4, role.id, true from role, organization`,
    [tenant.id, tenant.name, tenant.slug, creator(tenant).id, tenant.is === 'own'],
  );
  return rowCount === 1;
}

/** One transaction per organization: it has all of its rows, or none. Returns whether the organization is new. */
async function customer(client: TenantClient, tenant: DemoTenant): Promise<boolean> {
  const { rowCount: exists } = await client.query('select from public.organizations where id = $1', [
    tenant.id,
  ]);
  if (!exists) {
    await client.query('select access.create_organization($1, $2, $3, $4)', [
      tenant.name,
      tenant.slug,
      creator(tenant).id,
      tenant.id,
    ]);
  }
  const { rowCount: filled } = await client.query('select from public.departments limit 1');
  if (filled) return false;
  const members = tenant.members.slice(1).map((number) => USERS.get(number)?.id);
  const parameters: Record<string, unknown> = {
    organization: tenant.id,
    members,
    employees: tenant.employees,
  };
  for (const { sql, takes } of ROWS)
    await client.query(
      sql,
      takes.map((name) => parameters[name]),
    );
  return !exists;
}

async function relations(client: Client): Promise<void> {
  for (const { id, assigned } of STAFF)
    await client.query(
      `insert into access.staff_assignments (organization_id, staff_id)
       select unnest($1::uuid[]), $2 on conflict do nothing`,
      [assigned, id],
    );
  for (const pair of PARTNERSHIPS)
    await client.query(
      'insert into public.partnerships (from_organization_id, to_organization_id) values ($1, $2) on conflict do nothing',
      [...pair],
    );
}
