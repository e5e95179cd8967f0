/** STS says whose signature it is. The answer is believed because the function itself asked, over TLS, in its own region. */
import { request as http } from 'node:http';
import { request as https } from 'node:https';
import type { IdentityRequest } from '../call-digest';
import { Refusal } from '../errors';

export interface StsAnswer {
  readonly status: number;
  readonly body: string;
}

/** Sends the request as it is: no header is added that a signer would have to know. */
export type StsEndpoint = (request: IdentityRequest) => Promise<StsAnswer>;

const TIMEOUT_MS = 3000;
const ATTEMPTS = 2;
const LONGEST_ANSWER = 20_000;

/** `address`: another place to send to, with the same `host` header: the endpoint of one machine. Default: the host itself. */
export function stsEndpoint(address?: string): StsEndpoint {
  return async (request) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await send(request, address);
        if (answer.status < 500 || attempt === ATTEMPTS) return answer;
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
      }
    }
  };
}

function send({ method, protocol, hostname, path, headers, body }: IdentityRequest, address?: string) {
  const url = new URL(path, address ?? `${protocol}//${hostname}`);
  return new Promise<StsAnswer>((resolve, reject) => {
    const outgoing = (url.protocol === 'https:' ? https : http)(
      url,
      { method, headers: { ...headers, 'content-length': Buffer.byteLength(body) }, timeout: TIMEOUT_MS },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > LONGEST_ANSWER) incoming.destroy(new Error('STS answered at too great length'));
        });
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: text }));
        incoming.on('error', reject);
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error(`STS did not answer within ${TIMEOUT_MS} ms`)));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/**
 * The ARN of whoever signed.
 *
 * @throws {Refusal} `proof-refused` when STS knows no such signature
 * @throws {Error} when STS is not there, or answers what it never answers
 */
export async function callerArn(endpoint: StsEndpoint, request: IdentityRequest): Promise<string> {
  const { status, body } = await endpoint(request);
  if (status >= 500 || status === 429) throw new Error(`STS answered ${status}`);
  if (status !== 200) {
    const code = /<Code>(\w{1,60})<\/Code>/.exec(body)?.[1] ?? `status ${status}`;
    throw new Refusal(
      'proof-refused',
      `AWS does not accept the proof of who calls: ${code}`,
      'Sign in again with `aws sso login`, and call again.',
    );
  }
  const arns = [...body.matchAll(/<Arn>([^<]+)<\/Arn>/g)];
  const arn = arns[0]?.[1];
  if (arns.length !== 1 || arn === undefined || !body.includes('<GetCallerIdentityResult>')) {
    throw new Error('STS answered something that is no caller identity');
  }
  return arn;
}
