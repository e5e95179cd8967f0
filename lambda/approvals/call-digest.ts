/**
 * What a caller signs to prove who calls, and what the function rebuilds from the call to have it checked: a request for
 * `GetCallerIdentity` to STS that names this very call. Nothing but the signature travels; shared by both sides.
 */
import { createHash } from 'node:crypto';
import { CALL_HEADER } from './contract';

/** The whole body; POST, so that nothing of the request stands in an address. */
export const GET_CALLER_IDENTITY_BODY = 'Action=GetCallerIdentity&Version=2011-06-15';

/**
 * Hex SHA-256 of the JSON text `[version, functionName, id, operation, input]`. `input` is what the payload carries, before
 * any default is filled in, with its properties in the order in which they are sent.
 */
export function callDigest(
  version: number,
  functionName: string,
  id: string,
  operation: string,
  input: unknown,
): string {
  const text = JSON.stringify([version, functionName, id, operation, input]);
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Before it is signed. */
export interface IdentityRequest {
  readonly method: 'POST';
  readonly protocol: 'https:';
  readonly hostname: string;
  readonly path: '/';
  /** In lower case. All of them are signed, with `x-amz-date`, and `x-amz-security-token` where there is one. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The request that proves who makes the call of this digest. Service name for the signature: `sts`. */
export function identityRequest(region: string, digest: string): IdentityRequest {
  const hostname = `sts.${region}.amazonaws.com`;
  return {
    method: 'POST',
    protocol: 'https:',
    hostname,
    path: '/',
    headers: {
      host: hostname,
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      [CALL_HEADER]: digest,
    },
    body: GET_CALLER_IDENTITY_BODY,
  };
}
