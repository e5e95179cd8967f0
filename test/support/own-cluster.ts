/** A cluster of a test file's own: for tests that plant faults in roles, which all databases of a cluster share. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface OwnCluster {
  /** As `clusterUrl()`: without a database. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts one in a process beside this one. It ends with this process, however that ends. */
export async function startOwnCluster(): Promise<OwnCluster> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tenant-zero-own-'));
  const server = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(__dirname, 'cluster-process.ts'), path.join(directory, 'data')],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const exited = once(server, 'exit');
  const stop = async () => {
    server.stdin.end();
    await exited;
    await rm(directory, { recursive: true, force: true });
  };
  const started = once(server.stdout, 'data').then(([port]) => String(port).trim());
  const port = await Promise.race([started, exited.then(() => undefined)]);
  if (port === undefined) throw new Error('the cluster did not start');
  return { url: `postgres://postgres:test@127.0.0.1:${port}`, stop };
}

/** From here on every database of this test file is made in a cluster of its own. Stop it in `afterAll`. */
export async function moveToOwnCluster(): Promise<OwnCluster> {
  const cluster = await startOwnCluster();
  process.env.TZ_TEST_CLUSTER = cluster.url;
  return cluster;
}
