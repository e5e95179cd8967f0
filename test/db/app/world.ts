/** The app over a real database with tenants in it; on a port of its own, with its log in memory. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Client, Pool } from 'pg';
import { parseConfiguration } from '../../../app/configuration';
import { ENVIRONMENT } from '../../../app/contract';
import { type RunningService, startService } from '../../../app/service';
import { signSession } from '../../../app/session';
import { formatSigningKeys } from '../../../sql/db/key-ring';
import { type TenantClient, withTenant } from '../../../sql/db/tenant';
import type { SigningKeys } from '../../../sql/db/token';
import { loadRegistry } from '../../../sql/registry';
import { clusterUrl, withClient } from '../../support/database';
import { applyTo } from '../../support/engine';
import { createPlatformDatabase, PASSWORDS, type PlatformDatabase, REGISTRY } from '../../support/platform';

export const ring = (id: string): SigningKeys => ({ current: { id, secret: randomBytes(32) } });

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what the app answered
  readonly body: any;
  readonly headers: Headers;
}

export class AppWorld {
  database!: PlatformDatabase;
  service!: RunningService;
  readonly tokenKeys = ring('token-1');
  readonly sessionKeys = ring('session-1');
  readonly lines: string[] = [];
  private readonly directory = mkdtempSync(path.join(tmpdir(), 'tenant-zero-app-'));

  async open(): Promise<void> {
    this.database = await createPlatformDatabase();
    await applyTo(this.database.applier, await loadRegistry(REGISTRY));
    const { id, secret } = this.tokenKeys.current;
    await withClient(this.database.applier, (client) =>
      client.query('select vault.set_signing_key($1, $2)', [id, secret]),
    );
    this.service = await this.start();
  }

  /** Writes keys to a file of their own, and says which. */
  keep(name: string, keys: SigningKeys): string {
    const file = path.join(this.directory, name);
    writeFileSync(file, formatSigningKeys(keys));
    return file;
  }

  start(registryFile = REGISTRY, change: Record<string, string> = {}, drainMs = 0): Promise<RunningService> {
    return startService({
      configuration: parseConfiguration({
        [ENVIRONMENT.stage]: 'test',
        [ENVIRONMENT.service]: 'backend',
        [ENVIRONMENT.host]: '127.0.0.1',
        [ENVIRONMENT.port]: new URL(clusterUrl()).port,
        [ENVIRONMENT.database]: this.database.name,
        [ENVIRONMENT.user]: 'app_backend',
        [ENVIRONMENT.login]: 'password',
        [ENVIRONMENT.password]: PASSWORDS.app_backend,
        [ENVIRONMENT.tokenKeysFile]: this.keep('token.json', this.tokenKeys),
        [ENVIRONMENT.sessionKeysFile]: this.keep('session.json', this.sessionKeys),
        ...change,
      }),
      registryFile,
      host: '127.0.0.1',
      port: 0,
      log: { write: (line) => void this.lines.push(line) },
      drainMs,
    });
  }

  async close(): Promise<void> {
    await this.service?.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** An organization with an owner and employees, made as the product makes them. */
  async tenant(user: string, organization: string, names: readonly string[]): Promise<void> {
    await this.asOwnerOfTables((client) => addUser(client, user));
    const name = `tenant-${organization.slice(-4)}`;
    await this.asTenant(user, organization, async (client) => {
      await client.query('select access.create_organization($1, $1, $2, $3)', [name, user, organization]);
    });
    await this.employ(user, organization, names);
  }

  /** Our own company: sensitive, and not made by the app. */
  async tenantZero(user: string, organization: string, names: readonly string[]): Promise<void> {
    await this.asOwnerOfTables(async (client) => {
      await addUser(client, user);
      await client.query(
        `with organization as (
           insert into organizations (id, name, slug, is_sensitive, is_own, owner_membership_id)
           values ($1, 'Zero', 'zero', true, true, gen_random_uuid()) returning id, owner_membership_id
         ), role as (
           insert into organization_roles (organization_id, name, permissions, is_protected)
           select id, 'Owner', '{"all": true}', true from organization returning id, organization_id
         )
         insert into memberships (organization_id, id, user_id, role_id, role_is_protected)
         select role.organization_id, owner_membership_id, $2, role.id, true from role, organization`,
        [organization, user],
      );
    });
    await this.employ(user, organization, names);
  }

  private employ(user: string, organization: string, names: readonly string[]): Promise<void> {
    return this.asTenant(user, organization, async (client) => {
      await client.query('insert into employees (organization_id, name) select $1, unnest($2::text[])', [
        organization,
        names,
      ]);
    });
  }

  private asOwnerOfTables(use: (client: Client) => Promise<void>): Promise<void> {
    return withClient(this.database.migrator, async (client) => {
      await client.query('begin; set local role platform_owner');
      await use(client);
      await client.query('commit');
    });
  }

  private async asTenant(
    person: string,
    organization: string,
    use: (client: TenantClient) => Promise<void>,
  ): Promise<void> {
    const connectionString = this.database.as('app_backend', PASSWORDS.app_backend);
    const pool = new Pool({ connectionString, max: 1 });
    try {
      await withTenant(pool, this.tokenKeys, { kind: 'tenant', organization, person }, use);
    } finally {
      await pool.end();
    }
  }

  session(user: string, organization: string, change: { keys?: SigningKeys; seconds?: number } = {}): string {
    return signSession(change.keys ?? this.sessionKeys, {
      user,
      organization,
      expiresAt: new Date(Date.now() + (change.seconds ?? 60) * 1000),
    });
  }

  async get(
    route: string,
    session?: string,
    service = this.service,
    more: Record<string, string> = {},
  ): Promise<Answer> {
    const headers = { ...(session && { authorization: `Bearer ${session}` }), ...more };
    const response = await fetch(`${service.url}${route}`, { headers });
    return { status: response.status, body: await response.json(), headers: response.headers };
  }
}

async function addUser(client: Client, id: string): Promise<void> {
  await client.query(`insert into users (id, name, email) values ($1, 'Owner', $2) on conflict do nothing`, [
    id,
    `${id}@example.com`,
  ]);
}
