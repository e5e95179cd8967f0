/**
 * Sessions: which user acts for which organization, until when, signed. `s1.<key id>.<user>.<organization>.<expires>.<mac>`;
 * both ids are UUIDs, expires is seconds since 1970, mac is base64url of HMAC-SHA-256 over everything before its dot.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SigningKey, SigningKeys } from '../sql/db/token';

export interface Session {
  readonly user: string;
  readonly organization: string;
  readonly expiresAt: Date;
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const FORM = new RegExp(
  `^(s1\\.([a-z0-9_-]{1,32})\\.(${UUID})\\.(${UUID})\\.(\\d{1,12}))\\.([A-Za-z0-9_-]{43})$`,
);

export function signSession({ current }: SigningKeys, { user, organization, expiresAt }: Session): string {
  const body = ['s1', current.id, user, organization, Math.floor(expiresAt.getTime() / 1000)].join('.');
  const token = `${body}.${mac(current, body)}`;
  if (!FORM.test(token)) throw new TypeError('user and organization of a session are UUIDs in lower case');
  return token;
}

/** Undefined: it was not signed by one of the keys, or is over. Why, nobody is told. */
export function verifySession(keys: SigningKeys, token: string, now = Date.now()): Session | undefined {
  const parts = FORM.exec(token);
  if (!parts) return undefined;
  const [, body = '', id, user = '', organization = '', expires, given = ''] = parts;
  const key = [keys.current, keys.previous].find((each) => each?.id === id);
  if (!key || !timingSafeEqual(Buffer.from(mac(key, body)), Buffer.from(given))) return undefined;
  const expiresAt = new Date(Number(expires) * 1000);
  return expiresAt.getTime() > now ? { user, organization, expiresAt } : undefined;
}

/** By which key it says that it was signed; undefined: it is no session at all. */
export function keyOf(token: string): string | undefined {
  return FORM.exec(token)?.[2];
}

function mac({ secret }: SigningKey, body: string): string {
  return createHmac('sha256', secret).update(body).digest('base64url');
}
