/** What a client hears when something goes wrong, and what the log does. */
import type { FastifyBaseLogger, FastifyInstance, FastifyReply } from 'fastify';
import { SQLSTATE, sqlstate } from '../../sql/db/errors';

export type Failure = Error & { statusCode?: number; code?: string };

/** Answers in one form for everything that is not what was asked for. `forged`: the database refused our signature. */
export function answerFailures(app: FastifyInstance, forged: () => void): void {
  app.setNotFoundHandler((_, reply) =>
    reply.code(404).send({ error: 'not-found', message: 'there is nothing here' }),
  );
  app.setErrorHandler((error: Failure, request, reply) => {
    const status = error.statusCode ?? (isPassing(error) ? 503 : 500);
    // A client's mistake is told; ours is logged, and told nobody.
    if (status < 500) return reply.code(status).send({ error: 'bad-request', message: error.message });
    if (error.code === SQLSTATE.tokenForged) forged();
    logFailure(request.log, error);
    return status === 503 ? unavailable(reply) : reply.code(status).send(failed(request.id));
  });
}

/** For whoever may come back a little later. */
export function unavailable(reply: FastifyReply): FastifyReply {
  return reply.code(503).header('retry-after', '5').send(failed(reply.request.id));
}

const failed = (id: string) => ({ error: 'failed', message: 'this did not work; try again later', id });

/**
 * The code and the message, never the detail: PostgreSQL puts values of rows there. In the message of bad data (class 22)
 * it quotes what was sent.
 */
function logFailure(log: FastifyBaseLogger, { name, message, code, stack = '' }: Failure): void {
  const quotes = code?.length === 5 && code.startsWith('22');
  const where = stack.slice(stack.indexOf('\n    at ') + 1);
  log.error({ failure: { name, code, ...(quotes ? {} : { message }), stack: where } }, 'request failed');
}

const NETWORK = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
];

/** Ends, crashes, starts, is full, took too long; or our key is no longer believed, which the next reading mends. */
const PASSING = ['57P01', '57P02', '57P03', '53300', '57014', SQLSTATE.tokenForged];

/** The same request works a little later. The driver reports some of these as text only. */
function isPassing(error: Failure): boolean {
  const state = sqlstate(error);
  return (
    (state !== undefined && PASSING.includes(state)) ||
    NETWORK.includes(error.code ?? '') ||
    /timeout exceeded when trying to connect|Connection terminated|Query read timeout/.test(error.message)
  );
}
