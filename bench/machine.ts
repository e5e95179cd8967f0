/** On what a run was made: figures of two machines are comparable as ratios only. */
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { BenchServer } from './world/server';

export interface Machine {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly cores: number;
  readonly processor: string;
  /** Load average of the minute before the run. */
  readonly load: string;
  readonly node: string;
  readonly postgres: string;
}

export async function machineOf(server: BenchServer): Promise<Machine> {
  const client = await server.connect('postgres', 'postgres');
  const { rows } = await client.query<{ version: string }>(
    `SELECT current_setting('server_version') AS version`,
  );
  await server.disconnect(client);
  return {
    date: new Date().toISOString().slice(0, 10),
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    load: (loadavg()[0] ?? 0).toFixed(1),
    node: process.versions.node,
    postgres: rows[0]?.version ?? 'unknown',
  };
}
