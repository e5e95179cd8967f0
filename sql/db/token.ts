/** Tenant tokens: who asks, for which organization, until when, signed. The database verifies them (schema `guard`). */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** `tenant`: the app, for one organization. `staff`: the console, for one person. `support`: a support shell. */
export type TokenKind = 'tenant' | 'staff' | 'support';

export interface SigningKey {
  /** `[a-z0-9_-]{1,32}` */
  readonly id: string;
  /** At least 32 random bytes. */
  readonly secret: Buffer;
}

/**
 * Keys as `vault.signing_keys` holds them. To rotate: give the new key to the database first, which goes on accepting
 * the previous one; then to the signers; so no token is ever signed with a key that the database does not know.
 */
export interface SigningKeys {
  /** Signs. */
  readonly current: SigningKey;
  /** Only verifies. */
  readonly previous?: SigningKey;
}

export interface TokenSubject {
  readonly kind: TokenKind;
  /** The organization's key as text. Required for `tenant`. */
  readonly organization?: string;
  /** Required for `staff` and `support`. */
  readonly person?: string;
}

export type TokenClaims = TokenSubject &
  ({ readonly expiresAt: Date } | { readonly expiresInSeconds: number });

export interface VerifiedToken {
  readonly kind: TokenKind;
  readonly organization: string;
  readonly person: string;
  readonly expiresAt: Date;
}

/** `tz1.<key id>.<kind>.<organization>.<person>.<expires>.<mac>`; throws TypeError on claims that make no sense. */
export function signToken(keys: SigningKeys, claims: TokenClaims): string {
  const { kind, organization = '', person = '' } = claims;
  if (kind === 'tenant' && organization === '') throw new TypeError('a tenant token needs an organization');
  if (kind !== 'tenant' && person === '') throw new TypeError(`a ${kind} token needs a person`);
  // Rounded down: a token never lasts longer than was asked for.
  const expires = Math.floor(
    'expiresAt' in claims ? claims.expiresAt.getTime() / 1000 : Date.now() / 1000 + claims.expiresInSeconds,
  );
  if (!Number.isSafeInteger(expires) || expires < 0) throw new TypeError('the expiry is not a point in time');
  const body = ['tz1', checked(keys.current).id, kind, hex(organization), hex(person), expires].join('.');
  return `${body}.${mac(keys.current, body)}`;
}

/** What the token says, if one of the keys signed it and it has not expired; otherwise undefined. */
export function verifyToken(
  keys: SigningKeys,
  token: string,
  now: Date = new Date(),
): VerifiedToken | undefined {
  const match =
    /^(tz1\.([a-z0-9_-]{1,32})\.(tenant|staff|support)\.((?:[0-9a-f]{2})*)\.((?:[0-9a-f]{2})*)\.(\d{1,15}))\.([0-9a-f]{64})$/.exec(
      token,
    );
  if (!match) return undefined;
  const [, body, id, kind, organization, person, expires, signature] = match as unknown as string[];
  const key = [keys.current, keys.previous].find((candidate) => candidate?.id === id);
  if (!key || !timingSafeEqual(Buffer.from(mac(key, body as string)), Buffer.from(signature as string))) {
    return undefined;
  }
  const expiresAt = new Date(Number(expires) * 1000);
  if (expiresAt <= now) return undefined;
  return { kind: kind as TokenKind, organization: text(organization), person: text(person), expiresAt };
}

function checked(key: SigningKey): SigningKey {
  if (!/^[a-z0-9_-]{1,32}$/.test(key.id)) throw new TypeError(`not a key id: ${JSON.stringify(key.id)}`);
  // Shorter than the hash: easier to guess than the signature itself.
  if (key.secret.length < 32) throw new TypeError(`the secret of key ${key.id} has less than 32 bytes`);
  return key;
}

function mac(key: SigningKey, body: string): string {
  return createHmac('sha256', key.secret).update(body).digest('hex');
}

function hex(value: string): string {
  return Buffer.from(value, 'utf8').toString('hex');
}

function text(value: string | undefined): string {
  return Buffer.from(value ?? '', 'hex').toString('utf8');
}
