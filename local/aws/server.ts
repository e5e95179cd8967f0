/** One HTTP server on a loopback port for every service: which one is meant stands in the scope of the signature. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { authorize, type Rule } from './authorization';
import { AwsError, errorReply, Refused, toAwsError } from './errors';
import type { Directory } from './people';
import type { Asked, AwsReply, AwsRequest, Protocol, Services } from './service';
import { parseAuthorization, verify } from './signature';

export interface AwsOptions {
  readonly region: string;
  readonly directory: Directory;
  readonly services: Services;
  readonly rules: readonly Rule[];
  /** @default - any free one */
  readonly port?: number;
  /** @default - the machine's */
  readonly now?: () => Date;
  /** Called before a service answers: throw an `AwsError`, and that is the answer. */
  readonly fault?: (call: Call) => void;
}

/** One that was signed by somebody who is known. */
export interface Call {
  /** `secretsmanager` */
  readonly service: string;
  readonly operation: string;
  readonly input: Asked['input'];
  /** ARN of the caller. */
  readonly caller: string;
  /** 0 while it is not answered yet. */
  status: number;
}

export interface Aws {
  readonly endpoint: string;
  /** In order, those that were refused among them. The oldest are forgotten. */
  readonly calls: readonly Call[];
  close(): Promise<void>;
}

/** `npm start` may run for weeks. */
const REMEMBERED = 1000;
/** Of a body; Lambda's limit. */
const LARGEST = 6 * 1024 * 1024;

export async function startAws(options: AwsOptions): Promise<Aws> {
  const calls: Call[] = [];
  let host = '';
  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const requestId = randomUUID();
    const signature = parseAuthorization(incoming.headers.authorization);
    const services = options.services;
    const service =
      signature && Object.hasOwn(services, signature.service) ? services[signature.service] : undefined;
    const protocol = service?.protocol ?? protocolOf(incoming);
    let call: Call | undefined;
    let reply: AwsReply;
    try {
      const request = await read(incoming);
      if (!signature) throw new Refused('unsigned', 'Request is missing Authentication Token');
      const now = options.now?.() ?? new Date();
      const principal = await verify(request, signature, { ...options, host, now });
      if (!service) throw new AwsError('UnknownService', `nobody answers for ${signature.service} here`, 404);
      const asked = service.read(request);
      const { operation, input } = asked;
      call = { service: signature.service, operation, input, caller: principal.arn, status: 0 };
      calls.push(call);
      if (calls.length > REMEMBERED) calls.shift();
      authorize(options.rules, principal, asked.needs);
      options.fault?.(call);
      reply = await service.answer(asked, principal, request);
    } catch (error) {
      reply = errorReply(toAwsError(error, protocol), protocol, requestId);
    }
    if (call) call.status = reply.status;
    response.writeHead(reply.status, { 'x-amzn-requestid': requestId, ...reply.headers });
    response.end(incoming.method === 'HEAD' ? undefined : reply.body);
  };
  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint: `http://${host}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Where nobody knows which service is meant. */
function protocolOf({ headers }: IncomingMessage): Protocol {
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return 'query';
  return 'rest-json';
}

/** @throws AwsError */
async function read(incoming: IncomingMessage): Promise<AwsRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read to the end all the same: the caller listens only when it has said everything.
    if (size <= LARGEST) chunks.push(chunk);
  }
  if (size > LARGEST) throw new AwsError('RequestEntityTooLarge', `more than ${LARGEST} bytes`, 413);
  const [path = '/', search = ''] = (incoming.url ?? '/').split(/\?(.*)/s);
  const query: Record<string, string | string[]> = {};
  const parameters = new URLSearchParams(search);
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name);
    query[name] = values.length === 1 ? (values[0] as string) : values;
  }
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(',')]),
  );
  return { method: incoming.method ?? 'GET', path, query, headers, body: Buffer.concat(chunks) };
}
