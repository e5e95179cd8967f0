/** What an accepted code brings about. The attempt is checked, and approvers and request are locked, before any of these runs. */
import type { BoundRegistry } from '../../bound';
import { FLAG_SETTING } from '../../our-names';
import { type FunctionShape, plpgsql } from '../shape';
import { INTERNAL, WRITES } from './input';
import { hasLapsed, notOver } from './views';

/** How long nobody who is new, or has come back, gives a code for the own tenant. */
const FIRST_DAY = `interval '24 hours'`;

const of = { ...WRITES, ...INTERNAL } as const;
const PARAMETERS = [
  { name: 't', type: 'vault.attempts' },
  { name: 'who', type: 'jsonb' },
];

export function effectFunctions(bound: BoundRegistry): FunctionShape[] {
  const { type, operators } = bound.key;
  const equals = operators?.equals ?? '=';
  return [
    plpgsql({
      ...of,
      name: 'make_grant',
      parameters: [{ name: 'r', type: 'guard.requests' }],
      returns: 'jsonb',
      // A row for each request. Those that overlap all get the latest end: none is shortened, and none ends before the rest.
      // Broken glass stays as short as it is, and lengthens nothing. Returns what the ledger says of it.
      body: `
DECLARE
  since timestamptz := clock_timestamp();
  until timestamptz := since + r.minutes * interval '1 minute';
  merged bigint[];
  latest timestamptz;
  made bigint;
BEGIN
  SELECT array_agg(l.id), max(l.ends_at) INTO merged, latest FROM (
    SELECT g.id, g.ends_at FROM guard.grants g
    WHERE g.person = r.person AND g.organization ${equals} r.organization::${type} AND g.kind = r.kind AND g.access = r.access AND ${notOver('g')}
      AND NOT EXISTS (SELECT FROM guard.requests b WHERE b.id = g.request AND b.break_glass)
    ORDER BY g.id FOR UPDATE OF g) l;
  until := greatest(until, latest);
  UPDATE guard.grants g SET ends_at = until WHERE g.id = ANY (merged) AND g.ends_at < until;
  INSERT INTO guard.grants (person, organization, kind, access, request, starts_at, ends_at)
    VALUES (r.person, r.organization::${type}, r.kind, r.access, r.id, since, until) RETURNING id INTO made;
  RETURN jsonb_build_object('grant', made, 'merged', coalesce(to_jsonb(merged), '[]'), 'for', r.person, 'forLogin', r.login, 'kind', r.kind,
    'access', r.access, 'minutes', r.minutes, 'until', (extract(epoch FROM until) * 1000000)::bigint);
END`,
    }),
    plpgsql({
      ...of,
      name: 'accept_approval',
      parameters: [...PARAMETERS, { name: 'step', type: 'bigint' }, { name: 'drift', type: 'integer' }],
      returns: 'integer',
      // Codes that are still missing. The ledger comes last: while its end is locked, nobody waits for anything else.
      body: `
DECLARE
  r guard.requests;
  missing integer;
  event text;
  told jsonb;
BEGIN
  SELECT * INTO STRICT r FROM guard.requests q WHERE q.id = t.request;
  INSERT INTO guard.approvals (request, approver, person, login, step, drift, at)
    VALUES (r.id, t.approver, t.person, t.login, accept_approval.step, accept_approval.drift, statement_timestamp());
  missing := r.codes_needed - (SELECT count(*) FROM guard.approvals p WHERE p.request = r.id);
  IF missing <= 0 THEN
    UPDATE guard.requests q SET outcome = 'approved', decided_at = statement_timestamp() WHERE q.id = r.id;
    IF r.kind = 'flag' THEN
      PERFORM set_config('${FLAG_SETTING}', r.organization, true);
      PERFORM guard.set_sensitive(r.organization::${type}, r.sensitive);
      PERFORM set_config('${FLAG_SETTING}', '', true);
      event := 'flag';
      told := jsonb_build_object('sensitive', r.sensitive, 'for', r.person, 'forLogin', r.login);
    ELSIF r.kind = 'approver' THEN
      PERFORM guard.let_count(r.approver);
      event := 'approver-confirmed';
      told := jsonb_build_object('approver', r.approver, 'counts', true);
    ELSE
      told := guard.make_grant(r);
      event := 'grant';
    END IF;
  END IF;
  PERFORM guard.record('approval', who, r.organization, r.id, jsonb_build_object('approver', t.approver, 'attempt', t.id, 'step', step,
    'drift', drift, 'hash', r.hash, 'missing', missing));
  IF event IS NOT NULL THEN
    PERFORM guard.record(event, who, r.organization, r.id, told);
  END IF;
  RETURN missing;
END`,
    }),
    plpgsql({
      ...of,
      name: 'accept_denial',
      parameters: PARAMETERS,
      returns: 'void',
      body: `
DECLARE
  r guard.requests;
BEGIN
  UPDATE guard.requests q SET outcome = 'denied', decided_at = statement_timestamp(), denied_by = t.approver, denied_reason = t.reason
    WHERE q.id = t.request RETURNING q.* INTO STRICT r;
  IF r.kind = 'approver' THEN
    UPDATE vault.approvers a SET state = 'unconfirmed', since = statement_timestamp() WHERE a.name = r.approver AND a.state = 'waits-for-approval';
  END IF;
  PERFORM guard.record('denial', who, r.organization, r.id, jsonb_build_object('approver', t.approver, 'reason', t.reason));
END`,
    }),
    plpgsql({
      ...of,
      name: 'accept_review',
      parameters: PARAMETERS,
      returns: 'void',
      body: `
DECLARE
  r guard.requests;
BEGIN
  UPDATE guard.requests q SET reviewed_by = t.approver, reviewed_at = statement_timestamp(), review_note = t.reason
    WHERE q.id = t.request RETURNING q.* INTO STRICT r;
  PERFORM guard.record('review', who, r.organization, r.id, jsonb_build_object('approver', t.approver, 'note', t.reason));
END`,
    }),
    plpgsql({
      ...of,
      name: 'close_enrolments',
      parameters: [{ name: 'named', type: 'text' }],
      returns: 'void',
      // Open requests that this approver may count: over, whatever codes they have.
      body: `
BEGIN
  PERFORM FROM guard.requests q WHERE q.kind = 'approver' AND q.approver = named AND q.outcome IS NULL ORDER BY q.id FOR UPDATE;
  UPDATE guard.requests q SET outcome = 'lapsed', decided_at = statement_timestamp() WHERE q.kind = 'approver' AND q.approver = named AND q.outcome IS NULL;
END`,
    }),
    plpgsql({
      ...of,
      name: 'let_count',
      parameters: [{ name: 'named', type: 'text' }],
      returns: 'void',
      // Two people are two people: one approver who removes another, or lets in somebody new, in a session that is not that
      // person's, would have both codes for the own tenant at once. Everybody has heard of it by the time these codes count.
      // Not while a stage is set up: until two have counted there is nobody to take the place of.
      body: `
BEGIN
  UPDATE vault.approvers a SET state = 'counts', since = statement_timestamp(),
    own_from = CASE WHEN a.counted_at IS NOT NULL OR (SELECT count(*) FROM vault.approvers k WHERE k.name <> named AND k.counted_at IS NOT NULL) >= 2
      THEN clock_timestamp() + ${FIRST_DAY} END,
    counted_at = coalesce(a.counted_at, clock_timestamp())
    WHERE a.name = named;
END`,
    }),
    plpgsql({
      ...of,
      name: 'accept_seed',
      parameters: PARAMETERS,
      returns: 'uuid',
      // The first approver counts at once, everyone after with another's code: else a stolen session would be enough.
      // Returns the request for it, if one is needed.
      body: `
DECLARE
  r guard.requests;
  first boolean := NOT EXISTS (SELECT FROM vault.approvers k WHERE k.state = 'counts');
BEGIN
  SELECT * INTO r FROM guard.requests q WHERE q.kind = 'approver' AND q.approver = t.approver AND q.outcome IS NULL AND NOT ${hasLapsed('q')} LIMIT 1;
  IF first OR r.id IS NULL THEN
    PERFORM guard.close_enrolments(t.approver);
  END IF;
  IF NOT first AND r.id IS NULL THEN
    r.id := t.id;
    r.kind := 'approver';
    r.access := 'read';
    r.own := false;
    r.approver := t.approver;
    r.person := t.person;
    r.login := t.login;
    r.persona := who ->> 'persona';
    r.reason := format('%s counts as an approver', t.approver);
    r.ticket := '-';
    r.minutes := 0;
    r.blast := '[]';
    r.codes_needed := 1;
    r.break_glass := false;
    PERFORM guard.write_request(r);
  END IF;
  UPDATE vault.approvers a SET state = 'waits-for-approval', since = statement_timestamp() WHERE a.name = t.approver;
  IF first THEN
    PERFORM guard.let_count(t.approver);
  END IF;
  PERFORM guard.record('approver-confirmed', who, NULL, r.id, jsonb_build_object('approver', t.approver, 'counts', first));
  RETURN CASE WHEN first THEN NULL ELSE r.id END;
END`,
    }),
    plpgsql({
      ...of,
      name: 'accept_removal',
      parameters: PARAMETERS,
      returns: 'void',
      // Codes that they gave for what is still open are taken back.
      body: `
DECLARE
  withdrawn jsonb;
BEGIN
  PERFORM FROM guard.requests q WHERE q.outcome IS NULL AND q.id IN (SELECT p.request FROM guard.approvals p WHERE p.approver = t.subject) ORDER BY q.id FOR UPDATE;
  WITH gone AS (
    DELETE FROM guard.approvals p USING guard.requests q WHERE q.id = p.request AND q.outcome IS NULL AND p.approver = t.subject RETURNING p.request)
  SELECT coalesce(jsonb_agg(gone.request ORDER BY gone.request), '[]') INTO withdrawn FROM gone;
  PERFORM guard.close_enrolments(t.subject);
  UPDATE vault.approvers a SET state = 'removed', since = statement_timestamp() WHERE a.name = t.subject;
  PERFORM guard.record('approver-removed', who, NULL, NULL, jsonb_build_object('approver', t.subject, 'by', t.approver, 'reason', t.reason, 'withdrawn', withdrawn));
END`,
    }),
  ];
}
