/** A local endpoint that answers AWS calls of the JSON protocol, so that tests run the real SDK. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Call {
  /** Such as `RunTask`. */
  readonly operation: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the SDK sent
  readonly input: any;
}

/** Answers with an object; `AwsError` becomes an error of the service. */
export type Answers = Readonly<Record<string, (input: Call['input']) => object>>;

export class AwsError extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

export interface Endpoint {
  readonly calls: Call[];
  /** For clients of the SDK. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly maxAttempts: number;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  close(): Promise<void>;
}

/** An operation that nobody gave an answer for fails, by name. */
export async function awsEndpoint(answers: Answers): Promise<Endpoint> {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const operation =
      String(request.headers['x-amz-target'] ?? '')
        .split('.')
        .at(-1) ?? '';
    const input = JSON.parse((await body(request)) || '{}');
    calls.push({ operation, input });
    const reply = (status: number, content: object, headers = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...headers })
        .end(JSON.stringify(content));
    try {
      const answer = answers[operation];
      if (answer === undefined) throw new AwsError('InvalidAction', `no answer for ${operation}`);
      reply(200, answer(input));
    } catch (error) {
      const type = error instanceof AwsError ? error.type : 'InternalFailure';
      reply(400, { __type: type, message: (error as Error).message }, { 'x-amzn-errortype': type });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    calls,
    client: {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'eu-central-1',
      maxAttempts: 1,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function body(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
