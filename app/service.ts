/** The app from its configuration to its end: everything that a process of it holds. */
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import type { Configuration, KeySource } from './configuration';
import { createPool, createProbe } from './database/pool';
import { checkReadiness, type Readiness } from './database/readiness';
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
  const probe = createProbe(configuration);
  const warn = (message: string) => (error: Error) =>
    app.log.warn({ failure: { message: error.message } }, message);
  const keysOf = (source: KeySource) =>
    new Keys(source, { failed: warn(`the keys ${source.name} cannot be read`) });
  const tokenKeys = keysOf(configuration.tokenKeys);
  const sessionKeys = keysOf(configuration.sessionKeys);
  const gate = new ReadinessGate(async () =>
    withKeys(await checkReadiness(probe, expected), [tokenKeys, sessionKeys]),
  );
  const app = createServer({
    ...configuration,
    ...(options.log && { log: options.log }),
    pool,
    gate,
    tokenKeys,
    sessionKeys,
  });
  // An idle connection that the server ends is no reason to end the process; the next query gets another.
  for (const each of [pool, probe]) each.on('error', warn('idle connection lost'));
  const url = await app.listen({ host, port });
  return {
    app,
    url,
    async stop() {
      gate.stop();
      await new Promise((resolve) => setTimeout(resolve, drainMs));
      await app.close();
      await Promise.all([pool.end(), probe.end()]);
    },
  };
}

/** Without keys nobody can be signed for, or believed. Asking also keeps them fresh while nobody else does. */
async function withKeys(readiness: Readiness, rings: readonly Keys[]): Promise<Readiness> {
  const missing = await Promise.all(
    rings.map((keys) =>
      keys.get().then(
        () => [],
        (error: Error) => [`the keys ${keys.source.name} cannot be read: ${error.message}`],
      ),
    ),
  );
  const problems = [...readiness.problems, ...missing.flat()];
  return { ...readiness, safe: readiness.safe && missing.flat().length === 0, problems };
}
