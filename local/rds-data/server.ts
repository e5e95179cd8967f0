/** The Data API as a server of its own, on a loopback port: for tests. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DataApiFault, type FaultName } from './faults';
import { type RdsDataOptions, rdsData } from './rds-data';

export interface Call {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ServerOptions extends RdsDataOptions {
  /** Asked before every call: a name is answered in place of what was asked for. */
  fault?(call: Call, headers: IncomingMessage['headers']): FaultName | undefined;
}

export interface RdsDataServer {
  readonly endpoint: string;
  /** In order, those that were answered with a fault among them. */
  readonly calls: readonly Call[];
  close(): Promise<void>;
}

export async function startRdsData(options: ServerOptions): Promise<RdsDataServer> {
  const answer = rdsData(options);
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const call: Call = { path: request.url ?? '/', body: JSON.parse((await read(request)) || '{}') };
    calls.push(call);
    const fault = isSigned(request) ? options.fault?.(call, request.headers) : 'ForbiddenException';
    if (fault) {
      const { status, name, message } = new DataApiFault(fault, `${fault}, as it was asked for`);
      response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': name });
      response.end(JSON.stringify({ message }));
      return;
    }
    const { status, headers, body } = await answer(call.path, call.body);
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: async () => {
      await answer.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** That there is a signature for this service; whether it is right is not looked at. */
function isSigned({ headers }: IncomingMessage): boolean {
  return /^AWS4-HMAC-SHA256 Credential=[^,]+\/rds-data\/aws4_request,/.test(headers.authorization ?? '');
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
