import { createHmac } from 'node:crypto';
import { type SigningKeys, signToken } from '../../../sql/db/tenant';
import { verifyToken } from '../../../sql/db/token';

const keys: SigningKeys = {
  current: { id: 'k2', secret: Buffer.alloc(32, 2) },
  previous: { id: 'k1', secret: Buffer.alloc(32, 1) },
};
const before: SigningKeys = { current: keys.previous as SigningKeys['current'] };
const inAMinute = { expiresInSeconds: 60 };

describe('signToken', () => {
  test('writes the documented form', () => {
    const token = signToken(keys, {
      kind: 'tenant',
      organization: 'Zoë',
      person: 'p.1',
      expiresAt: new Date(1_800_000_000_999),
    });
    const body = 'tz1.k2.tenant.5a6fc3ab.702e31.1800000000';
    expect(token).toBe(`${body}.${createHmac('sha256', Buffer.alloc(32, 2)).update(body).digest('hex')}`);
  });

  test('counts seconds from now', () => {
    const expires = Number(signToken(keys, { kind: 'staff', person: 'p', ...inAMinute }).split('.')[5]);
    expect(expires - Date.now() / 1000).toBeGreaterThan(58);
    expect(expires - Date.now() / 1000).toBeLessThanOrEqual(60);
  });

  test.each([
    ['a tenant token without an organization', () => signToken(keys, { kind: 'tenant', ...inAMinute })],
    ['an empty organization', () => signToken(keys, { kind: 'tenant', organization: '', ...inAMinute })],
    ['a staff token without a person', () => signToken(keys, { kind: 'staff', ...inAMinute })],
    ['a support token without a person', () => signToken(keys, { kind: 'support', ...inAMinute })],
    [
      'an expiry that is no time',
      () => signToken(keys, { kind: 'tenant', organization: 'a', expiresAt: new Date('never') }),
    ],
    [
      'a key id with a dot',
      () =>
        signToken(
          { current: { id: 'a.b', secret: Buffer.alloc(32) } },
          { kind: 'staff', person: 'p', ...inAMinute },
        ),
    ],
    [
      'a short secret',
      () =>
        signToken(
          { current: { id: 'a', secret: Buffer.alloc(31) } },
          { kind: 'staff', person: 'p', ...inAMinute },
        ),
    ],
  ])('refuses %s', (_, sign) => expect(sign).toThrow(TypeError));
});

describe('verifyToken', () => {
  const token = signToken(keys, { kind: 'staff', organization: 'ö', person: 'p', ...inAMinute });

  test('reads what was signed, by the previous key too', () => {
    const said = { kind: 'staff', organization: 'ö', person: 'p', expiresAt: expect.any(Date) };
    expect(verifyToken(keys, token)).toEqual(said);
    const older = signToken(before, { kind: 'staff', organization: 'ö', person: 'p', ...inAMinute });
    expect(verifyToken(keys, older)).toEqual(said);
  });

  test.each([
    ['another kind', token.replace('.staff.', '.tenant.')],
    ['another person', token.replace('.70.', '.71.')],
    ['a later expiry', token.replace(/\.(\d+)\.(?=[0-9a-f]{64}$)/, (_, at) => `.${Number(at) + 1}.`)],
    ['another key', token.replace('.k2.', '.k1.')],
    ['an unknown key', token.replace('.k2.', '.k3.')],
    ['no signature', token.slice(0, -64)],
    ['a wrong signature', token.slice(0, -64) + '0'.repeat(64)],
    ['nothing', ''],
  ])('refuses %s', (_, forged) => expect(verifyToken(keys, forged)).toBeUndefined());

  test('refuses a key that was rotated away', () => expect(verifyToken(before, token)).toBeUndefined());

  test('refuses what has expired', () => {
    const expiresAt = new Date(1_800_000_000_000);
    const old = signToken(keys, { kind: 'tenant', organization: 'a', expiresAt });
    expect(verifyToken(keys, old, new Date(expiresAt.getTime() - 1))).toBeDefined();
    expect(verifyToken(keys, old, expiresAt)).toBeUndefined();
  });
});
