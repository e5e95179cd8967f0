/** Who calls is whoever signed for exactly this call: every tampering with a real signature is refused. */
import type { HttpRequest } from '@smithy/protocol-http';
import { UnexpectedPrincipal, whoCalls } from '../../../lambda/approvals/identity/caller';
import { type StsAnswer, stsEndpoint } from '../../../lambda/approvals/identity/sts';
import type { Call, Proof } from '../../../lambda/approvals/protocol';
import type { Settings } from '../../../lambda/approvals/settings';
import { ACCOUNT, digestOf, FUNCTION, memorySts, person, prove, REGION } from '../../support/caller-proof';

const NOW = new Date('2026-11-21T10:00:00Z');
const ID = '6f1d3c5e-0000-4000-8000-000000000001';
const settings = { region: REGION, account: ACCOUNT, functionName: FUNCTION } as Settings;
const uma = person('uma@example.com', 'ProdEngineer');
const ada = person('ada@example.com', 'SensitiveApprover');

const CALL = { id: ID, operation: 'show', input: { request: ID } } as const;

function callWith(proof: Proof, change: Partial<Call> = {}): Call {
  return { version: 1, ...CALL, ...change, proof } as Call;
}

const sts = memorySts([uma, ada]);
const ask = (call: Call, change: Partial<Settings> = {}, now = NOW) =>
  whoCalls(call, { settings: { ...settings, ...change }, sts, now });

test('a signature for this call says who calls, and nothing in the payload does', async () => {
  const proof = await prove(uma, digestOf(CALL), { now: NOW });
  await expect(ask(callWith(proof))).resolves.toEqual({
    arn: uma.arn,
    persona: 'ProdEngineer',
    login: 'uma@example.com',
  });
  const other = await prove(ada, digestOf(CALL), { now: NOW });
  await expect(ask(callWith(other))).resolves.toMatchObject({ persona: 'SensitiveApprover' });
});

test('keys without a session token work the same, and a checksum that a signer adds is sent along', async () => {
  const { sessionToken: _, ...keys } = uma;
  const lasting = memorySts([keys]);
  const proof = await prove(keys, digestOf(CALL), {
    now: NOW,
    change: (request) => {
      request.headers['x-amz-content-sha256'] =
        'ab821ae955788b0e33ebd34c208442ccfc2d406e2edc5e7a39bd6458fbb4f843';
    },
  });
  expect(proof.token).toBeUndefined();
  await expect(whoCalls(callWith(proof), { settings, sts: lasting, now: NOW })).resolves.toMatchObject({
    login: 'uma@example.com',
  });
});

test.each<[string, Partial<Call>, Partial<Settings>]>([
  ['another id', { id: ID.replace('1', '2') }, {}],
  ['another input', { input: { request: ID.replace('1', '2') } }, {}],
  ['the same input with one property more', { input: { request: ID, all: true } }, {}],
  ['another operation', { operation: 'revoke' }, {}],
  ['another version', { version: 2 as 1 }, {}],
  ['another function', {}, { functionName: 'tz-prod-approvals' }],
])('a proof is none for %s', async (_, call, change) => {
  const proof = await prove(uma, digestOf(CALL), { now: NOW });
  await expect(ask(callWith(proof))).resolves.toBeDefined();
  await expect(ask(callWith(proof, call), change)).rejects.toMatchObject({ code: 'proof-refused' });
});

test.each<[string, Parameters<typeof prove>[2], RegExp]>([
  ['another region', { region: 'us-east-1' }, /signed for sts in us-east-1/],
  ['another service', { service: 'iam' }, /signed for iam/],
  [
    'a call that it does not name',
    { change: (request: HttpRequest) => void delete request.headers['x-tenant-zero-call'] },
    /only proved by/,
  ],
  [
    'a host that it does not name',
    { change: (request: HttpRequest) => void delete request.headers.host },
    /only proved by/,
  ],
  [
    'a header that the function does not send',
    { change: (request: HttpRequest) => void Object.assign(request.headers, { 'x-amz-target': 'x' }) },
    /only proved by/,
  ],
])('a signature for %s is no proof', async (_, options, why) => {
  const proof = await prove(uma, digestOf(CALL), { now: NOW, ...options });
  const before = sts.asked.length;
  await expect(ask(callWith(proof))).rejects.toMatchObject({
    code: 'proof-invalid',
    message: expect.stringMatching(why),
  });
  // STS was not even asked.
  expect(sts.asked).toHaveLength(before);
});

test.each([
  ['6 minutes old', -6, false],
  ['6 minutes ahead', 6, false],
  ['4 minutes old', -4, true],
  ['4 minutes ahead', 4, true],
])('a proof that is %s', async (_, minutes, accepted) => {
  const proof = await prove(uma, digestOf(CALL), { now: new Date(NOW.getTime() + minutes * 60_000) });
  const asked = ask(callWith(proof)).then(
    () => 'accepted',
    (error) => error.code,
  );
  await expect(asked).resolves.toBe(accepted ? 'accepted' : 'proof-stale');
});

