/** The whole product schema, bootstrapped and migrated, as databases for tests. */
import path from 'node:path';
import { bootstrap } from '../../sql/db/bootstrap';
import { migrate } from '../../sql/db/migrate';
import { withAdvisoryLock } from '../../sql/db/transaction';
import { clusterUrl, createDatabase, urlFor, withClient } from './database';

export const MIGRATIONS = path.join(__dirname, '../../sql/migrations');
export const REGISTRY = path.join(__dirname, '../../sql/registry.yaml');

/** Passwords of the logins that bootstrap creates; the cluster lives as long as the test run. */
export const PASSWORDS = {
  migrator: 'test-migrator',
  registry_applier: 'test-applier',
  app_backend: 'test-app',
} as const;

export interface PlatformDatabase {
  readonly name: string;
  /** URLs. */
  readonly superuser: string;
  readonly migrator: string;
  readonly applier: string;
  /** For logins that tests or the engine create. */
  as(user: string, password: string): string;
}

const TEMPLATE = 'platform_template';

/** A template database with bootstrap and migrations done; made once per cluster, whichever worker comes first. */
export function platformTemplate(): Promise<string> {
  return withClient(`${clusterUrl()}/postgres`, (client) =>
    withAdvisoryLock(client, TEMPLATE, async () => {
      const { rows } = await client.query<{ datistemplate: boolean }>(
        'select datistemplate from pg_database where datname = $1',
        [TEMPLATE],
      );
      if (rows[0]?.datistemplate) return TEMPLATE;
      // Not marked: an earlier attempt died on the way.
      if (rows[0]) await client.query(`drop database ${TEMPLATE} with (force)`);
      await client.query(`create database ${TEMPLATE} template template0 encoding 'UTF8'`);
      await prepare(TEMPLATE, PASSWORDS);
      await migrate({ url: platformDatabase(TEMPLATE).migrator, dir: MIGRATIONS });
      // Nobody connects any more: a template in use cannot be copied.
      await client.query(`alter database ${TEMPLATE} with is_template true allow_connections false`);
      return TEMPLATE;
    }),
  );
}

/** A fresh copy of the template. */
export async function createPlatformDatabase(): Promise<PlatformDatabase> {
  const name = await createDatabase({ template: await platformTemplate() });
  // A copy has everything but the privileges on the database itself.
  await prepare(name);
  return platformDatabase(name);
}

function prepare(database: string, passwords?: typeof PASSWORDS): Promise<void> {
  return withClient(urlFor(database), (client) =>
    bootstrap(client, { database, ...(passwords && { passwords }) }),
  );
}

function platformDatabase(name: string): PlatformDatabase {
  const as = (user: string, password: string) => urlFor(name, { user, password });
  return {
    name,
    superuser: urlFor(name),
    migrator: as('migrator', PASSWORDS.migrator),
    applier: as('registry_applier', PASSWORDS.registry_applier),
    as,
  };
}
