/**
 * A code, in two transactions: `begin_attempt` is committed before anybody looks at the code; `weigh_attempt`, then
 * `accept_attempt` or `refuse_attempt`, in one transaction. What a refusal writes must stay, so it answers and does not raise.
 */
import { SQLSTATE } from '../../../db/errors';
import { type FunctionShape, plpgsql } from '../shape';
import { ATTEMPT_LIVES, FAILURES, failuresOf, WINDOW } from './checks';
import { APPROVERS, CALLER, iso, raise, WRITES } from './input';

/** A clock that runs ahead uses up steps of the future; not more than a day of them. */
const STEPS_AHEAD = 2880;

const attempt = { name: 'attempt', type: 'text' };

export function codeFunctions(gate: string): FunctionShape[] {
  const of = { ...WRITES, returns: 'jsonb', executableBy: [gate] } as const;
  return [
    plpgsql({
      ...of,
      name: 'begin_attempt',
      parameters: [CALLER, { name: 'attempt', type: 'jsonb' }],
      body: `
DECLARE
  who jsonb := guard.caller_of(caller, ${APPROVERS});
  t vault.attempts;
  a vault.approvers;
BEGIN
  t.id := guard.given_id(guard.given_text(attempt, 'id', 36, 36), 'an attempt');
  t.purpose := guard.given_choice(attempt, 'purpose', ARRAY['approve', 'deny', 'review', 'confirm-approver', 'remove-approver']);
  IF t.purpose IN ('approve', 'deny', 'review') THEN
    t.request := guard.given_id(guard.given_text(attempt, 'request', 36, 36), 'a request');
    t.hash := guard.given_text(attempt, 'hash', 64, 64);
  ELSE
    t.subject := guard.given_text(attempt, 'approver', 1, 64);
  END IF;
  IF t.purpose IN ('deny', 'review', 'remove-approver') THEN
    t.reason := guard.reason_given(attempt, 'reason');
  END IF;
  -- The lock makes attempts of one approver count each other, however many begin at once.
  SELECT * INTO a FROM vault.approvers k WHERE k.login = who ->> 'login' AND k.person = who ->> 'person' AND k.state <> 'removed' FOR UPDATE;
  IF NOT FOUND THEN
    ${raise('approverUnknown', 'the caller is no approver', 'set up a seed first: sensitive-access approver add')}
  END IF;
  t.approver := a.name;
  t.person := a.person;
  t.login := a.login;
  t.at := clock_timestamp();
  INSERT INTO vault.attempts VALUES (t.*) ON CONFLICT (id) DO NOTHING;
  IF NOT FOUND THEN
    ${raise('requestInvalid', 'the id of this attempt was used for another one', 'give every attempt an id of its own')}
  END IF;
  RETURN guard.check_attempt(t.id);
END`,
    }),
    plpgsql({
      ...of,
      name: 'weigh_attempt',
      parameters: [attempt],
      body: `
DECLARE
  id uuid := guard.given_id(attempt, 'an attempt');
BEGIN
  PERFORM guard.lock_attempt(id);
  RETURN guard.check_attempt(id);
END`,
    }),
    plpgsql({
      ...of,
      name: 'accept_attempt',
      parameters: [attempt, { name: 'step', type: 'bigint' }, { name: 'drift', type: 'integer' }],
      body: `
DECLARE
  attempt_id uuid := guard.given_id(attempt, 'an attempt');
  t vault.attempts;
  a vault.approvers;
  who jsonb;
  missing integer := 0;
BEGIN
  PERFORM guard.lock_attempt(attempt_id);
  PERFORM guard.check_attempt(attempt_id);
  SELECT * INTO STRICT t FROM vault.attempts k WHERE k.id = attempt_id;
  SELECT * INTO STRICT a FROM vault.approvers k WHERE k.name = t.approver;
  who := jsonb_build_object('person', t.person, 'login', t.login, 'persona', 'SensitiveApprover');
  IF (step > 0 AND step <= extract(epoch FROM statement_timestamp()) / 30 + ${STEPS_AHEAD} AND drift BETWEEN -1 AND 1) IS NOT TRUE THEN
    ${raise('requestInvalid', 'this is no time step of a code that may be accepted')}
  END IF;
  IF step <= a.last_step THEN
    ${raise('codeUsed', 'the code was used already', 'wait for the next one')}
  END IF;
  -- Twice the same rule: strictly later than the last one, and a key that no two rows share.
  UPDATE vault.approvers k SET last_step = accept_attempt.step WHERE k.name = a.name;
  INSERT INTO vault.used_steps (approver, step, attempt) VALUES (a.name, accept_attempt.step, attempt_id);
  UPDATE vault.attempts k SET outcome = 'accepted' WHERE k.id = attempt_id;
  CASE t.purpose
    WHEN 'approve' THEN missing := guard.accept_approval(t, who, step, drift);
    WHEN 'deny' THEN PERFORM guard.accept_denial(t, who);
    WHEN 'review' THEN PERFORM guard.accept_review(t, who);
    WHEN 'remove-approver' THEN PERFORM guard.accept_removal(t, who);
    WHEN 'confirm-approver' THEN
      t.request := guard.accept_seed(t, who);
      missing := CASE WHEN t.request IS NULL THEN 0 ELSE 1 END;
  END CASE;
  RETURN jsonb_build_object('request', CASE WHEN t.request IS NOT NULL THEN guard.request_view(t.request) END,
    'approver', CASE WHEN t.subject IS NOT NULL THEN guard.approver_view(t.subject) END, 'missing', missing);
END`,
    }),
    plpgsql({
      ...of,
      name: 'abandon_attempt',
      parameters: [attempt],
      // Somebody else decided between the two transactions: nobody looks at the code, and it is no failure. Only while a check
      // fails, so that a code which was looked at stays a failure whatever the function does afterwards.
      body: `
DECLARE
  attempt_id uuid := guard.given_id(attempt, 'an attempt');
BEGIN
  PERFORM guard.lock_attempt(attempt_id);
  IF NOT EXISTS (SELECT FROM vault.attempts k WHERE k.id = attempt_id AND k.outcome IS NULL AND k.at > clock_timestamp() - ${ATTEMPT_LIVES}) THEN
    ${raise('requestClosed', 'this attempt is over')}
  END IF;
  BEGIN
    PERFORM guard.check_attempt(attempt_id);
  EXCEPTION WHEN OTHERS THEN
    IF SQLSTATE NOT LIKE 'TZ%' OR SQLSTATE = '${SQLSTATE.approverLocked}' THEN
      RAISE;
    END IF;
    UPDATE vault.attempts k SET outcome = 'not-looked-at' WHERE k.id = attempt_id;
    RETURN NULL;
  END;
  ${raise('requestInvalid', 'nothing keeps this attempt from being weighed', 'it counts until its code is accepted')}
END`,
    }),
    plpgsql({
      ...of,
      name: 'refuse_attempt',
      parameters: [attempt, { name: 'why', type: 'text' }],
      body: `
DECLARE
  attempt_id uuid := guard.given_id(attempt, 'an attempt');
  t vault.attempts;
  a vault.approvers;
  failures bigint;
  locked_now boolean := false;
BEGIN
  IF (why IN ('wrong', 'used', 'malformed')) IS NOT TRUE THEN
    ${raise('requestInvalid', 'a code is wrong, used or malformed')}
  END IF;
  SELECT * INTO t FROM vault.attempts k WHERE k.id = attempt_id;
  SELECT * INTO a FROM vault.approvers k WHERE k.name = t.approver FOR UPDATE;
  UPDATE vault.attempts k SET outcome = why WHERE k.id = attempt_id AND k.outcome IS NULL;
  IF NOT FOUND THEN
    ${raise('requestClosed', 'no such attempt, or it is over')}
  END IF;
  PERFORM guard.record('code-refused', jsonb_build_object('person', t.person, 'login', t.login, 'persona', 'SensitiveApprover'),
    (SELECT r.organization FROM guard.requests r WHERE r.id = t.request), t.request,
    jsonb_build_object('approver', t.approver, 'attempt', t.id, 'purpose', t.purpose, 'why', why));
  failures := ${failuresOf('t.approver')};
  IF failures >= ${FAILURES} AND (a.locked_until > statement_timestamp()) IS NOT TRUE THEN
    locked_now := true;
    a.locked_until := statement_timestamp() + ${WINDOW};
    UPDATE vault.approvers k SET locked_until = a.locked_until WHERE k.name = a.name;
    PERFORM guard.record('approver-locked', jsonb_build_object('person', t.person, 'login', t.login, 'persona', 'SensitiveApprover'), NULL, NULL,
      jsonb_build_object('approver', t.approver, 'failures', failures));
  END IF;
  RETURN jsonb_build_object('failures', failures, 'lockedNow', locked_now,
    'lockedUntil', CASE WHEN a.locked_until > statement_timestamp() THEN ${iso('a.locked_until')} END);
END`,
    }),
  ];
}
