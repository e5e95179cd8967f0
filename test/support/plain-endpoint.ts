/** A local endpoint for services with protocols of their own (SNS, S3): what they are sent is looked at as it is. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  /** Such as `PUT /bucket/key`. */
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

type Reply = (body: string, path: string) => { readonly status: number; readonly body: string };

export async function plainServer(answer: Reply) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const path = `${request.method} ${request.url}`;
    seen.push({ path, body, headers: request.headers });
    const given = answer(body, path);
    response.writeHead(given.status, { 'content-type': 'application/xml' }).end(given.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    maxAttempts: 1,
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { seen, client, close };
}
