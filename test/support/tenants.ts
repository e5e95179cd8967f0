/** A platform database with protection applied and a few tenants in it. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Client, ClientBase } from 'pg';
import { signToken } from '../../sql/db/tenant';
import type { TokenSubject } from '../../sql/db/token';
import { withClient } from './database';
import { applyTo, registryOf } from './engine';
import { createPlatformDatabase, type PlatformDatabase, REGISTRY } from './platform';

/** Organizations by class: two ordinary customers, a sensitive one, and tenant zero. */
export const ORGANIZATIONS = {
  acme: '00000000-0000-4000-8000-00000000000a',
  beta: '00000000-0000-4000-8000-00000000000b',
  clinic: '00000000-0000-4000-8000-00000000000c',
  zero: '00000000-0000-4000-8000-000000000000',
} as const;
export type Tenant = keyof typeof ORGANIZATIONS;

export const SIGNING = { current: { id: 'test', secret: Buffer.alloc(32, 7) } };

export const platformRegistry = registryOf(readFileSync(REGISTRY, 'utf8'));

/** The same without an approval path: the gate changes the flag itself, and the support role needs no ticket. */
export const withoutApprovals = registryOf(readFileSync(REGISTRY, 'utf8').replace(/^approvals:.*$/m, ''));

export function tokenFor(subject: TokenSubject, expiresInSeconds = 60): string {
  return signToken(SIGNING, { ...subject, expiresInSeconds });
}

/** Bootstrapped, migrated, applied, and filled with one row per tenant in the tables that attacks aim at. */
export async function createTenantDatabase(registry = platformRegistry): Promise<PlatformDatabase> {
  const database = await createPlatformDatabase();
  await applyTo(database.applier, registry);
  await withClient(database.applier, (client) =>
    client.query('select vault.set_signing_key($1, $2)', [SIGNING.current.id, SIGNING.current.secret]),
  );
  await withClient(database.migrator, async (client) => {
    await client.query('set role platform_owner');
    for (const [name, id] of Object.entries(ORGANIZATIONS)) await fill(client, name, id);
    await client.query(
      `insert into public.partnerships (from_organization_id, to_organization_id)
       values ($1, $2), ($1, $3), ($3, $2)`,
      [ORGANIZATIONS.acme, ORGANIZATIONS.beta, ORGANIZATIONS.clinic],
    );
  });
  await markSensitive(database, ORGANIZATIONS.clinic);
  return database;
}

async function fill(client: Client, name: string, id: string): Promise<void> {
  const person = id.replace('8000', '9000');
  await client.query('begin');
  await client.query('insert into public.users (id, email, name) values ($1, $2, $3)', [
    person,
    `${name}@example.com`,
    name,
  ]);
  await client.query('select access.create_organization($1, $1, $2, $3)', [name, person, id]);
  const employee = id.replace('4000', '4001');
  await client.query('insert into public.employees (organization_id, id, name) values ($1, $2, $3)', [
    id,
    employee,
    `${name} employee`,
  ]);
  await client.query('insert into public.legacy_notes (employee_id, body) values ($1, $2)', [
    employee,
    `${name} note`,
  ]);
  await client.query(
    `insert into public.documents (organization_id, title, body, attributes) values ($1, $2, $2, '{"kind": "letter"}')`,
    [id, `${name} document`],
  );
  await client.query('commit');
}

/** What accepting a flag request does inside the database, without the request: test/db/approvals tells how it comes to it. */
export async function markSensitive(
  database: PlatformDatabase,
  organization: string,
  sensitive = true,
): Promise<void> {
  await withClient(database.superuser, async (client) => {
    const call = 'guard.set_sensitive(uuid, boolean)';
    const { rows } = await client.query(
      `select has_function_privilege('sensitive_gate', '${call}', 'execute') as may`,
    );
    const [grant, revoke] = rows[0].may
      ? ['', '']
      : [
          `grant execute on function ${call} to sensitive_gate`,
          `revoke execute on function ${call} from sensitive_gate`,
        ];
    await client.query(`begin; ${grant}`);
    await client.query('set local session authorization sensitive_gate');
    await client.query(`select set_config('tenant_zero.sensitive_change', $1, true)`, [organization]);
    await client.query('select guard.set_sensitive($1, $2)', [organization, sensitive]);
    await client.query('reset session authorization');
    await client.query(`${revoke}; commit`);
  });
}

export interface Shell {
  /** Id in `access.staff`, as text. */
  readonly person: string;
  readonly write?: boolean;
}

/** A ticket for the support shell, as the approval function hands it out. */
export async function issueTicket(
  database: PlatformDatabase,
  { person, write = false }: Shell,
): Promise<string> {
  const ticket = randomBytes(32).toString('hex');
  const caller = { person, login: `${person}@example.com`, persona: 'ProdEngineer' };
  await asLogin(database, 'sensitive_gate', (client) =>
    client.query('select guard.issue_ticket($1, $2)', [
      caller,
      {
        id: randomUUID(),
        hash: createHash('sha256').update(ticket).digest('hex'),
        service: 'support-shell',
        reason: 'looking into a slow report',
        ticket: 'OPS-1',
        write,
      },
    ]),
  );
  return ticket;
}

/** Redeems a ticket, as the first thing that a session of the support shell does. */
export async function redeem(client: ClientBase, ticket: string): Promise<void> {
  await client.query('begin read write');
  try {
    await client.query('select guard.redeem($1)', [ticket]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** A session of the support shell, with a ticket. Reads by default, as the login does. */
export async function asSupport<T>(
  database: PlatformDatabase,
  shell: Shell,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const ticket = await issueTicket(database, shell);
  return asLogin(database, 'support_shell', async (client) => {
    await redeem(client, ticket);
    if (!shell.write) await client.query('set default_transaction_read_only = on');
    return use(client);
  });
}

/** A session whose session_user and current_user are `login`, as if it had logged in. */
export async function asLogin<T>(
  database: PlatformDatabase,
  login: string,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  return withClient(database.superuser, async (client) => {
    await client.query(`set session authorization "${login}"`);
    return use(client);
  });
}

/** The same, with a token for the whole session: tests read more easily so. */
export async function asTenant<T>(
  database: PlatformDatabase,
  tenant: Tenant,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  return asLogin(database, 'app_backend', async (client) => {
    await setToken(client, tokenFor({ kind: 'tenant', organization: ORGANIZATIONS[tenant], person: 'p' }));
    return use(client);
  });
}

export async function setToken(client: Client, token: string): Promise<void> {
  await client.query(`select set_config('tenant_zero.token', $1, false)`, [token]);
}

/** As the migrations of a platform would: with one member, an owner. The key is that of both. */
export async function makeOwnTenant(client: Client, id: string): Promise<void> {
  await client.query(`begin;
    set local role platform_owner;
    insert into public.users (id, email, name) values ('${id}', 'owner@example.com', 'Owner');
    with organization as (
      insert into public.organizations (id, name, slug, is_sensitive, is_own, owner_membership_id)
      values ('${id}', 'Our own', 'our-own', true, true, gen_random_uuid()) returning id, owner_membership_id
    ), role as (
      insert into public.organization_roles (organization_id, name, permissions, is_protected)
      select id, 'Owner', '{"all": true}', true from organization returning id, organization_id
    )
    insert into public.memberships (organization_id, id, user_id, role_id, role_is_protected)
    select role.organization_id, organization.owner_membership_id, '${id}', role.id, true from role, organization;
    commit`);
}
