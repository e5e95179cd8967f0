/** Whose signature it is: the real signer on one side, what is changed on the way on the other. */
import { request as http } from 'node:http';
import { Sha256 } from '@aws-crypto/sha256-js';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { memoryObjects, memoryStore, newKeys, s3, secretsManager } from '../../../../local/aws';
import { failing, PLACE, type World, world } from './world';

let aws: World;
let clock = new Date();

beforeAll(async () => {
  const services = {
    secretsmanager: secretsManager({ ...PLACE, store: memoryStore({ a: '1' }) }),
    s3: s3({ buckets: { audit: memoryObjects() } }),
  };
  aws = await world(services, { now: () => clock });
});
beforeEach(() => {
  clock = new Date();
});
afterAll(() => aws.close());

interface Sent {
  headers: Record<string, string>;
  body: string;
  path: string;
}

/** A request for GetCallerIdentity with one more header, signed, changed by `tamper`, and sent. */
async function send(
  tamper: (request: Sent) => void = () => undefined,
  {
    host = 'sts.eu-central-1.amazonaws.com',
    region = 'eu-central-1',
    keys = aws.keys.uma,
    applyChecksum = false,
  } = {},
): Promise<{ status: number; body: string }> {
  const signer = new SignatureV4({
    service: 'sts',
    region,
    credentials: keys,
    sha256: Sha256,
    applyChecksum,
  });
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';
  const headers = {
    host,
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'x-tenant-zero-call': 'f'.repeat(64),
  };
  const request = { method: 'POST', protocol: 'https:', hostname: host, path: '/', headers, body };
  const signed = await signer.sign(new HttpRequest(request), { signingDate: clock });
  const sent: Sent = { headers: { ...signed.headers }, body, path: '/' };
  tamper(sent);
  return new Promise((resolve, reject) => {
    const outgoing = http(
      new URL(sent.path, aws.endpoint),
      { method: 'POST', headers: sent.headers },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: text }));
      },
    );
    outgoing.on('error', reject).end(sent.body);
  });
}

test('a signed request says who signed it, an extra signed header and a checksum included', async () => {
  for (const options of [{}, { applyChecksum: true }, { host: aws.endpoint.replace('http://', '') }]) {
    const { status, body } = await send(undefined, options);
    expect(status).toBe(200);
    expect(body).toContain(
      '<Arn>arn:aws:sts::000000000000:assumed-role/AWSReservedSSO_ProdEngineer_0123456789abcdef/uma@example.com</Arn>',
    );
    expect(body).toContain('<GetCallerIdentityResult>');
  }
});

const flip = (text: string) => `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`;

const longer = (sent: Sent) => {
  sent.body = `${sent.body}&a=1`;
};

const TAMPERED: Readonly<Record<string, (sent: Sent) => void>> = {
  'the signature': ({ headers }) => {
    headers.authorization = flip(headers.authorization ?? '');
  },
  'the extra header': ({ headers }) => {
    headers['x-tenant-zero-call'] = 'e'.repeat(64);
  },
  'the extra header, taken away': ({ headers }) => {
    delete headers['x-tenant-zero-call'];
  },
  'the extra header, sent but not among the signed ones': ({ headers }) => {
    headers.authorization = (headers.authorization ?? '').replace(';x-tenant-zero-call', '');
  },
  'a header of AWS, slipped in': ({ headers }) => {
    headers['x-amz-target'] = 'anything';
  },
  'the body': longer,
  'the path': (sent) => {
    sent.path = '/other';
  },
  'the query': (sent) => {
    sent.path = '/?a=1';
  },
  'the date, within the same day': ({ headers }) => {
    headers['x-amz-date'] = flip((headers['x-amz-date'] ?? '').slice(0, -1)).concat('Z');
  },
  'the host': ({ headers }) => {
    headers.host = 'sts.us-east-1.amazonaws.com';
  },
  'the service': ({ headers }) => {
    headers.authorization = (headers.authorization ?? '').replace('/sts/', '/s3/');
  },
};

test.each(Object.entries(TAMPERED))('changed on the way, it is refused: %s', async (_what, tamper) => {
  const { status, body } = await send(tamper);
  expect(status).toBe(403);
  expect(body).toContain('SignatureDoesNotMatch');
});

test('a body whose hash is signed is not exchanged for another', async () => {
  const { status, body } = await send(longer, { applyChecksum: true });
  expect([status, body]).toEqual([403, expect.stringContaining('x-amz-content-sha256 says')]);
});

test('another region, another host, another secret, no signature', async () => {
  expect((await send(undefined, { region: 'us-east-1' })).body).toContain('valid region');
  expect((await send(undefined, { host: 'sts.evil.example' })).body).toContain('none of ours');
  const keys = { ...aws.keys.uma, secretAccessKey: aws.keys.sam.secretAccessKey };
  expect((await send(undefined, { keys })).body).toContain('<Code>SignatureDoesNotMatch</Code>');
  const unsigned = await send(({ headers }) => delete headers.authorization);
  expect([unsigned.status, unsigned.body]).toEqual([
    403,
    expect.stringContaining('MissingAuthenticationToken'),
  ]);
});

test('keys that nobody has, and a session token that belongs to others', async () => {
  const stranger = await send(undefined, { keys: newKeys() });
  expect([stranger.status, stranger.body]).toEqual([403, expect.stringContaining('InvalidClientTokenId')]);
  const keys = { ...aws.keys.uma, sessionToken: aws.keys.sam.sessionToken };
  expect((await send(undefined, { keys })).body).toContain('<Code>InvalidClientTokenId</Code>');
});

test.each([
  [14, 200],
  [-14, 200],
  [16, 403],
  [-16, 403],
])('a signature that is %i minutes old: %i', async (minutes, expected) => {
  const { status } = await send(() => {
    clock = new Date(clock.getTime() + minutes * 60_000);
  });
  expect(status).toBe(expected);
});

test('each protocol has its own names for it, and the SDK knows them', async () => {
  const strangers = { ...aws.as('uma'), credentials: newKeys() };
  const wrong = {
    ...aws.as('uma'),
    credentials: { ...aws.keys.uma, secretAccessKey: aws.keys.sam.secretAccessKey },
  };
  const names = async (config: typeof wrong) => {
    const found = await Promise.all([
      failing(new STSClient(config).send(new GetCallerIdentityCommand({}))),
      failing(new SecretsManagerClient(config).send(new GetSecretValueCommand({ SecretId: 'a' }))),
      failing(new S3Client(config).send(new GetObjectCommand({ Bucket: 'audit', Key: 'a' }))),
    ]);
    return found.map(({ name }) => name);
  };
  expect(await names(strangers)).toEqual([
    'InvalidClientTokenId',
    'UnrecognizedClientException',
    'InvalidAccessKeyId',
  ]);
  expect(await names(wrong)).toEqual([
    'SignatureDoesNotMatch',
    'InvalidSignatureException',
    'SignatureDoesNotMatch',
  ]);
  const { SecretString } = await new SecretsManagerClient(aws.as('uma')).send(
    new GetSecretValueCommand({ SecretId: 'a' }),
  );
  expect(SecretString).toBe('1');
});
