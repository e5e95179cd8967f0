/** People with keys, the proofs that they sign, and an STS in memory that really verifies them. */
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { callDigest, type IdentityRequest, identityRequest } from '../../lambda/approvals/call-digest';
import type { StsEndpoint } from '../../lambda/approvals/identity/sts';
import type { Proof } from '../../lambda/approvals/protocol';

export const REGION = 'eu-central-1';
export const ACCOUNT = '000000000000';
export const FUNCTION = 'tz-test-approvals';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Person extends Keys {
  readonly arn: string;
}

/** As Identity Center signs somebody in. */
export function person(login: string, persona: string, account = ACCOUNT): Person {
  return {
    accessKeyId: `ASIA${Buffer.from(`${login}${persona}`).toString('hex').toUpperCase().slice(0, 60)}`,
    secretAccessKey: `secret-of-${login}-${persona}`,
    sessionToken: `token/of+${login}==`,
    arn: `arn:aws:sts::${account}:assumed-role/AWSReservedSSO_${persona}_0123456789abcdef/${login}`,
  };
}

export interface CallToSign {
  readonly id: string;
  readonly operation: string;
  readonly input: unknown;
  readonly version?: number;
  readonly functionName?: string;
}

export function digestOf({ version = 1, functionName = FUNCTION, id, operation, input }: CallToSign): string {
  return callDigest(version, functionName, id, operation, input);
}

export interface SignOptions {
  readonly region?: string;
  readonly service?: string;
  readonly now?: Date;
  readonly change?: (request: HttpRequest) => void;
}

/** Signs with the SDK's signer, as the command line does. */
export async function prove(keys: Keys, digest: string, options: SignOptions = {}): Promise<Proof> {
  const { region = REGION, service = 'sts', now = new Date(), change = () => undefined } = options;
  const request = new HttpRequest({
    ...identityRequest(region, digest),
    headers: { ...identityRequest(region, digest).headers },
  });
  change(request);
  const signer = new SignatureV4({
    credentials: keys,
    region,
    service,
    sha256: Sha256,
    applyChecksum: false,
  });
  const { headers } = await signer.sign(request, { signingDate: now });
  const token = headers['x-amz-security-token'];
  return {
    authorization: headers.authorization ?? '',
    date: headers['x-amz-date'] ?? '',
    ...(token === undefined ? {} : { token }),
  };
}

/** Answers as STS does: who signed this very request, or 403. */
export function memorySts(people: readonly Person[]): StsEndpoint & { asked: IdentityRequest[] } {
  const asked: IdentityRequest[] = [];
  const answer: StsEndpoint = async (request) => {
    asked.push(request);
    const { authorization = '', ...headers } = request.headers;
    const [, key, region = '', service = '', signed = ''] =
      /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+)/.exec(authorization) ??
      [];
    const found = people.find(({ accessKeyId }) => accessKeyId === key);
    const denied = {
      status: 403,
      body: '<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>',
    };
    if (!found || region !== request.hostname.split('.')[1] || service !== 'sts') return denied;
    if ((headers['x-amz-security-token'] ?? undefined) !== found.sessionToken) return denied;
    const { sessionToken: _, ...credentials } = found;
    const date = headers['x-amz-date'] ?? '';
    const only = Object.fromEntries(signed.split(';').map((name) => [name, headers[name] ?? '']));
    const signer = new SignatureV4({ credentials, region, service, sha256: Sha256, applyChecksum: false });
    const again = await signer.sign(new HttpRequest({ ...request, headers: only }), {
      signingDate: new Date(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z')),
    });
    if (again.headers.authorization !== authorization) return denied;
    return {
      status: 200,
      body: `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${found.arn}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    };
  };
  return Object.assign(answer, { asked });
}
