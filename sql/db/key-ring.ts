/** Signing keys as text: what a secret holds. The database holds the same keys (`vault.set_signing_key`). */
import { z } from 'zod';
import type { SigningKey, SigningKeys } from './token';

const key = z.strictObject({
  id: z.string().regex(/^[a-z0-9_-]{1,32}$/),
  /** Base64 of at least 32 bytes. */
  secret: z
    .base64()
    .transform((text) => Buffer.from(text, 'base64'))
    .refine((bytes) => bytes.length >= 32, { error: 'is shorter than 32 bytes' }),
});

const shape = z
  .strictObject({ current: key, previous: key.optional() })
  .refine(({ current, previous }) => current.id !== previous?.id, { error: 'both keys have the same id' });

/**
 * `{ "current": { "id": "k2", "secret": "<base64>" }, "previous": { "id": "k1", "secret": "<base64>" } }`
 *
 * @throws {TypeError} that names the problem and never the text: it would stand in a log
 */
export function parseSigningKeys(text: string): SigningKeys {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new TypeError('signing keys are not JSON');
  }
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, code, message }) =>
    // zod quotes unknown keys, which may be anything.
    code === 'unrecognized_keys'
      ? `${path.join('.') || 'keys'}: has keys that nobody knows`
      : `${path.join('.') || 'keys'}: ${message}`,
  );
  throw new TypeError(`signing keys are wrong: ${problems.join('; ')}`);
}

export function formatSigningKeys({ current, previous }: SigningKeys): string {
  const text = ({ id, secret }: SigningKey) => ({ id, secret: secret.toString('base64') });
  return JSON.stringify({ current: text(current), ...(previous ? { previous: text(previous) } : {}) });
}
