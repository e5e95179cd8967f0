/** Lambda: a handler of this process, invoked as over there. */
import { randomUUID } from 'node:crypto';
import { AwsError } from './errors';
import type { AwsReply, Service } from './service';

/** What handlers here use of Lambda's context. */
export interface LambdaContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly invokedFunctionArn: string;
  readonly callbackWaitsForEmptyEventLoop: boolean;
  getRemainingTimeInMillis(): number;
}

export type Handler = (event: unknown, context: LambdaContext) => Promise<unknown>;

export interface LambdaOptions {
  readonly region: string;
  readonly account: string;
  /** By name. */
  readonly functions: Readonly<Record<string, Handler>>;
  /** @default - 60 s, as deployed */
  readonly timeoutMs?: number;
}

export interface Invocation {
  /** What the handler threw, as `Error`'s name and message; undefined when it answered. */
  readonly error?: { readonly errorType: string; readonly errorMessage: string };
  readonly payload: string;
}

/** `/2015-03-31/functions/<name, with or without :qualifier, or ARN>/invocations` */
const PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

export function lambda(options: LambdaOptions): Service {
  const { region, account, functions } = options;
  const prefix = `arn:aws:lambda:${region}:${account}:function:`;
  return {
    protocol: 'rest-json',
    read({ method, path, headers }) {
      const named = decodeURIComponent(PATH.exec(path)?.[1] ?? '');
      if (method !== 'POST' || named === '')
        throw new AwsError('UnknownOperationException', 'no such operation', 404);
      const [name = ''] = (named.startsWith(prefix) ? named.slice(prefix.length) : named).split(':');
      const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
      return {
        operation: 'Invoke',
        input: { FunctionName: name, InvocationType: type },
        needs: [{ action: 'lambda:InvokeFunction', resource: `${prefix}${name}` }],
      };
    },
    async answer(
      { input: { FunctionName: name, InvocationType: type } },
      _principal,
      { body },
    ): Promise<AwsReply> {
      const handler = Object.hasOwn(functions, name) ? functions[name] : undefined;
      if (!handler)
        throw new AwsError('ResourceNotFoundException', `Function not found: ${prefix}${name}`, 404);
      if (type === 'DryRun') return { status: 204 };
      if (type !== 'RequestResponse') {
        throw new AwsError('InvalidParameterValueException', `${type} is not done here`);
      }
      const { error, payload } = await invoke(
        handler,
        { name, arn: `${prefix}${name}` },
        eventOf(body),
        options.timeoutMs,
      );
      const failed: Record<string, string> = error ? { 'x-amz-function-error': 'Unhandled' } : {};
      const headers = { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST', ...failed };
      return { status: 200, headers, body: payload };
    },
  };
}

/** Runs it once, with nothing shared: what goes in and comes out has been text. */
export async function invoke(
  handler: Handler,
  { name, arn }: { readonly name: string; readonly arn: string },
  event: unknown,
  timeoutMs = 60_000,
): Promise<Invocation> {
  const ends = performance.now() + timeoutMs;
  const context: LambdaContext = {
    awsRequestId: randomUUID(),
    functionName: name,
    invokedFunctionArn: arn,
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(ends - performance.now())),
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
      reject(Object.assign(new Error(message), { name: 'Sandbox.Timedout' }));
    }, timeoutMs);
  });
  try {
    const answer = await Promise.race([handler(JSON.parse(JSON.stringify(event)), context), late]);
    return { payload: JSON.stringify(answer) ?? 'null' };
  } catch (thrown) {
    const { name: errorType = 'Error', message = String(thrown) } = thrown as Error;
    const error = { errorType, errorMessage: message };
    return { error, payload: JSON.stringify(error) };
  } finally {
    clearTimeout(timer);
  }
}

function eventOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8') || '{}');
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json');
  }
}
