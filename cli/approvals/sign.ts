/** Proves who calls: a request for `GetCallerIdentity` that is signed here, for this very call, and sent by the function. */
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { callDigest, identityRequest } from '../../lambda/approvals/call-digest';
import type { Call, Proof } from '../../lambda/approvals/protocol';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Signing {
  readonly functionName: string;
  /** Of the function: it asks STS there, and nowhere else. */
  readonly region: string;
  readonly credentials: () => Promise<Credentials>;
  readonly now: () => Date;
}

/** `call.input` exactly as it is sent: the hash is over its JSON text. */
export async function signCall(signing: Signing, call: Omit<Call, 'proof'>): Promise<Proof> {
  const digest = callDigest(call.version, signing.functionName, call.id, call.operation, call.input);
  const { headers, ...request } = identityRequest(signing.region, digest);
  const signer = new SignatureV4({
    service: 'sts',
    region: signing.region,
    credentials: signing.credentials,
    sha256: Sha256,
    // It would add a header that the function does not send.
    applyChecksum: false,
  });
  const signed = await signer.sign(new HttpRequest({ ...request, headers: { ...headers } }), {
    signingDate: signing.now(),
  });
  const token = signed.headers['x-amz-security-token'];
  return {
    authorization: signed.headers.authorization as string,
    date: signed.headers['x-amz-date'] as string,
    ...(token === undefined ? {} : { token }),
  };
}
