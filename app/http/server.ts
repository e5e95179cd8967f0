/** The HTTP half of the app: health, readiness, and what tenants ask for. */
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { PATHS } from '../contract';
import type { Keys } from '../keys';
import type { ReadinessGate } from '../readiness-gate';
import { type Session, verifySession } from '../session';
import { employees } from './employees';

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
  const { gate, sessionKeys, requestTimeoutMs } = options;
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
    // The load balancer's address is not the client's.
    trustProxy: true,
  });
  // Whoever keeps the connection would keep the process: the next request goes to another task.
  app.addHook('onSend', async (_, reply) => {
    if (gate.stopping) reply.header('connection', 'close');
  });
  app.get(PATHS.health, { logLevel: 'silent' }, async () => ({ status: 'ok' }));
  app.get<{ Querystring: { superseded?: string } }>(
    PATHS.ready,
    { logLevel: 'warn' },
    async (request, reply) => {
      const { ready, problems } = await gate.verdict(request.query.superseded === 'accept');
      if (problems.length > 0) request.log.warn({ ready, problems }, 'readiness');
      return reply.code(ready ? 200 : 503).send({ ready, problems });
    },
  );
  employees(app, {
    ...options,
    async authenticate({ headers }) {
      const [, token] = /^Bearer ([A-Za-z0-9._-]{1,512})$/.exec(headers.authorization ?? '') ?? [];
      return token === undefined ? undefined : verifySession(await sessionKeys.get(), token);
    },
  });
  app.setNotFoundHandler((_, reply) =>
    reply.code(404).send({ error: 'not-found', message: 'there is nothing here' }),
  );
  app.setErrorHandler((error: Error & { statusCode?: number; code?: string }, request, reply) => {
    const status = error.statusCode ?? (isOverload(error) ? 503 : 500);
    // A client's mistake is told; ours is logged, and told nobody.
    if (status < 500) return reply.code(status).send({ error: 'bad-request', message: error.message });
    logFailure(request.log, error);
    if (status === 503) reply.header('retry-after', '5');
    return reply
      .code(status)
      .send({ error: 'failed', message: 'this did not work; try again later', id: request.id });
  });
  return app;
}

/** The code and the message, never the detail: PostgreSQL puts values of rows there. */
function logFailure(log: FastifyBaseLogger, { name, message, code, stack }: Error & { code?: string }): void {
  log.error({ failure: { name, code, message, stack } }, 'request failed');
}

/** Out of connections, starting, stopping, or not there: the same request works a little later. */
function isOverload({ code, message }: { code?: string; message: string }): boolean {
  return (
    ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', '57P01', '57P03', '53300'].includes(code ?? '') ||
    /timeout exceeded when trying to connect|Connection terminated/.test(message)
  );
}