describe('refused, with the same proof accepted as it was signed:', () => {
  test.each<[string, (proof: Proof) => Proof, string]>([
    ['another date', (p) => ({ ...p, date: p.date.replace('T100000Z', 'T100100Z') }), 'proof-refused'],
    [
      'a date of another day',
      (p) => ({ ...p, date: p.date.replace('20261121', '20261120') }),
      'proof-invalid',
    ],
    ['no such date', (p) => ({ ...p, date: p.date.replace('T10', 'T99') }), 'proof-stale'],
    ['no token', ({ token: _, ...p }) => p, 'proof-invalid'],
    ['another token', (p) => ({ ...p, token: 'other' }), 'proof-refused'],
    [
      'another signature',
      (p) => ({ ...p, authorization: p.authorization.replace(/[0-9a-f]{64}$/, 'a'.repeat(64)) }),
      'proof-refused',
    ],
    [
      'the key of somebody else',
      (p) => ({ ...p, authorization: p.authorization.replace(uma.accessKeyId, ada.accessKeyId) }),
      'proof-refused',
    ],
    [
      'a header smuggled in',
      (p) => ({ ...p, authorization: `${p.authorization}\r\nx-tenant-zero-call: 0` }),
      'proof-invalid',
    ],
    [
      'an asymmetric signature',
      (p) => ({ ...p, authorization: p.authorization.replace('AWS4-HMAC', 'AWS4-ECDSA-P256') }),
      'proof-invalid',
    ],
    [
      'another order of headers',
      (p) => ({ ...p, authorization: p.authorization.replace('content-type;host', 'host;content-type') }),
      'proof-invalid',
    ],
    ['nothing', (p) => ({ ...p, authorization: 'x' }), 'proof-invalid'],
  ])('%s', async (_, change, code) => {
    const proof = await prove(uma, digestOf(CALL), { now: NOW });
    await expect(ask(callWith(proof))).resolves.toBeDefined();
    await expect(ask(callWith(change(proof)))).rejects.toMatchObject({ code });
  });
});

describe('AWS knows them, and they are nobody here:', () => {
  const sso = `arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_`;
  test.each([
    ['another account', uma.arn.replace(ACCOUNT, '111111111111')],
    ['a persona that has no part', `${sso}SecurityAuditor_0123456789abcdef/aud@example.com`],
    ['a role that only looks so', `${sso}ProdEngineer_Extra_0123456789abcdef/uma@example.com`],
    ['a role whose name begins so', `${sso}ProdEngineerx_0123456789abcdef/uma@example.com`],
    ['letters in other case', `${sso}prodengineer_0123456789abcdef/uma@example.com`],
    ['too few digits', `${sso}ProdEngineer_0123456789abcde/uma@example.com`],
    ['too many digits', `${sso}ProdEngineer_0123456789abcdef0/uma@example.com`],
    ['digits that are none', `${sso}ProdEngineer_0123456789ABCDEF/uma@example.com`],
    ['no digits', `${sso}ProdEngineer/uma@example.com`],
    ['a role of ours by that name', `arn:aws:sts::${ACCOUNT}:assumed-role/ProdEngineer/uma@example.com`],
    [
      'a prefix before it',
      `arn:aws:sts::${ACCOUNT}:assumed-role/x-AWSReservedSSO_ProdEngineer_0123456789abcdef/uma`,
    ],
    [
      'a path',
      `arn:aws:sts::${ACCOUNT}:assumed-role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_ProdEngineer_0123456789abcdef/uma`,
    ],
    ['the role itself', `arn:aws:iam::${ACCOUNT}:role/AWSReservedSSO_ProdEngineer_0123456789abcdef`],
    ['a user', `arn:aws:iam::${ACCOUNT}:user/uma@example.com`],
    ['the root', `arn:aws:iam::${ACCOUNT}:root`],
    ['a federated user', `arn:aws:sts::${ACCOUNT}:federated-user/uma@example.com`],
    ['another partition', uma.arn.replace('arn:aws:', 'arn:aws-cn:')],
    ['more after it', `${uma.arn}/more`],
    ['a line more', `${uma.arn}\n`],
  ])('%s', async (_, arn) => {
    const endpoint = memorySts([{ ...uma, arn }]);
    const proof = await prove(uma, digestOf(CALL), { now: NOW });
    const asked = whoCalls(callWith(proof), { settings, sts: endpoint, now: NOW });
    await expect(asked).rejects.toBeInstanceOf(UnexpectedPrincipal);
    await expect(asked).rejects.toMatchObject({ code: 'principal-refused', arn });
  });
});

test('logins are the same in whatever case Identity Center writes them', async () => {
  const endpoint = memorySts([{ ...uma, arn: uma.arn.replace('uma@', 'Uma@') }]);
  const proof = await prove(uma, digestOf(CALL), { now: NOW });
  await expect(whoCalls(callWith(proof), { settings, sts: endpoint, now: NOW })).resolves.toMatchObject({
    login: 'uma@example.com',
  });
});

describe('an STS that does not say who it is', () => {
  const asked = async (answer: StsAnswer) =>
    whoCalls(callWith(await prove(uma, digestOf(CALL), { now: NOW })), {
      settings,
      sts: async () => answer,
      now: NOW,
    });
  const result = (arns: string) => `<GetCallerIdentityResult>${arns}</GetCallerIdentityResult>`;

  test.each<[string, StsAnswer]>([
    ['is down', { status: 503, body: '' }],
    ['is asked too often', { status: 429, body: '' }],
    ['answers nothing', { status: 200, body: '' }],
    ['answers two people', { status: 200, body: result(`<Arn>${uma.arn}</Arn><Arn>${ada.arn}</Arn>`) }],
    [
      'answers something else',
      { status: 200, body: `<AssumeRoleResult><Arn>${uma.arn}</Arn></AssumeRoleResult>` },
    ],
  ])('%s: that is broken, and nobody is refused for it', async (_, answer) => {
    await expect(asked(answer)).rejects.not.toHaveProperty('next');
  });

  test('a plain answer is believed', async () => {
    await expect(asked({ status: 200, body: result(`<Arn>${uma.arn}</Arn>`) })).resolves.toBeDefined();
  });

  test('is not there at all: two attempts, then an error', async () => {
    const proof = await prove(uma, digestOf(CALL), { now: NOW });
    const nowhere = stsEndpoint('http://127.0.0.1:1');
    await expect(whoCalls(callWith(proof), { settings, sts: nowhere, now: NOW })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });
});
