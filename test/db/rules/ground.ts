/**
 * A cluster of the rules' own, with the clean database in it. Roles belong to a cluster: in the shared one, the roles
 * of tests that run at the same time would be findings here.
 */
import { Client } from 'pg';
import type { Rule } from '../../../sql/verifier/rule';
import { runRules } from '../../../sql/verifier/run-rules';
import type { Finding } from '../../../sql/verifier/types';
import { startOwnCluster } from '../../support/own-cluster';
import { CLEAN, parametersFor, type Register } from './fixture';

export interface Ground {
  /** Connected as the superuser, to the clean database. */
  readonly client: Client;
  stop(): Promise<void>;
}

export async function startGround(): Promise<Ground> {
  const cluster = await startOwnCluster();
  let client: Client | undefined;
  const stop = async () => {
    await client?.end().catch(() => undefined);
    await cluster.stop();
  };
  try {
    const connectionString = `${cluster.url}/postgres`;
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
