/** The app from its configuration to its end: everything that a process of it holds. */
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import type { Configuration } from './configuration';
import { createPool } from './database/pool';
import { checkReadiness } from './database/readiness';
import { expectedOf } from './expected';
import { createServer } from './http/server';
import { Keys } from './keys';
import { ReadinessGate } from './readiness-gate';

export interface RunningService {
  readonly app: FastifyInstance;
  /** `http://address:port` */
  readonly url: string;
  /** Not ready at once; answers what is under way; then ends. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly configuration: Configuration;
  /** The registry that the image was built for. */
  readonly registryFile: string;
  readonly host: string;
  readonly port: number;
  readonly log?: { write(line: string): void };
  /** So long requests still come after a task was told to stop: the load balancer has to notice. */
  readonly drainMs: number;
}

export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { configuration, registryFile, host, port, drainMs } = options;
  const expected = expectedOf(readFileSync(registryFile, 'utf8'), registryFile);
  const pool = createPool(configuration);
  const gate = new ReadinessGate(() => checkReadiness(pool, expected));
  const app = createServer({
    ...configuration,
    ...(options.log && { log: options.log }),
    pool,
    gate,
    tokenKeys: new Keys(configuration.tokenKeys),
    sessionKeys: new Keys(configuration.sessionKeys),
  });
  // An idle connection that the server ends is no reason to end the process; the next query gets another.
  pool.on('error', (error) => app.log.warn({ failure: { message: error.message } }, 'idle connection lost'));
  const url = await app.listen({ host, port });
  return {
    app,
    url,
    async stop() {
      gate.stop();
      await new Promise((resolve) => setTimeout(resolve, drainMs));
      await app.close();
      await pool.end();
    },
  };
}
