/** Asking: for a grant, for a change of the flag, and breaking the glass without asking. */
import { SQLSTATE } from '../../../db/errors';
import type { BoundRegistry } from '../../bound';
import { type FunctionShape, plpgsql } from '../shape';
import { ASKERS, CALLER, INTERNAL, REASON_CHARACTERS, raise, WRITES } from './input';

/** Minutes that broken glass is open. */
const BROKEN_MINUTES = 30;

const ordinary = raise(
  'nothingToGrant',
  'this organization is ordinary: there is nothing to grant',
  'work with it as you are',
);

const mayAsk = `
  IF r.minutes IS NULL OR r.minutes < 1 OR r.minutes > maximum THEN
    RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.requestInvalid}', MESSAGE = format('a grant lasts 1 to %s minutes', maximum), HINT = 'ask for less, and again when it is not enough';
  END IF;`;

export function requestFunctions(bound: BoundRegistry, gate: string): FunctionShape[] {
  const { defaultMinutes, maximumMinutes } = bound.registry.approvals ?? {};
  const parameters = [CALLER, { name: 'request', type: 'jsonb' }];
  return [
    plpgsql({
      ...INTERNAL,
      name: 'reason_given',
      parameters: [
        { name: 'input', type: 'jsonb' },
        { name: 'key', type: 'text' },
      ],
      returns: 'text',
      body: `
BEGIN
  RETURN guard.given_text(input, key, ${REASON_CHARACTERS}, 1000);
END`,
    }),
    plpgsql({
      ...WRITES,
      ...INTERNAL,
      name: 'write_request',
      parameters: [{ name: 'r', type: 'guard.requests' }],
      returns: 'void',
      // The hash is over what is stored, times as the table keeps them.
      body: `
BEGIN
  r.created_at := statement_timestamp();
  r.hash := guard.request_hash(r);
  INSERT INTO guard.requests VALUES (r.*) ON CONFLICT (id) DO NOTHING;
  IF NOT FOUND THEN
    ${raise('requestInvalid', 'the id of this request was used for another one', 'give every request an id of its own')}
  END IF;
END`,
    }),
    plpgsql({
      ...INTERNAL,
      name: 'request_of',
      parameters: [
        { name: 'who', type: 'jsonb' },
        { name: 'request', type: 'jsonb' },
        { name: 'organization', type: 'jsonb' },
      ],
      returns: 'guard.requests',
      // What every request has; blast, codes and minutes are the callers' to say.
      body: `
DECLARE
  r guard.requests;
BEGIN
  r.id := guard.given_id(guard.given_text(request, 'id', 36, 36), 'a request');
  r.access := guard.given_choice(request, 'access', ARRAY['read', 'write']);
  r.organization := organization ->> 'key';
  r.own := (organization ->> 'own')::boolean;
  r.person := who ->> 'person';
  r.login := who ->> 'login';
  r.persona := who ->> 'persona';
  r.reason := guard.reason_given(request, 'reason');
  r.ticket := guard.given_text(request, 'ticket', 1, 100);
  r.blast := '[]';
  r.break_glass := false;
  RETURN r;
END`,
    }),
    plpgsql({
      ...WRITES,
      name: 'request_access',
      parameters,
      returns: 'jsonb',
      body: `
DECLARE
  who jsonb := guard.caller_of(caller, ${ASKERS});
  wanted text := guard.given_choice(request, 'kind', ARRAY['console', 'shell', 'flag']);
  organization jsonb := guard.organization_of(guard.given_text(request, 'organization', 1, 200));
  is_sensitive boolean := (organization ->> 'sensitive')::boolean;
  maximum integer := ${maximumMinutes};
  r guard.requests := guard.request_of(who, request, organization);
BEGIN
  r.kind := wanted;
  r.codes_needed := guard.codes_needed(wanted, r.own);
  IF wanted = 'flag' THEN
    IF (jsonb_typeof(request -> 'sensitive') = 'boolean') IS NOT TRUE THEN
      ${raise('requestInvalid', 'a change of the flag says what the organization shall be: sensitive true or false')}
    END IF;
    r.sensitive := (request ->> 'sensitive')::boolean;
    IF r.sensitive = is_sensitive THEN
      ${raise('nothingToGrant', 'the organization is so already')}
    ELSIF r.own THEN
      ${raise('accessRefused', 'the own tenant is always sensitive')}
    END IF;
    r.minutes := 0;
  ELSE
    IF NOT is_sensitive THEN
      ${ordinary}
    ELSIF guard.is_given(request, 'sensitive') THEN
      ${raise('requestInvalid', 'sensitive is said with a change of the flag only')}
    END IF;
    r.minutes := ${defaultMinutes};
    IF guard.is_given(request, 'minutes') THEN
      r.minutes := CASE WHEN (request -> 'minutes')::text ~ '^[0-9]{1,6}$' THEN (request ->> 'minutes')::integer END;
    END IF;
    ${mayAsk}
  END IF;
  r.blast := guard.counted(r.organization);
  PERFORM guard.write_request(r);
  PERFORM guard.record('request', who, r.organization, r.id, jsonb_build_object('kind', r.kind, 'access', r.access, 'minutes', r.minutes,
    'sensitive', r.sensitive, 'reason', r.reason, 'ticket', r.ticket, 'codesNeeded', r.codes_needed,
    'hash', (SELECT q.hash FROM guard.requests q WHERE q.id = r.id)));
  RETURN guard.request_view(r.id);
END`,
      executableBy: [gate],
    }),
    plpgsql({
      ...WRITES,
      name: 'break_glass',
      parameters,
      returns: 'jsonb',
      // Nobody is asked, everybody is told, and an approver looks at it afterwards. Not merged with other grants: it is short.
      body: `
DECLARE
  who jsonb := guard.caller_of(caller, ARRAY['BreakGlassAdmin']);
  organization jsonb := guard.organization_of(guard.given_text(request, 'organization', 1, 200));
  r guard.requests := guard.request_of(who, request, organization);
  made guard.grants;
BEGIN
  IF (organization ->> 'sensitive')::boolean IS NOT TRUE THEN
    ${ordinary}
  END IF;
  r.kind := 'shell';
  r.minutes := ${BROKEN_MINUTES};
  r.codes_needed := 0;
  r.break_glass := true;
  r.outcome := 'approved';
  r.decided_at := statement_timestamp();
  r.blast := guard.counted(r.organization);
  PERFORM guard.write_request(r);
  INSERT INTO guard.grants (person, organization, kind, access, request, starts_at, ends_at)
    VALUES (r.person, r.organization::${bound.key.type}, r.kind, r.access, r.id, clock_timestamp(), clock_timestamp() + r.minutes * interval '1 minute')
    RETURNING * INTO made;
  PERFORM guard.record('break-glass', who, r.organization, r.id, jsonb_build_object('grant', made.id, 'access', r.access, 'minutes', r.minutes,
    'until', (extract(epoch FROM made.ends_at) * 1000000)::bigint, 'reason', r.reason, 'ticket', r.ticket));
  RETURN guard.request_view(r.id);
END`,
      executableBy: [gate],
    }),
  ];
}
