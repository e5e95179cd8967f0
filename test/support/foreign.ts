/** Databases of products that know nothing of this engine: their own owner, our applying login beside it. */
import type { Client } from 'pg';
import { bootstrap } from '../../sql/db/bootstrap';
import { withAdvisoryLock } from '../../sql/db/transaction';
import { clusterUrl, createDatabase, urlFor, withClient } from './database';
import { PASSWORDS } from './platform';

export interface ForeignDatabase {
  readonly name: string;
  readonly superuser: string;
  /** The product's login: owns everything, migrates, is no superuser. */
  readonly owner: string;
  /** The engine's login: CREATEROLE, member of the owner, no superuser. */
  readonly applier: string;
}

/**
 * A database that `owner` owns and fills. The applying login may become that owner and may create schemas: all that the
 * engine asks for, as on RDS.
 */
export async function createForeignDatabase(
  owner: string,
  fill: (client: Client, name: string) => Promise<unknown>,
): Promise<ForeignDatabase> {
  const platform = await createDatabase();
  await withClient(`${clusterUrl()}/postgres`, (client) =>
    withAdvisoryLock(client, 'foreign', async () => {
      // Makes registry_applier, if no other test has.
      await bootstrap(client, { database: platform, passwords: PASSWORDS });
      const { rowCount } = await client.query('select from pg_roles where rolname = $1', [owner]);
      if (rowCount === 0) await client.query(`create role "${owner}" login createrole password '${owner}'`);
      await client.query(`grant "${owner}" to registry_applier with inherit false, set true`);
    }),
  );
  const name = await createDatabase({ owner });
  await withClient(urlFor(name), (client) =>
    client.query(
      `grant create on database ${name} to registry_applier; alter schema public owner to "${owner}"`,
    ),
  );
  const url = urlFor(name, { user: owner, password: owner });
  await withClient(url, (client) => fill(client, name));
  return {
    name,
    superuser: urlFor(name),
    owner: url,
    applier: urlFor(name, { user: 'registry_applier', password: PASSWORDS.registry_applier }),
  };
}
