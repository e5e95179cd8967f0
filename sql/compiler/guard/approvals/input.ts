/** What comes in is JSON of somebody else's making: it is looked at key by key before anything is done with it. */
import { SQLSTATE } from '../../../db/errors';
import { literal } from '../../../db/names';
import { type FunctionShape, plpgsql } from '../shape';

export const WRITES = { volatility: 'VOLATILE', parallel: 'UNSAFE' } as const;

/** Of the functions that only functions of ours call. */
export const INTERNAL = { executableBy: [] as string[] };

export const CALLER = { name: 'caller', type: 'jsonb' } as const;

/** Characters of a reason that says something. */
export const REASON_CHARACTERS = 10;

/** `message` and `hint` are text, not SQL. */
export function raise(code: keyof typeof SQLSTATE, message: string, hint?: string): string {
  return `RAISE EXCEPTION USING ERRCODE = '${SQLSTATE[code]}', MESSAGE = ${literal(message)}${hint === undefined ? '' : `, HINT = ${literal(hint)}`};`;
}

/** SQL: ISO 8601 in UTC, or null. */
export const iso = (time: string): string =>
  `to_char((${time}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

export function inputFunctions(): FunctionShape[] {
  return [
    plpgsql({
      ...INTERNAL,
      name: 'given_text',
      parameters: [
        { name: 'input', type: 'jsonb' },
        { name: 'key', type: 'text' },
        { name: 'shortest', type: 'integer' },
        { name: 'longest', type: 'integer' },
      ],
      returns: 'text',
      // Trimmed; never null.
      body: `
DECLARE
  found text;
BEGIN
  IF input IS NOT NULL AND jsonb_typeof(input) = 'object' AND jsonb_typeof(input -> key) = 'string' THEN
    found := btrim(input ->> key, E' \\t\\n\\r');
  END IF;
  IF found IS NULL OR length(found) < shortest OR length(found) > longest THEN
    RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.requestInvalid}', MESSAGE = format('%s has to be text of %s to %s characters', key, shortest, longest);
  END IF;
  RETURN found;
END`,
    }),
    plpgsql({
      ...INTERNAL,
      name: 'is_given',
      parameters: [
        { name: 'input', type: 'jsonb' },
        { name: 'key', type: 'text' },
      ],
      returns: 'boolean',
      body: `
BEGIN
  RETURN input IS NOT NULL AND jsonb_typeof(input) = 'object' AND coalesce(jsonb_typeof(input -> key), 'null') <> 'null';
END`,
    }),
    plpgsql({
      ...INTERNAL,
      name: 'given_choice',
      parameters: [
        { name: 'input', type: 'jsonb' },
        { name: 'key', type: 'text' },
        { name: 'choices', type: 'text[]' },
      ],
      returns: 'text',
      body: `
BEGIN
  IF (jsonb_typeof(input) = 'object' AND jsonb_typeof(input -> key) = 'string' AND (input ->> key) = ANY (choices)) IS NOT TRUE THEN
    RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.requestInvalid}', MESSAGE = format('%s has to be one of %s', key, array_to_string(choices, ', '));
  END IF;
  RETURN input ->> key;
END`,
    }),
    plpgsql({
      ...INTERNAL,
      name: 'given_id',
      parameters: [
        { name: 'id', type: 'text' },
        { name: 'what', type: 'text' },
      ],
      returns: 'uuid',
      body: `
BEGIN
  IF (id ~ '${UUID}') IS NOT TRUE THEN
    RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.requestInvalid}', MESSAGE = format('the id of %s has to be a UUID in lower case', what);
  END IF;
  RETURN id::uuid;
END`,
    }),
    plpgsql({
      ...INTERNAL,
      name: 'caller_of',
      parameters: [CALLER, { name: 'personas', type: 'text[]' }],
      returns: 'jsonb',
      // Exactly three texts. A login in two spellings would be two people.
      body: `
DECLARE
  who jsonb := jsonb_build_object('person', guard.given_text(caller, 'person', 1, 200), 'login', guard.given_text(caller, 'login', 1, 200),
    'persona', guard.given_text(caller, 'persona', 1, 64));
BEGIN
  IF who <> caller OR (who ->> 'login') <> lower(who ->> 'login') THEN
    ${raise('requestInvalid', 'a caller is person, login in lower case, and persona')}
  END IF;
  IF ((who ->> 'persona') = ANY (personas)) IS NOT TRUE THEN
    RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.accessRefused}', MESSAGE = format('persona %s may not do this', who ->> 'persona'),
      HINT = format('it is for %s', array_to_string(personas, ', '));
  END IF;
  RETURN who;
END`,
    }),
  ];
}

export const EVERYONE = `ARRAY['ProdEngineer', 'BreakGlassAdmin', 'SensitiveApprover']`;
export const ASKERS = `ARRAY['ProdEngineer', 'BreakGlassAdmin']`;
export const APPROVERS = `ARRAY['SensitiveApprover']`;
