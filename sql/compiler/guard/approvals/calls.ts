/** Stored answers: the gate may begin, finish, forget and read a call, by its id. Times are seconds since 1970. */
import { type FunctionShape, plpgsql } from '../shape';
import { raise, WRITES } from './input';

const id = { name: 'id', type: 'text' };

/** Of one row `c`. */
const VIEW = `jsonb_build_object('status', c.status, 'payload', c.payload, 'answer', c.response,
      'until', extract(epoch FROM c.until), 'expires', floor(extract(epoch FROM c.expires))::bigint)`;

const seconds = (key: string) => `to_timestamp((record ->> '${key}')::double precision)`;

const malformed = raise('requestInvalid', 'this is no record of a call');

export function callFunctions(gate: string): FunctionShape[] {
  const of = { schema: 'vault', executableBy: [gate] } as const;
  return [
    plpgsql({
      ...of,
      ...WRITES,
      name: 'call_begin',
      parameters: [id, { name: 'record', type: 'jsonb' }],
      returns: 'jsonb',
      // Null: it is the caller's. Else what there is: answered, or being answered. Two at once: the key lets one pass.
      body: `
DECLARE
  c vault.calls;
BEGIN
  IF (length(id) BETWEEN 1 AND 500 AND jsonb_typeof(record -> 'payload') = 'string' AND jsonb_typeof(record -> 'until') = 'number'
      AND jsonb_typeof(record -> 'expires') = 'number') IS NOT TRUE THEN
    ${malformed}
  END IF;
  DELETE FROM vault.calls k WHERE k.id IN (SELECT o.id FROM vault.calls o WHERE o.expires < clock_timestamp() - interval '1 hour'
    AND o.id <> call_begin.id LIMIT 100 FOR UPDATE SKIP LOCKED);
  INSERT INTO vault.calls AS k (id, status, until, expires, payload)
    VALUES (call_begin.id, 'INPROGRESS', ${seconds('until')}, ${seconds('expires')}, record ->> 'payload')
    ON CONFLICT ON CONSTRAINT calls_pkey DO UPDATE SET status = excluded.status, until = excluded.until, expires = excluded.expires,
      payload = excluded.payload, response = NULL
      WHERE k.expires <= clock_timestamp() OR (k.status = 'INPROGRESS' AND k.until <= clock_timestamp());
  IF FOUND THEN
    RETURN NULL;
  END IF;
  SELECT * INTO STRICT c FROM vault.calls k WHERE k.id = call_begin.id;
  RETURN ${VIEW};
END`,
    }),
    plpgsql({
      ...of,
      ...WRITES,
      name: 'call_finish',
      parameters: [id, { name: 'record', type: 'jsonb' }],
      returns: 'jsonb',
      body: `
DECLARE
  c vault.calls;
BEGIN
  IF (jsonb_typeof(record -> 'expires') = 'number') IS NOT TRUE THEN
    ${malformed}
  END IF;
  UPDATE vault.calls k SET status = 'COMPLETED', response = record -> 'answer', expires = ${seconds('expires')}
    WHERE k.id = call_finish.id AND k.status = 'INPROGRESS' RETURNING k.* INTO c;
  RETURN CASE WHEN c.id IS NULL THEN NULL ELSE ${VIEW} END;
END`,
    }),
    plpgsql({
      ...of,
      ...WRITES,
      name: 'call_forget',
      parameters: [id],
      returns: 'jsonb',
      // What was answered stays answered.
      body: `
BEGIN
  DELETE FROM vault.calls k WHERE k.id = call_forget.id AND k.status = 'INPROGRESS';
  RETURN NULL;
END`,
    }),
    plpgsql({
      ...of,
      name: 'call_read',
      parameters: [id],
      returns: 'jsonb',
      body: `
DECLARE
  c vault.calls;
BEGIN
  SELECT * INTO c FROM vault.calls k WHERE k.id = call_read.id;
  RETURN CASE WHEN c.id IS NULL THEN NULL ELSE ${VIEW} END;
END`,
    }),
  ];
}
