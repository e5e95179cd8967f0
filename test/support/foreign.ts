/** Databases of products that know nothing of this engine: their own owner, our applying login beside it. */
import type { Client } from 'pg';
import { bootstrap } from '../../sql/db/bootstrap';
import { grantSet } from '../../sql/db/membership';
import { withAdvisoryLock } from '../../sql/db/transaction';
import { clusterUrl, createDatabase, serverVersion, urlFor, withClient } from './database';
import { PASSWORDS } from './platform';

export interface ForeignDatabase {
  readonly name: string;
  readonly superuser: string;
  /** The product's login: owns everything, migrates, is no superuser. */
  readonly owner: string;
  /** The engine's login: CREATEROLE, member of the owner, no superuser. */
  readonly applier: string;
}

/** What fills the database. The first and the last act as superuser: extensions, schemas of other owners. */
export interface Filling {
  readonly prepare?: (owner: string) => string;
  readonly schema: (version: number) => string;
  readonly seed: string;
  readonly finish?: (owner: string) => string;
}

type Fill = (client: Client, name: string) => Promise<unknown>;

/**
 * A database that `owner` owns and fills. The applying login may become that owner and may create schemas: all that the
 * engine asks for, as on RDS.
 */
export async function createForeignDatabase(owner: string, fill: Fill | Filling): Promise<ForeignDatabase> {
  await withClient(`${clusterUrl()}/postgres`, (client) =>
    withAdvisoryLock(client, 'foreign', async () => {
      const known = await client.query(`select from pg_roles where rolname = 'registry_applier'`);
      // Makes registry_applier, as no other test has yet.
      if (known.rowCount === 0)
        await bootstrap(client, { database: await createDatabase(), passwords: PASSWORDS });
      const { rowCount } = await client.query('select from pg_roles where rolname = $1', [owner]);
      if (rowCount === 0)
        await client.query(
          `create role "${owner}" login ${typeof fill === 'function' ? 'createrole' : ''} password '${owner}'`,
        );
      await client.query(grantSet(owner, 'registry_applier', serverVersion()));
    }),
  );
  const name = await createDatabase({ owner });
  await withClient(urlFor(name), (client) =>
    client.query(`grant create on database ${name} to registry_applier`),
  );
  const url = urlFor(name, { user: owner, password: owner });
  const asSuperuser = (sql: string | undefined) =>
    sql === undefined ? undefined : withClient(urlFor(name), (client) => client.query(sql));
  if (typeof fill === 'function') await withClient(url, (client) => fill(client, name));
  else {
    await asSuperuser(fill.prepare?.(owner));
    await withClient(url, async (client) => {
      await client.query(fill.schema(serverVersion()));
      await client.query(fill.seed);
    });
    await asSuperuser(fill.finish?.(owner));
  }
  return {
    name,
    superuser: urlFor(name),
    owner: url,
    applier: urlFor(name, { user: 'registry_applier', password: PASSWORDS.registry_applier }),
  };
}
