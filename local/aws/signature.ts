/** Whose signature (version 4) a request carries: made again with the secret key of whom it names, and compared. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { Refused } from './errors';
import type { Directory, Principal } from './people';
import type { AwsRequest } from './service';

export interface Signature {
  readonly accessKeyId: string;
  /** `20261121` */
  readonly day: string;
  readonly region: string;
  /** Of the scope: what the request is meant for. */
  readonly service: string;
  readonly signedHeaders: readonly string[];
  /** Hex. */
  readonly signature: string;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request, ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/;

/** Undefined: there is none, or it is of another form. */
export function parseAuthorization(header: string | undefined): Signature | undefined {
  const [, accessKeyId, day, region, service, signedHeaders, signature] =
    AUTHORIZATION.exec(header ?? '') ?? [];
  if (!accessKeyId || !day || !region || !service || !signedHeaders || !signature) return undefined;
  return { accessKeyId, day, region, service, signedHeaders: signedHeaders.split(';'), signature };
}

export interface Verification {
  readonly directory: Directory;
  readonly region: string;
  /** Where the server listens, `127.0.0.1:4566`: what was signed for another host is not for us. */
  readonly host: string;
  readonly now: Date;
}

/** As in AWS, both ways. */
const SKEW_MINUTES = 15;

/** @throws Refused */
export async function verify(
  request: AwsRequest,
  signature: Signature,
  { directory, region, host, now }: Verification,
): Promise<Principal> {
  const known = directory.get(signature.accessKeyId);
  const token = request.headers['x-amz-security-token'];
  if (!known || token !== known.keys.sessionToken) {
    throw new Refused('unknown-key', 'The security token included in the request is invalid.');
  }
  if (signature.region !== region) {
    throw mismatch(`Credential should be scoped to a valid region, not '${signature.region}'.`);
  }
  const sent = request.headers.host ?? '';
  if (sent !== host && sent !== `${signature.service}.${region}.amazonaws.com`) {
    throw mismatch(`the host ${sent} is none of ours`);
  }
  const date = request.headers['x-amz-date'] ?? '';
  const signingDate = dateOf(date);
  if (!signingDate || !date.startsWith(signature.day))
    throw mismatch('Date in Credential scope does not match.');
  if (Math.abs(signingDate.getTime() - now.getTime()) > SKEW_MINUTES * 60_000) {
    const which = signingDate < now ? 'expired' : 'not yet current';
    throw new Refused('wrong-time', `Signature ${which}: ${date} is more than ${SKEW_MINUTES} min. away.`);
  }
  requireSigned(request, signature.signedHeaders);
  requireBody(request);

  const expected = await signAgain(request, signature, known.keys, signingDate);
  if (!timingSafeEqual(Buffer.from(expected, 'hex'), Buffer.from(signature.signature, 'hex'))) {
    throw mismatch('The request signature we calculated does not match the signature you provided.');
  }
  return known.principal;
}

/** What says which request this is must be signed; and no header of AWS may be slipped in beside. */
function requireSigned({ headers }: AwsRequest, signed: readonly string[]): void {
  const needed = ['host', 'x-amz-date', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))];
  const unsigned = needed.filter((name) => !signed.includes(name));
  if (unsigned.length > 0) throw mismatch(`headers that are not signed: ${unsigned.join(', ')}`);
  const missing = signed.filter((name) => headers[name] === undefined);
  if (missing.length > 0) throw mismatch(`signed headers that are not there: ${missing.join(', ')}`);
}

/** The signer takes the header's word for what the body is. */
function requireBody({ headers, body }: AwsRequest): void {
  const said = headers['x-amz-content-sha256'];
  if (said === undefined) return;
  const is = createHash('sha256').update(body).digest('hex');
  if (said !== is) throw mismatch(`x-amz-content-sha256 says ${said}, and the body is ${is}`);
}

async function signAgain(
  request: AwsRequest,
  { region, service, signedHeaders }: Signature,
  credentials: { readonly accessKeyId: string; readonly secretAccessKey: string },
  signingDate: Date,
): Promise<string> {
  const { accessKeyId, secretAccessKey } = credentials;
  const signer = new SignatureV4({
    service,
    region,
    // The token is among the headers already.
    credentials: { accessKeyId, secretAccessKey },
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: false,
  });
  const headers = Object.fromEntries(signedHeaders.map((name) => [name, request.headers[name] ?? '']));
  const again = await signer.sign(
    new HttpRequest({
      method: request.method,
      protocol: 'http:',
      hostname: 'unused',
      path: request.path,
      query: { ...request.query },
      headers,
      body: request.body,
    }),
    { signingDate, signableHeaders: new Set(signedHeaders) },
  );
  return parseAuthorization(again.headers.authorization)?.signature ?? '';
}

function dateOf(text: string): Date | undefined {
  const iso = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (!iso) return undefined;
  const [, year, month, day, hour, minute, second] = iso;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function mismatch(message: string): Refused {
  return new Refused('wrong-signature', message);
}
