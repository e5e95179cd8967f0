/**
 * One throw-away cluster for the whole `db` project; the workers find it through the environment. TZ_TEST_SERVER_URL,
 * a superuser's URL without a database, names a server that runs already, of whatever version: nothing is stopped or
 * dropped there, and roles and databases stay behind.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { type LocalServer, startLocalServer } from '../../sql/db/local-server';

declare global {
  var testCluster: { server: LocalServer; directory: string } | undefined;
}

export default async function setup(): Promise<void> {
  const running = process.env.TZ_TEST_SERVER_URL;
  if (running) {
    await useCluster(running.replace(/\/+$/, ''));
    return;
  }
  const directory = await mkdtemp(path.join(tmpdir(), 'tenant-zero-test-'));
  const server = await startLocalServer({
    dataDir: path.join(directory, 'data'),
    password: 'test',
    throwAway: true,
  });
  globalThis.testCluster = { server, directory };
  await useCluster(`postgres://postgres:test@127.0.0.1:${server.port}`);
}

async function useCluster(url: string): Promise<void> {
  const client = new Client({ connectionString: `${url}/postgres` });
  await client.connect();
  const { rows } = await client.query(`select current_setting('server_version_num') as version`);
  await client.end();
  process.env.TZ_TEST_CLUSTER = url;
  process.env.TZ_TEST_SERVER_VERSION = rows[0].version;
}
