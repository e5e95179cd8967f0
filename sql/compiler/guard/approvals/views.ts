/** What callers are told: requests, approvers, measures. JSON shapes: `sql/approvals/views.ts`. */
import { SQLSTATE } from '../../../db/errors';
import type { BoundRegistry } from '../../bound';
import { type FunctionShape, plpgsql } from '../shape';
import { CALLER, EVERYONE, INTERNAL, iso, raise, WRITES } from './input';

/** Minutes for which codes are given for a request. */
export const LAPSE = `interval '1 hour'`;

/** SQL: nothing was decided in time. By the clock: a statement may have waited for a lock since it began. */
export const hasLapsed = (r: string): string => `clock_timestamp() >= ${r}.created_at + ${LAPSE}`;

/** SQL: a grant `g` opens something, or is about to. Of a grant that was made while this statement waited, too. */
export const notOver = (g: string): string => `${g}.revoked_at IS NULL AND clock_timestamp() < ${g}.ends_at`;

/** SQL: a grant `g` opens something now. */
export const isLive = (g: string): string =>
  `${g}.revoked_at IS NULL AND ${g}.starts_at <= statement_timestamp() AND statement_timestamp() < ${g}.ends_at`;

/** SQL: who may know of a request `r`: whoever asked, and approvers. */
const KNOWN = `(r.person = who ->> 'person' OR who ->> 'persona' = 'SensitiveApprover')`;

/** SQL: still somebody's business: undecided, open now, or broken glass that nobody has looked at. */
const CURRENT = `(guard.request_state(r) IN ('pending', 'approved') AND (r.kind IN ('console', 'shell') OR r.outcome IS NULL)
        OR r.break_glass AND r.reviewed_at IS NULL)`;

