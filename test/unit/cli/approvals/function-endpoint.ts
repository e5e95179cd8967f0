/** A local endpoint that speaks as Lambda (Invoke) and STS (GetCallerIdentity) do, for the real SDK. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Call, CallError, Operation, Results } from '../../../../lambda/approvals/protocol';

// biome-ignore lint/suspicious/noExplicitAny: what the command line sent
type Answers = { [O in Operation]?: (input: any, call: Call) => Results[O] | Promise<Results[O]> };

/** The function says no. */
export class No extends Error {
  constructor(readonly error: CallError) {
    super(error.message);
  }
}

/** What happens to a try before it is answered: `done-then-dropped` answers into the void. */
export type Fault =
  | 'dropped'
  | 'done-then-dropped'
  | 'hangs'
  | { readonly status: number; readonly type: string; readonly message?: string }
  | { readonly functionError: string; readonly payload: unknown }
  | { readonly payload: unknown };

export interface FunctionEndpoint {
  readonly url: string;
  /** Every try that arrived. */
  readonly tries: Call[];
  /** Ids that were worked on: once each, as the real function does. */
  readonly done: string[];
  /** As which function, and how. */
  readonly requests: { readonly path: string; readonly type: string }[];
  answers: Answers;
  /** Taken from the front, one for each try. */
  faults: Fault[];
  /** What STS says by access key. */
  arns: Record<string, string>;
  close(): Promise<void>;
}

export async function functionEndpoint(answers: Answers = {}): Promise<FunctionEndpoint> {
  const stored = new Map<string, unknown>();
  const server = createServer((request, response) => {
    void (request.url === '/' ? identity(request, response) : invoke(request, response));
  });

  async function invoke(request: IncomingMessage, response: ServerResponse) {
    const call = JSON.parse((await buffer(request)).toString()) as Call;
    self.tries.push(call);
    self.requests.push({
      path: request.url ?? '',
      type: String(request.headers['x-amz-invocation-type']),
    });
    const fault = self.faults.shift();
    if (fault === 'hangs') return;
    if (fault === 'dropped') return request.socket.destroy();
    if (typeof fault === 'object' && 'status' in fault) {
      response.writeHead(fault.status, {
        'x-amzn-errortype': fault.type,
        'content-type': 'application/json',
      });
      return response.end(JSON.stringify({ message: fault.message ?? 'no' }));
    }
    if (typeof fault === 'object') {
      const error = 'functionError' in fault ? { 'x-amz-function-error': fault.functionError } : {};
      response.writeHead(200, { ...error, 'x-amzn-requestid': 'aws-request-1' });
      return response.end(typeof fault.payload === 'string' ? fault.payload : JSON.stringify(fault.payload));
    }
    const answer = await once(call);
    if (fault === 'done-then-dropped') return request.socket.destroy();
    return response.writeHead(200).end(JSON.stringify(answer));
  }

  async function once(call: Call): Promise<unknown> {
    if (stored.has(call.id)) return stored.get(call.id);
    const act = self.answers[call.operation] as Answers['show'];
    try {
      if (act === undefined) throw new Error(`no answer for ${call.operation}`);
      const result = await act(call.input, call);
      self.done.push(call.id);
      stored.set(call.id, { ok: true, result });
      return { ok: true, result };
    } catch (error) {
      if (error instanceof No) return { ok: false, error: error.error };
      throw error;
    }
  }

  async function identity(request: IncomingMessage, response: ServerResponse) {
    const key = /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const arn = self.arns[key] ?? '';
    const account = arn.split(':')[4];
    response
      .writeHead(200, { 'content-type': 'text/xml' })
      .end(
        `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${arn}</Arn><UserId>U</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const self: FunctionEndpoint = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tries: [],
    done: [],
    requests: [],
    answers,
    faults: [],
    arns: {},
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return self;
}
