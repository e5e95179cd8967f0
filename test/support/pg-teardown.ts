import { rm } from 'node:fs/promises';

export default async function teardown(): Promise<void> {
  const cluster = globalThis.testCluster;
  await cluster?.server.stop();
  if (cluster) await rm(cluster.directory, { recursive: true, force: true });
}
