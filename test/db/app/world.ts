/** The app over a real database with tenants in it; on a port of its own, with its log in memory. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Pool } from 'pg';
import { parseConfiguration } from '../../../app/configuration';
import { ENVIRONMENT } from '../../../app/contract';
import { type RunningService, startService } from '../../../app/service';
import { signSession } from '../../../app/session';
import { formatSigningKeys } from '../../../sql/db/key-ring';
import { withTenant } from '../../../sql/db/tenant';
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

  start(registryFile = REGISTRY, change: Record<string, string> = {}): Promise<RunningService> {
    const keep = (name: string, keys: SigningKeys) => {
      const file = path.join(this.directory, name);
      writeFileSync(file, formatSigningKeys(keys));
      return file;
    };
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
        [ENVIRONMENT.tokenKeysFile]: keep('token.json', this.tokenKeys),
        [ENVIRONMENT.sessionKeysFile]: keep('session.json', this.sessionKeys),
        ...change,
      }),
      registryFile,
      host: '127.0.0.1',
      port: 0,
      log: { write: (line) => void this.lines.push(line) },
      drainMs: 0,
    });
  }

  async close(): Promise<void> {
    await this.service?.stop();
  }

  /** An organization with an owner and employees, made as the product makes them. */
  async tenant(user: string, organization: string, names: readonly string[]): Promise<void> {
    await withClient(this.database.migrator, async (client) => {
      await client.query('set role platform_owner');
      await client.query(
        `insert into users (id, name, email) values ($1, 'Owner', $2) on conflict do nothing`,
        [user, `${user}@example.com`],
      );
    });
    const pool = new Pool({
      connectionString: this.database.as('app_backend', PASSWORDS.app_backend),
      max: 1,
    });
    try {
      await withTenant(
        pool,
        this.tokenKeys,
        { kind: 'tenant', organization, person: user },
        async (client) => {
          const name = `tenant-${organization.slice(-4)}`;
          await client.query('select access.create_organization($1, $1, $2, $3)', [name, user, organization]);
          for (const name of names) {
            await client.query('insert into employees (organization_id, name) values ($1, $2)', [
              organization,
              name,
            ]);
          }
        },
      );
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

  async get(route: string, session?: string, service = this.service): Promise<Answer> {
    const headers: Record<string, string> = session ? { authorization: `Bearer ${session}` } : {};
    const response = await fetch(`${service.url}${route}`, { headers });
    return { status: response.status, body: await response.json(), headers: response.headers };
  }
}
