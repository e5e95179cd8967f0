import { createHash, createHmac } from 'node:crypto';
import { signCall } from '../../../../cli/approvals/sign';
import { callDigest } from '../../../../lambda/approvals/call-digest';
import { signedRequest } from '../../../../lambda/approvals/identity/proof';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalr/secret', sessionToken: 'token==' };
const signing = {
  functionName: 'tz-prod-approvals',
  region: 'eu-central-1',
  credentials: async () => credentials,
  now: () => new Date('2026-11-21T11:00:00.123Z'),
};
const call = {
  version: 1 as const,
  id: '5b1f0c4e-0000-4000-8000-000000000001',
  operation: 'show' as const,
  input: { request: '5b1f0c4e-0000-4000-8000-000000000002' },
};

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Signature Version 4 from its description, for exactly the request that the function makes of a call. */
function expected(id: string): string {
  const names = 'content-type;host;x-amz-date;x-amz-security-token;x-tenant-zero-call';
  const digest = sha256(JSON.stringify([1, signing.functionName, id, call.operation, call.input]));
  const canonical = [
    'POST',
    '/',
    '',
    'content-type:application/x-www-form-urlencoded; charset=utf-8',
    'host:sts.eu-central-1.amazonaws.com',
    'x-amz-date:20261121T110000Z',
    'x-amz-security-token:token==',
    `x-tenant-zero-call:${digest}`,
    '',
    names,
    sha256('Action=GetCallerIdentity&Version=2011-06-15'),
  ].join('\n');
  const scope = '20261121/eu-central-1/sts/aws4_request';
  const text = ['AWS4-HMAC-SHA256', '20261121T110000Z', scope, sha256(canonical)].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((previous, part) => hmac(previous, part), `AWS4${credentials.secretAccessKey}`);
  const signature = hmac(key, text).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope}, SignedHeaders=${names}, Signature=${signature}`;
}

test('a proof is the signature of GetCallerIdentity with the hash of the call in a signed header', async () => {
  expect(await signCall(signing, call)).toEqual({
    authorization: expected(call.id),
    date: '20261121T110000Z',
    token: 'token==',
  });
});

test('a proof is good for one call: another id is another signature', async () => {
  const other = { ...call, id: '5b1f0c4e-0000-4000-8000-000000000003' };
  const proof = await signCall(signing, other);
  expect(proof.authorization).toBe(expected(other.id));
  expect(proof.authorization).not.toBe(expected(call.id));
});

test('long-lived keys have no token, and sign none', async () => {
  const { accessKeyId, secretAccessKey } = credentials;
  const proof = await signCall(
    { ...signing, credentials: async () => ({ accessKeyId, secretAccessKey }) },
    call,
  );
  expect(Object.keys(proof)).toEqual(['authorization', 'date']);
  expect(proof.authorization).toContain('SignedHeaders=content-type;host;x-amz-date;x-tenant-zero-call,');
});

test('the secret key is in no part of it', async () => {
  expect(JSON.stringify(await signCall(signing, call))).not.toContain(credentials.secretAccessKey);
});

test('the function makes the same request of it, and sends no header that is not signed', async () => {
  const proof = await signCall(signing, call);
  const digest = callDigest(1, signing.functionName, call.id, call.operation, call.input);
  const context = { region: signing.region, digest, now: signing.now() };
  const { headers, body } = signedRequest(proof, context);
  expect(Object.keys(headers).sort()).toEqual([
    ...['authorization', 'content-type', 'host'],
    ...['x-amz-date', 'x-amz-security-token', 'x-tenant-zero-call'],
  ]);
  expect(headers['x-tenant-zero-call']).toBe(digest);
  expect(body).toBe('Action=GetCallerIdentity&Version=2011-06-15');
  expect(() => signedRequest(proof, { ...context, region: 'eu-west-1' })).toThrow('signed for sts');
});
