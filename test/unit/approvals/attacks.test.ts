/** Headers that are smuggled, names that look alike, an STS that lies: whoever cannot sign for this call is nobody. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { principalOf } from '../../../lambda/approvals/identity/arn';
import { whoCalls } from '../../../lambda/approvals/identity/caller';
import { stsEndpoint } from '../../../lambda/approvals/identity/sts';
import { type Call, type Proof, proof as proofShape } from '../../../lambda/approvals/protocol';
import type { Settings } from '../../../lambda/approvals/settings';
import { ACCOUNT, digestOf, FUNCTION, memorySts, person, prove, REGION } from '../../support/caller-proof';

const NOW = new Date('2026-11-21T10:00:00Z');
const CALL = { id: '6f1d3c5e-0000-4000-8000-000000000001', operation: 'list', input: {} } as const;
const settings = { region: REGION, account: ACCOUNT, functionName: FUNCTION } as Settings;
const uma = person('uma@example.com', 'ProdEngineer');
const sts = memorySts([uma]);
const ask = (given: Proof, endpoint: Parameters<typeof whoCalls>[1]['sts'] = sts) =>
  whoCalls({ version: 1, ...CALL, proof: given } as Call, { settings, sts: endpoint, now: NOW });

describe('an authorization with', () => {
  test.each<[string, (text: string) => string]>([
    [
      'a second Credential',
      (text) =>
        text.replace(
          'Credential=',
          'Credential=AKIAOTHER/20261121/eu-central-1/sts/aws4_request, Credential=',
        ),
    ],
    [
      'a second SignedHeaders',
      (text) => text.replace('SignedHeaders=', 'SignedHeaders=host, SignedHeaders='),
    ],
    ['a header twice', (text) => text.replace('host;', 'host;host;')],
    ['a header more', (text) => text.replace('host;', 'host;x-amz-user;')],
    ['a header in upper case', (text) => text.replace('host;', 'Host;')],
    ['an empty header', (text) => text.replace('host;', 'host;;')],
    ['a letter that looks alike', (text) => text.replace('host', 'h\u043est')],
    ['a space of another kind', (text) => text.replace('SHA256 ', 'SHA256\u00a0')],
    ['two spaces', (text) => text.replace('SHA256 ', 'SHA256  ')],
    ['a tab', (text) => text.replace(', Signed', ',\tSigned')],
    ['a space behind it', (text) => `${text} `],
    ['a line behind it', (text) => `${text}\n`],
    ['a digit of another script in its date', (text) => text.replace('/20261121/', '/2026112\u0661/')],
  ])('%s is none, and STS is not asked', async (_, change) => {
    const given = await prove(uma, digestOf(CALL), { now: NOW });
    await expect(ask(given)).resolves.toMatchObject({ login: 'uma@example.com' });
    const authorization = change(given.authorization);
    expect(authorization).not.toBe(given.authorization);
    const before = sts.asked.length;
    await expect(ask({ ...given, authorization })).rejects.toMatchObject({ code: 'proof-invalid' });
    expect(sts.asked).toHaveLength(before);
  });

  test.each([
    ['a header behind it', 'token\r\nx-tenant-zero-call: 0'],
    ['a line', 'token\n'],
    ['spaces, which a signature does not count', 'to  ken'],
    ['another script', 't\u043eken'],
    ['nothing', ''],
  ])('a token with %s is no token', (_, token) => {
    const given = { authorization: 'x', date: '20261121T100000Z' };
    expect(proofShape.safeParse({ ...given, token: uma.sessionToken }).success).toBe(true);
    expect(proofShape.safeParse({ ...given, token }).success).toBe(false);
  });
});

describe('a session called', () => {
  const arn = (session: string) =>
    `arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_ProdEngineer_0123456789abcdef/${session}`;

  test.each(['UMA@EXAMPLE.COM', 'uma@example.com', 'Uma@Example.com'])(
    '%s is one and the same',
    (session) => {
      expect(principalOf(arn(session), ACCOUNT)).toMatchObject({ login: 'uma@example.com' });
    },
  );

  test.each([
    ['a path', 'x/uma@example.com'],
    ['a letter that looks alike', 'um\u0430@example.com'],
    ['a letter that becomes another in lower case', '\u212aay@example.com'],
    ['an invisible one', 'uma\u200b@example.com'],
    ['a space', ' uma@example.com'],
    ['an escape of XML', 'uma&#64;example.com'],
    ['one letter', 'u'],
    ['sixty-five', 'u'.repeat(65)],
  ])('%s is nobody', (_, session) => {
    expect(principalOf(arn(session), ACCOUNT)).toEqual({ stranger: 'no-persona' });
  });
});

describe('an STS', () => {
  const at = async (answer: RequestListener): Promise<{ url: string; asked: string[]; close(): void }> => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}`, asked, close: () => void server.close() };
  };
  const says = (arn: string) => `<GetCallerIdentityResult><Arn>${arn}</Arn></GetCallerIdentityResult>`;

  test('that sends us elsewhere is not followed', async () => {
    const liar = await at((_, response) => response.end(says(uma.arn)));
    const here = await at((_, response) => response.writeHead(307, { location: liar.url }).end());
    const given = await prove(uma, digestOf(CALL), { now: NOW });
    await expect(ask(given, stsEndpoint(here.url))).rejects.toMatchObject({ code: 'proof-refused' });
    expect([here.asked, liar.asked]).toEqual([['POST /'], []]);
    // Asked directly it is believed: what is refused above is the way there.
    await expect(ask(given, stsEndpoint(liar.url))).resolves.toBeDefined();
    here.close();
    liar.close();
  });

  test('that answers without end is not listened to', async () => {
    const here = await at((_, response) => response.end('x'.repeat(100_000)));
    const given = await prove(uma, digestOf(CALL), { now: NOW });
    await expect(ask(given, stsEndpoint(here.url))).rejects.toThrow(/too great length|aborted/);
    here.close();
  });
});
