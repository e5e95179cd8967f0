/** The Query protocol: a form comes in, XML goes out. */
import { randomUUID } from 'node:crypto';
import { AwsError } from './errors';
import type { Asked, AwsReply, AwsRequest, Need } from './service';
import { type Content, element } from './xml';

export type Form = Readonly<Record<string, string>>;

/** `operations`: what each of them needs. @throws AwsError `InvalidAction` */
export function parseQuery(
  { method, path, body, headers }: AwsRequest,
  version: string,
  operations: Readonly<Record<string, (form: Form) => readonly Need[]>>,
): Asked {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const form = Object.fromEntries(new URLSearchParams(isForm ? body.toString('utf8') : ''));
  const { Action: operation = '', Version, ...input } = form;
  const needs = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  if (method !== 'POST' || path !== '/' || Version !== version || !needs) {
    throw new AwsError('InvalidAction', `Could not find operation ${operation} for version ${Version}`);
  }
  return { operation, input, needs: needs(input) };
}

export function queryReply(operation: string, namespace: string, result: Content): AwsReply {
  const inner =
    element(`${operation}Result`, result) + element('ResponseMetadata', { RequestId: randomUUID() });
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: `<${operation}Response xmlns="${namespace}">${inner}</${operation}Response>`,
  };
}
