/** One throw-away cluster for the whole `db` project; the workers find it through the environment. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalServer, startLocalServer } from '../../sql/db/local-server';

declare global {
  var testCluster: { server: LocalServer; directory: string } | undefined;
}

export default async function setup(): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tenant-zero-test-'));
  const server = await startLocalServer({
    dataDir: path.join(directory, 'data'),
    password: 'test',
    throwAway: true,
  });
  globalThis.testCluster = { server, directory };
  process.env.TZ_TEST_CLUSTER = `postgres://postgres:test@127.0.0.1:${server.port}`;
}
