/** Databases for tests, all in the one throw-away cluster. Nothing is dropped: the cluster is. */
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** The cluster's address without a database, e.g. `postgres://postgres:test@127.0.0.1:41233`. */
export function clusterUrl(): string {
  const url = process.env.TZ_TEST_CLUSTER;
  if (!url) throw new Error('no test cluster: run this test in the jest project "db"');
  return url;
}

/** `server_version_num` of the cluster, e.g. 180004. */
export function serverVersion(): number {
  return Number(process.env.TZ_TEST_SERVER_VERSION);
}

/** The same address as another login and for another database. */
export function urlFor(database: string, login?: { user: string; password: string }): string {
  const url = new URL(clusterUrl());
  url.pathname = `/${database}`;
  if (login) {
    url.username = login.user;
    url.password = login.password;
  }
  return url.href;
}

/** Connects, calls back, disconnects, whatever happens. */
export async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** A new database with a name nobody else has; returns its name. Owner: the given role, or the superuser. */
export async function createDatabase(options: { template?: string; owner?: string } = {}): Promise<string> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  await withClient(`${clusterUrl()}/postgres`, (client) =>
    client.query(
      `create database ${name} template ${options.template ?? 'template0'} encoding 'UTF8'` +
        (options.owner ? ` owner "${options.owner}"` : ''),
    ),
  );
  return name;
}
