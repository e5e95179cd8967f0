/**
 * A cluster of the rules' own, with the clean database in it. Roles belong to a cluster: in the shared one, the roles
 * of tests that run at the same time would be findings here.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import type { Rule } from '../../../sql/verifier/rule';
import { runRules } from '../../../sql/verifier/run-rules';
import type { Finding } from '../../../sql/verifier/types';
import { CLEAN, parametersFor, type Register } from './fixture';

export interface Ground {
  /** Connected as the superuser, to the clean database. */
  readonly client: Client;
  stop(): Promise<void>;
}

export async function startGround(): Promise<Ground> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tenant-zero-rules-'));
  const server = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(__dirname, 'server.ts'), path.join(directory, 'data')],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const exited = once(server, 'exit');
  let client: Client | undefined;
  const stop = async () => {
    await client?.end().catch(() => undefined);
    server.stdin.end();
    await exited;
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const [port] = await Promise.race([
      once(server.stdout, 'data'),
      exited.then(() => Promise.reject(new Error('the cluster did not start'))),
    ]);
    const connectionString = `postgres://postgres:test@127.0.0.1:${String(port).trim()}/postgres`;
    client = new Client({ connectionString });
    await client.connect();
    await client.query('begin');
    await client.query(CLEAN);
    await client.query('commit');
    return { client, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Findings as the applier sees them: no superuser, in the open transaction of the superuser's connection. */
export async function findingsOf(
  client: Client,
  rules: readonly Rule[],
  register: Register = {},
): Promise<Finding[]> {
  const parameters = await parametersFor(client, register);
  await client.query(`set session authorization ${parameters.self}`);
  try {
    return await runRules(client, parameters, rules);
  } finally {
    await client.query('reset session authorization');
  }
}
