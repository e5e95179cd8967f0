/** A platform database with protection applied and a few tenants in it. */
import { readFileSync } from 'node:fs';
import type { Client } from 'pg';
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

export function tokenFor(subject: TokenSubject, expiresInSeconds = 60): string {
  return signToken(SIGNING, { ...subject, expiresInSeconds });
}

/** Bootstrapped, migrated, applied, and filled with one row per tenant in the tables that attacks aim at. */
export async function createTenantDatabase(): Promise<PlatformDatabase> {
  const database = await createPlatformDatabase();
  await applyTo(database.applier, platformRegistry);
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

/** The approval path, as the approval function will walk it: as the gate's login, naming the one organization. */
export async function markSensitive(
  database: PlatformDatabase,
  organization: string,
  sensitive = true,
): Promise<void> {
  await asLogin(database, 'sensitive_gate', async (client) => {
    await client.query('begin');
    await client.query(`select set_config('tenant_zero.sensitive_change', $1, true)`, [organization]);
    await client.query('select guard.set_sensitive($1, $2)', [organization, sensitive]);
    await client.query('commit');
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
