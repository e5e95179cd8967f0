/**
 * Who calls, as far as it can be seen without asking: a proof is a signature for exactly the request that the function
 * builds from the call. Whatever the caller did not sign, the function does not send.
 */
import { createHash } from 'node:crypto';
import { type IdentityRequest, identityRequest } from '../call-digest';
import { CALL_HEADER } from '../contract';
import { Refusal } from '../errors';
import type { Proof } from '../protocol';

/** A clock that goes wrong by more is told so; a proof that is older is none. */
const MINUTES = 5;

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([A-Z0-9]{4,128})\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=[0-9a-f]{64}$/;

export interface ProofContext {
  /** The function's own. */
  readonly region: string;
  /** Of the call that the proof came with. */
  readonly digest: string;
  readonly now: Date;
}

/**
 * The request to send to STS, signature included.
 *
 * @throws {Refusal} `proof-invalid`, `proof-stale`
 */
export function signedRequest({ authorization, date, token }: Proof, context: ProofContext): IdentityRequest {
  const [, , day, region, service, signed] = AUTHORIZATION.exec(authorization) ?? [];
  if (signed === undefined) throw invalid('its authorization is no signature of version 4');
  if (service !== 'sts' || region !== context.region) {
    throw invalid(`it is signed for ${service} in ${region}, not for sts in ${context.region}`);
  }
  if (day !== date.slice(0, 8)) throw invalid('its date is not that of its credential');
  const apart = Math.abs(timeOf(date) - context.now.getTime()) / 60_000;
  // Not a number: no such day.
  if (!(apart <= MINUTES)) throw stale(date);

  const request = identityRequest(context.region, context.digest);
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amz-date': date,
    ...(token === undefined ? {} : { 'x-amz-security-token': token }),
  };
  const names = signed.split(';');
  // Some signers add it, and sign it; it says nothing that the body does not.
  if (names.includes('x-amz-content-sha256')) {
    headers['x-amz-content-sha256'] = createHash('sha256').update(request.body).digest('hex');
  }
  // Exactly these: a header that is sent but not signed could be anybody's, and `x-tenant-zero-call` is the whole point.
  const expected = Object.keys(headers).sort();
  if (names.join(';') !== expected.join(';')) {
    throw invalid(`it signs ${signed}, and ${CALL_HEADER} is only proved by ${expected.join(';')}`);
  }
  return { ...request, headers: { ...headers, authorization } };
}

function timeOf(date: string): number {
  return Date.parse(date.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function invalid(why: string): Refusal {
  return new Refusal(
    'proof-invalid',
    `the proof of who calls cannot be used: ${why}`,
    'Call with `npm run -s sensitive-access`, which signs the right request; nothing else does.',
  );
}

function stale(date: string): Refusal {
  return new Refusal(
    'proof-stale',
    `the proof of who calls is of ${date}, more than ${MINUTES} minutes from the function's clock`,
    'Set the clock of your machine, and call again.',
  );
}