export function viewFunctions(bound: BoundRegistry, gate: string): FunctionShape[] {
  const equals = bound.key.operators?.equals ?? '=';
  const row = { name: 'r', type: 'guard.requests' };
  return [
    plpgsql({
      ...INTERNAL,
      name: 'request_hash',
      parameters: [row],
      returns: 'text',
      // Over everything that was asked for, as jsonb prints it: keys in one order, whatever order they came in.
      body: `
BEGIN
  RETURN encode(sha256(convert_to(jsonb_build_object('version', 1, 'id', r.id, 'kind', r.kind, 'access', r.access, 'organization', r.organization,
    'own', r.own, 'sensitive', r.sensitive, 'approver', r.approver, 'person', r.person, 'login', r.login, 'persona', r.persona,
    'reason', r.reason, 'ticket', r.ticket, 'minutes', r.minutes, 'blast', r.blast, 'codesNeeded', r.codes_needed,
    'breakGlass', r.break_glass, 'createdAt', (extract(epoch FROM r.created_at) * 1000000)::bigint)::text, 'UTF8')), 'hex');
END`,
    }),
    plpgsql({
      ...INTERNAL,
      name: 'request_state',
      parameters: [row],
      returns: 'text',
      // Derived whenever somebody looks: nothing has to run for a request to lapse, or a grant to end.
      body: `
DECLARE
  g guard.grants;
BEGIN
  IF r.outcome IS NULL THEN
    RETURN CASE WHEN ${hasLapsed('r')} THEN 'lapsed' ELSE 'pending' END;
  ELSIF r.outcome <> 'approved' OR r.kind NOT IN ('console', 'shell') THEN
    RETURN r.outcome;
  END IF;
  SELECT * INTO g FROM guard.grants k WHERE k.request = r.id;
  RETURN CASE WHEN g.revoked_at IS NOT NULL THEN 'revoked' WHEN g.ends_at > statement_timestamp() THEN 'approved' ELSE 'ended' END;
END`,
    }),
    plpgsql({
      ...INTERNAL,
      name: 'request_view',
      parameters: [{ name: 'request', type: 'uuid' }],
      returns: 'jsonb',
      body: `
DECLARE
  r guard.requests;
BEGIN
  SELECT * INTO STRICT r FROM guard.requests q WHERE q.id = request;
  RETURN jsonb_build_object('id', r.id, 'hash', r.hash, 'kind', r.kind, 'access', r.access, 'organization', r.organization, 'own', r.own,
    'sensitive', r.sensitive, 'approver', r.approver, 'person', r.person, 'login', r.login, 'persona', r.persona, 'reason', r.reason,
    'ticket', r.ticket, 'minutes', r.minutes, 'blast', r.blast, 'codesNeeded', r.codes_needed)
    || jsonb_build_object(
      'codesGiven', (SELECT coalesce(jsonb_agg(jsonb_build_object('approver', a.approver, 'at', ${iso('a.at')}, 'drift', a.drift) ORDER BY a.at, a.approver), '[]')
        FROM guard.approvals a WHERE a.request = r.id),
      'state', guard.request_state(r),
      'createdAt', ${iso('r.created_at')},
      'lapsesAt', ${iso(`r.created_at + ${LAPSE}`)},
      'decidedAt', ${iso('r.decided_at')},
      'grant', (SELECT jsonb_build_object('startsAt', ${iso('g.starts_at')}, 'endsAt', ${iso('g.ends_at')}, 'revokedAt', ${iso('g.revoked_at')})
        FROM guard.grants g WHERE g.request = r.id),
      'denied', CASE WHEN r.denied_by IS NOT NULL THEN jsonb_build_object('by', r.denied_by, 'reason', r.denied_reason) END,
      'breakGlass', r.break_glass,
      'reviewed', CASE WHEN r.reviewed_by IS NOT NULL
        THEN jsonb_build_object('by', r.reviewed_by, 'at', ${iso('r.reviewed_at')}, 'note', r.review_note) END);
END`,
    }),
    plpgsql({
      ...WRITES,
      name: 'list_requests',
      parameters: [CALLER, { name: 'filter', type: 'jsonb' }],
      returns: 'jsonb',
      body: `
DECLARE
  who jsonb := guard.caller_of(caller, ${EVERYONE});
BEGIN
  IF (jsonb_typeof(filter -> 'all') = 'boolean' AND filter ->> 'limit' ~ '^[0-9]{1,3}$' AND (filter ->> 'limit')::integer BETWEEN 1 AND 500) IS NOT TRUE THEN
    ${raise('requestInvalid', 'a list is of all or of the current ones, 1 to 500 of them')}
  END IF;
  RETURN coalesce((SELECT jsonb_agg(guard.request_view(l.id) ORDER BY l.created_at DESC, l.id) FROM (
    SELECT r.id, r.created_at FROM guard.requests r
    WHERE ${KNOWN} AND ((filter ->> 'all')::boolean OR ${CURRENT})
    ORDER BY r.created_at DESC, r.id LIMIT (filter ->> 'limit')::integer) l), '[]');
END`,
      executableBy: [gate],
    }),
    plpgsql({
      ...WRITES,
      name: 'show_request',
      parameters: [CALLER, { name: 'request', type: 'text' }],
      returns: 'jsonb',
      body: `
DECLARE
  who jsonb := guard.caller_of(caller, ${EVERYONE});
  found uuid;
BEGIN
  SELECT r.id INTO found FROM guard.requests r WHERE r.id = guard.given_id(request, 'a request') AND ${KNOWN};
  IF found IS NULL THEN
    ${raise('accessUnknown', 'no such request, or none of yours', 'sensitive-access list shows them')}
  END IF;
  RETURN guard.request_view(found);
END`,
      executableBy: [gate],
    }),
    plpgsql({
      ...WRITES,
      name: 'grants_of',
      parameters: [CALLER, { name: 'organization', type: 'text' }],
      returns: 'jsonb',
      // The caller's own. Says nothing of an organization that they were never granted: not even that there is one.
      body: `
DECLARE
  who jsonb := guard.caller_of(caller, ${EVERYONE});
  wanted ${bound.key.type};
BEGIN
  IF organization IS NOT NULL THEN
    BEGIN
      wanted := (guard.organization_of(organization) ->> 'key')::${bound.key.type};
    EXCEPTION WHEN SQLSTATE '${SQLSTATE.organizationUnknown}' THEN
      RETURN '[]'::jsonb;
    END;
  END IF;
  RETURN coalesce((SELECT jsonb_agg(jsonb_build_object('organization', g.organization::text, 'kind', g.kind, 'access', g.access,
      'endsAt', ${iso('coalesce(g.revoked_at, g.ends_at)')}, 'live', (${isLive('g')}), 'revoked', g.revoked_at IS NOT NULL) ORDER BY g.ends_at DESC, g.id DESC)
    FROM (SELECT * FROM guard.grants k WHERE k.person = who ->> 'person' AND (wanted IS NULL OR k.organization ${equals} wanted)
      ORDER BY k.ends_at DESC, k.id DESC LIMIT 500) g), '[]');
END`,
      executableBy: [gate],
    }),
    plpgsql({
      ...WRITES,
      name: 'measure',
      returns: 'jsonb',
      // Asked every minute: shells that were opened since are in the ledger before its head is told.
      body: `
BEGIN
  PERFORM guard.record_openings();
  RETURN jsonb_build_object(
    'grantsAlive', (SELECT count(*) FROM guard.grants g WHERE ${isLive('g')}),
    'reviewsOpen', (SELECT count(*) FROM guard.requests r WHERE r.break_glass AND r.reviewed_at IS NULL),
    'head', guard.ledger_head());
END`,
      executableBy: [gate],
    }),
  ];
}
