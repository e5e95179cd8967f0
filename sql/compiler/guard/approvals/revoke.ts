/** Ending what was granted, before its time. Proving that it ended is the function's, which opens a session to look. */
import type { BoundRegistry } from '../../bound';
import { type FunctionShape, plpgsql } from '../shape';
import { CALLER, EVERYONE, raise, WRITES } from './input';
import { notOver } from './views';

export function revokeFunctions(bound: BoundRegistry, gate: string): FunctionShape[] {
  const { type, operators } = bound.key;
  const equals = operators?.equals ?? '=';
  const unknown = raise(
    'accessUnknown',
    'no such request, or none of yours',
    'sensitive-access list shows them',
  );
  const over = raise(
    'requestClosed',
    'there is nothing left to revoke: it is decided otherwise, or over',
    'sensitive-access show says how',
  );
  return [
    plpgsql({
      ...WRITES,
      name: 'revoke',
      parameters: [CALLER, { name: 'request', type: 'text' }, { name: 'reason', type: 'text' }],
      returns: 'jsonb',
      // All that this person may see of the organization ends, whatever request it came from: overlapping grants have one end.
      // Once more does no harm, and answers the same: whoever could not prove it the first time tries again.
      body: `
DECLARE
  who jsonb := guard.caller_of(caller, ${EVERYONE});
  request_id uuid := guard.given_id(request, 'a request');
  why text := guard.reason_given(jsonb_build_object('reason', reason), 'reason');
  r guard.requests;
  state text;
  ended bigint[];
BEGIN
  -- The kind never changes. Approvers come before requests, as everywhere.
  IF EXISTS (SELECT FROM guard.requests q WHERE q.id = request_id AND q.kind = 'approver') THEN
    PERFORM guard.lock_approvers();
  END IF;
  SELECT * INTO r FROM guard.requests q WHERE q.id = request_id AND (q.person = who ->> 'person' OR who ->> 'persona' = 'SensitiveApprover') FOR UPDATE;
  IF NOT FOUND THEN
    ${unknown}
  END IF;
  state := guard.request_state(r);
  IF state = 'pending' THEN
    UPDATE guard.requests q SET outcome = 'revoked', decided_at = statement_timestamp() WHERE q.id = r.id;
    UPDATE vault.approvers a SET state = 'unconfirmed', since = statement_timestamp() WHERE a.name = r.approver AND a.state = 'waits-for-approval';
  ELSIF state NOT IN ('approved', 'revoked') OR r.kind NOT IN ('console', 'shell') THEN
    ${over}
  END IF;
  IF r.kind IN ('console', 'shell') AND state <> 'pending' THEN
    SELECT array_agg(l.id) INTO ended FROM (
      SELECT g.id FROM guard.grants g WHERE g.person = r.person AND g.organization ${equals} r.organization::${type} AND ${notOver('g')}
      ORDER BY g.id FOR UPDATE) l;
    UPDATE guard.grants g SET revoked_at = clock_timestamp() WHERE g.id = ANY (ended);
  END IF;
  IF state = 'pending' OR ended IS NOT NULL THEN
    PERFORM guard.record('revocation', who, r.organization, r.id, jsonb_build_object('reason', why, 'was', state, 'of', r.person, 'ofLogin', r.login,
      'grants', coalesce(to_jsonb(ended), '[]')));
  END IF;
  RETURN jsonb_build_object('request', guard.request_view(r.id),
    'backends', (SELECT coalesce(jsonb_agg(jsonb_build_object('pid', s.pid, 'login', s.role) ORDER BY s.pid), '[]') FROM vault.sessions s
      JOIN vault.tickets k ON k.id = s.shell
      WHERE state <> 'pending' AND s.person = r.person AND k.service <> 'probe' AND s.ended_at IS NULL AND s.expires_at > statement_timestamp()),
    'shells', (SELECT coalesce(jsonb_agg(jsonb_build_object('shell', k.id, 'task', k.task, 'session', k.session) ORDER BY k.issued_at, k.id), '[]') FROM vault.tickets k
      WHERE state <> 'pending' AND k.person = r.person AND k.service <> 'probe' AND k.redeemed_at IS NOT NULL AND k.ended_at IS NULL
        AND k.redeemed_at > statement_timestamp() - interval '1 day'));
END`,
      executableBy: [gate],
    }),
    plpgsql({
      ...WRITES,
      name: 'revocation_proved',
      parameters: [CALLER, { name: 'request', type: 'text' }, { name: 'proof', type: 'jsonb' }],
      returns: 'void',
      body: `
DECLARE
  who jsonb := guard.caller_of(caller, ${EVERYONE});
  r guard.requests;
BEGIN
  SELECT * INTO r FROM guard.requests q WHERE q.id = guard.given_id(request, 'a request')
    AND (q.person = who ->> 'person' OR who ->> 'persona' = 'SensitiveApprover');
  IF NOT FOUND THEN
    ${unknown}
  END IF;
  IF (jsonb_typeof(proof) = 'object' AND length(proof::text) <= 10000) IS NOT TRUE OR guard.request_state(r) <> 'revoked' THEN
    ${raise('requestInvalid', 'a proof says what was measured after a revocation')}
  END IF;
  PERFORM guard.record('revocation-proved', who, r.organization, r.id, proof);
END`,
      executableBy: [gate],
    }),
  ];
}
