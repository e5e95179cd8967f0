/** Functions that verify the tenant token. Format and reasons: docs/architecture.md, docs/adr/0003-tenant-token.md. */
import { SQLSTATE } from '../../db/errors';
import type { BoundRegistry } from '../bound';
import { TOKEN_SETTING } from '../our-names';
import { asksByTicket } from './approvals/session';
import { type FunctionShape, plpgsql } from './shape';

const raise = (code: string, message: string, hint: string): string =>
  `RAISE EXCEPTION USING ERRCODE = '${code}', MESSAGE = '${message}', HINT = '${hint}';`;

const malformed = raise(
  SQLSTATE.tokenMalformed,
  'the tenant token is malformed',
  'a token is tz1.key.kind.organization.person.expires.mac',
);

const FORM = String.raw`^tz1\.[a-z0-9_-]{1,32}\.[a-z]{1,16}\.([0-9a-f]{2})*\.([0-9a-f]{2})*\.[0-9]{1,12}\.[0-9a-f]{64}$`;

/**
 * Claims of a valid token of the wanted kind as `[organization, person, kind]`; an error in every other case.
 *
 * The signature comes first: whoever holds a key writes well-formed tokens, so the form is looked at only to say why a
 * signature does not match. Its callers run as `guard_owner` with a fixed search path, and so does it.
 */
const verifiedToken: FunctionShape = plpgsql({
  name: 'verified_token',
  parameters: [{ name: 'wanted_kind', type: 'text' }],
  returns: 'text[]',
  definer: false,
  config: [],
  body: `
DECLARE
  token text := current_setting('${TOKEN_SETTING}', true);
  part text[];
  signing_key record;
BEGIN
  IF token IS NULL OR token = '' THEN
    ${raise(SQLSTATE.tokenMissing, 'no tenant token in this transaction', `set ${TOKEN_SETTING} with set_config(..., true) in the same transaction`)}
  END IF;
  -- Length first: hashing megabytes would be a way to burn CPU.
  IF length(token) > 1024 THEN
    ${raise(SQLSTATE.tokenMalformed, 'the tenant token is malformed', 'a token has at most 1024 characters')}
  END IF;
  SELECT k.inner_pad, k.outer_pad INTO signing_key FROM vault.signing_keys k WHERE k.id = split_part(token, '.', 2);
  -- Both sides are hashed once more: the comparison then takes the same time wherever the first wrong byte stands.
  IF NOT FOUND OR sha256(convert_to(right(token, 64), 'UTF8')) IS DISTINCT FROM sha256(convert_to(encode(sha256(signing_key.outer_pad
       || sha256(signing_key.inner_pad || convert_to(left(token, -65), 'UTF8'))), 'hex'), 'UTF8')) THEN
    IF token !~ '${FORM}' THEN
      ${malformed}
    END IF;
    ${raise(SQLSTATE.tokenForged, 'the tenant token is not signed with a valid key', 'the key may have been rotated away: get a new token')}
  END IF;
  part := string_to_array(token, '.');
  IF part[1] <> 'tz1' OR cardinality(part) <> 7 THEN
    ${malformed}
  END IF;
  IF part[6]::bigint <= extract(epoch FROM clock_timestamp()) THEN
    ${raise(SQLSTATE.tokenExpired, 'the tenant token has expired', 'get a new token')}
  END IF;
  IF wanted_kind IS NOT NULL AND part[3] <> wanted_kind THEN
    ${raise(SQLSTATE.tokenWrongKind, 'the tenant token is of another kind than this role needs', 'tenant for the app, staff for the console, support for the shell')}
  END IF;
  RETURN ARRAY[convert_from(decode(part[4], 'hex'), 'UTF8'), convert_from(decode(part[5], 'hex'), 'UTF8'), part[3]];
END`,
  executableBy: [],
});

/** `current_organization()`, `current_person()`, and the function that sets a signing key. */
export function tokenFunctions(
  bound: BoundRegistry,
  readers: { tenant: string[]; anyone: string[]; keySetters: string[] },
): FunctionShape[] {
  const keyType = bound.key.type;
  return [
    verifiedToken,
    plpgsql({
      name: 'current_organization',
      returns: keyType,
      body: `
DECLARE
  organization text := (guard.verified_token('tenant'))[1];
BEGIN
  IF organization = '' THEN
    ${raise(SQLSTATE.tokenMalformed, 'the tenant token names no organization', 'sign it for one organization')}
  END IF;
  RETURN organization::${keyType};
END`,
      executableBy: readers.tenant,
    }),
    plpgsql({
      name: 'current_person',
      returns: 'text',
      body: `
BEGIN${
        bound.registry.approvals
          ? `
  IF ${asksByTicket(bound)} THEN
    RETURN guard.session_person();
  END IF;`
          : ''
      }
  RETURN (guard.verified_token(NULL))[2];
END`,
      // Where a session counts, it depends on the process that runs it.
      parallel: bound.registry.approvals ? 'RESTRICTED' : 'SAFE',
      executableBy: readers.anyone,
    }),
    plpgsql({
      schema: 'vault',
      name: 'set_signing_key',
      parameters: [
        { name: 'key_id', type: 'text' },
        { name: 'secret', type: 'bytea' },
      ],
      returns: 'void',
      volatility: 'VOLATILE',
      parallel: 'UNSAFE',
      // The newest key and the one before it stay valid. Setting the same id and secret again changes nothing.
      body: `
DECLARE
  padded bytea;
  pad_inner bytea := '';
  pad_outer bytea := '';
BEGIN
  IF secret IS NULL OR length(secret) < 32 THEN
    RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'a signing key has at least 32 bytes';
  END IF;
  LOCK TABLE vault.signing_keys IN SHARE ROW EXCLUSIVE MODE;
  -- RFC 2104: keys longer than the block of 64 bytes are hashed, shorter ones filled up with zeros.
  padded := CASE WHEN length(secret) > 64 THEN sha256(secret) ELSE secret END;
  padded := padded || decode(repeat('00', 64 - length(padded)), 'hex');
  FOR i IN 0..63 LOOP
    pad_inner := pad_inner || decode(lpad(to_hex(get_byte(padded, i) # 54), 2, '0'), 'hex');
    pad_outer := pad_outer || decode(lpad(to_hex(get_byte(padded, i) # 92), 2, '0'), 'hex');
  END LOOP;
  IF EXISTS (SELECT FROM vault.signing_keys k WHERE k.id = key_id AND k.inner_pad = pad_inner) THEN
    RETURN;
  END IF;
  IF EXISTS (SELECT FROM vault.signing_keys k WHERE k.id = key_id) THEN
    RAISE EXCEPTION USING ERRCODE = '23505', MESSAGE = 'a signing key of this id has another secret',
      HINT = 'every new key gets a new id: tokens name the key they are signed with';
  END IF;
  INSERT INTO vault.signing_keys (id, inner_pad, outer_pad, added_at) VALUES (key_id, pad_inner, pad_outer, statement_timestamp());
  DELETE FROM vault.signing_keys WHERE id NOT IN (SELECT k.id FROM vault.signing_keys k ORDER BY k.sequence DESC LIMIT 2);
END`,
      executableBy: readers.keySetters,
    }),
  ];
}
