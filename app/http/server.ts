/** The HTTP half of the app: health, readiness, and what tenants ask for. */
import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { PATHS } from '../contract';
import type { Keys } from '../keys';
import type { ReadinessGate } from '../readiness-gate';
import { keyOf, type Session, verifySession } from '../session';
import { employees } from './employees';
import { answerFailures, unavailable } from './failures';

export interface ServerOptions {
  readonly pool: Pool;
  readonly tokenKeys: Keys;
  readonly sessionKeys: Keys;
  readonly gate: ReadinessGate;
  readonly logLevel: string;
  readonly pageSize: number;
  readonly requestTimeoutMs: number;
  /** @default - standard output */
  readonly log?: { write(line: string): void };
}

/** What routes work with. */
export interface Services extends Pick<ServerOptions, 'pool' | 'tokenKeys' | 'pageSize'> {
  /** Who asks; undefined when nobody can be believed. */
  authenticate(request: FastifyRequest): Promise<Session | undefined>;
}

export function createServer(options: ServerOptions): FastifyInstance {
  const { gate, sessionKeys, tokenKeys, requestTimeoutMs } = options;
  const app = Fastify({
    logger: {
      level: options.logLevel,
      ...(options.log && { stream: options.log }),
      // The path without its query, and no header: neither tokens nor names of people.
      serializers: {
        req: ({ method, url }: { method: string; url: string }) => ({ method, path: url.split('?')[0] }),
        res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
      },
    },
    requestTimeout: requestTimeoutMs,
    bodyLimit: 1024 * 1024,
    // A number that starts again with each task finds nothing in a log of many tasks.
    genReqId: () => randomUUID(),
  });
  // Whoever keeps the connection would keep the process: the next request goes to another task.
  app.addHook('onSend', async ({ id }, reply) => {
    // What a tenant sees is kept nowhere on the way.
    reply.headers({ 'x-request-id': id, 'cache-control': 'no-store' });
    if (gate.stopping) reply.header('connection', 'close');
  });
  app.get(PATHS.health, { logLevel: 'silent' }, async () => ({ status: 'ok' }));
  app.get<{ Querystring: { superseded?: string } }>(
    PATHS.ready,
    { logLevel: 'warn' },
    async (request, reply) => {
      const { ready, problems } = await gate.verdict(request.query.superseded === 'accept');
      if (problems.length > 0) request.log.warn({ ready, problems }, 'readiness');
      // The load balancer adds this header to what it passes on, and not to its own probes: the internet shall not hear
      // which table is open.
      const passedOn = request.headers['x-forwarded-for'] !== undefined;
      return reply.code(ready ? 200 : 503).send(passedOn ? { ready } : { ready, problems });
    },
  );
  const services: Services = {
    ...options,
    async authenticate({ headers }) {
      const [, token] = /^Bearer ([A-Za-z0-9._-]{1,512})$/.exec(headers.authorization ?? '') ?? [];
      const id = token && keyOf(token);
      if (!token || !id) return undefined;
      const keys = await sessionKeys.get();
      const known = [keys.current, keys.previous].some((key) => key?.id === id);
      return verifySession(known ? keys : await sessionKeys.again(), token);
    },
  };
  app.register((tenants, _options, done) => {
    // See `serving`: here nobody is answered while in doubt, whoever sends.
    tenants.addHook('onRequest', async (request, reply) => {
      const { ready, problems } = await gate.serving(true);
      if (ready) return;
      request.log.warn({ problems }, 'refused: not ready');
      return unavailable(reply);
    });
    employees(tenants, services);
    done();
  });
  answerFailures(app, () => void tokenKeys.again().catch(() => undefined));
  return app;
}
