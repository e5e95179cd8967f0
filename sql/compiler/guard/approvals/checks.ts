/**
 * What must hold for a code to be looked at. Asked three times: before the attempt is written down, when approver and request
 * are locked, and once more when the code has turned out right.
 *
 * Locks are taken in one order everywhere, so that nobody waits in a circle: approvers by name, requests by id, grants by id,
 * the end of the ledger. Whatever changes who counts as an approver locks all approvers.
 */

import { SQLSTATE } from '../../../db/errors';
import { type FunctionShape, plpgsql } from '../shape';
import { INTERNAL, raise, WRITES } from './input';
import { hasLapsed } from './views';

export const FAILURES = 5;
export const WINDOW = `interval '15 minutes'`;

/** An attempt is for the code that is in the function's hands now. */
export const ATTEMPT_LIVES = `interval '1 minute'`;

const locked = `RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.approverLocked}', MESSAGE = 'five failures in 15 minutes: this approver is locked',
      HINT = 'it ends by itself; another approver can give a code';`;
const unknown = raise('accessUnknown', 'no such request', 'sensitive-access list shows them');
const notCounting = raise(
  'approverUnknown',
  'the caller is no approver whose codes count',
  'set up a seed first: sensitive-access approver add; another approver then gives a code for it',
);

/** SQL: the attempt `f` is a failure: a wrong code, or it never ended. */
export const hasFailed = (f: string): string =>
  `coalesce(${f}.outcome, '') NOT IN ('accepted', 'not-looked-at')`;

/** SQL: how many of those the approver `name` has. */
export const failuresOf = (name: string): string =>
  `(SELECT count(*) FROM vault.attempts f WHERE f.approver = ${name} AND ${hasFailed('f')}
      AND f.at > statement_timestamp() - ${WINDOW})`;

const attempt = { name: 'attempt', type: 'uuid' };

export function checkFunctions(): FunctionShape[] {
  return [
    plpgsql({
      ...WRITES,
      ...INTERNAL,
      name: 'lock_approvers',
      returns: 'void',
      body: `
BEGIN
  PERFORM FROM vault.approvers a ORDER BY a.name FOR UPDATE;
END`,
    }),
    plpgsql({
      ...WRITES,
      ...INTERNAL,
      name: 'lock_attempt',
      parameters: [attempt],
      returns: 'void',
      body: `
DECLARE
  t vault.attempts;
BEGIN
  -- Neither the attempt's purpose nor the request's kind ever changes: what has to be locked is known before anything is.
  SELECT * INTO t FROM vault.attempts k WHERE k.id = attempt;
  IF NOT FOUND THEN
    ${raise('accessUnknown', 'no such attempt')}
  END IF;
  IF t.purpose IN ('confirm-approver', 'remove-approver') OR EXISTS (SELECT FROM guard.requests r WHERE r.id = t.request AND r.kind = 'approver') THEN
    PERFORM guard.lock_approvers();
  ELSE
    PERFORM FROM vault.approvers a WHERE a.name = t.approver FOR UPDATE;
  END IF;
  IF t.request IS NOT NULL THEN
    PERFORM FROM guard.requests r WHERE r.id = t.request FOR UPDATE;
  END IF;
  PERFORM FROM vault.attempts k WHERE k.id = attempt FOR UPDATE;
END`,
    }),
    plpgsql({
      ...WRITES,
      ...INTERNAL,
      name: 'check_attempt',
      parameters: [attempt],
      returns: 'jsonb',
      body: `
DECLARE
  t vault.attempts;
  a vault.approvers;
BEGIN
  SELECT * INTO t FROM vault.attempts k WHERE k.id = attempt;
  IF NOT FOUND OR t.outcome IS NOT NULL OR t.at <= statement_timestamp() - ${ATTEMPT_LIVES} THEN
    ${raise('requestClosed', 'this attempt is over', 'try again with a new code')}
  END IF;
  SELECT * INTO a FROM vault.approvers k WHERE k.name = t.approver AND k.person = t.person AND k.login = t.login AND k.state <> 'removed';
  IF NOT FOUND THEN
    ${notCounting}
  END IF;
  -- Without the attempt itself, which counts as a failure for as long as it is not accepted.
  IF a.locked_until > statement_timestamp() OR ${failuresOf('a.name')} - 1 >= ${FAILURES} THEN
    ${locked}
  END IF;
  IF t.purpose = 'confirm-approver' THEN
    IF t.subject IS DISTINCT FROM a.name THEN
      ${raise('accessRefused', 'an approver confirms their own seed')}
    ELSIF a.state = 'counts' THEN
      ${raise('requestClosed', 'this approver counts already')}
    END IF;
  ELSIF a.state <> 'counts' THEN
    ${notCounting}
  ELSIF t.purpose = 'remove-approver' THEN
    PERFORM guard.check_removal(t.subject);
  ELSE
    PERFORM guard.check_decision(t);
  END IF;
  RETURN jsonb_build_object('attempt', t.id, 'approver', a.name, 'lastStep', a.last_step);
END`,
    }),
    plpgsql({
      ...INTERNAL,
      name: 'check_removal',
      parameters: [{ name: 'subject', type: 'text' }],
      returns: 'void',
      body: `
DECLARE
  found_state text;
BEGIN
  SELECT k.state INTO found_state FROM vault.approvers k WHERE k.name = subject AND k.state <> 'removed';
  IF NOT FOUND THEN
    ${raise('accessUnknown', 'no such approver', 'sensitive-access approver list shows them')}
  END IF;
  -- Where nobody counts, the next one would count without a code.
  IF found_state = 'counts' AND (SELECT count(*) FROM vault.approvers k WHERE k.state = 'counts') < 2 THEN
    ${raise('accessRefused', 'the last approver who counts is not removed', 'add another one first')}
  END IF;
END`,
    }),
    plpgsql({
      ...WRITES,
      ...INTERNAL,
      name: 'check_decision',
      parameters: [{ name: 't', type: 'vault.attempts' }],
      returns: 'void',
      body: `
DECLARE
  r guard.requests;
BEGIN
  SELECT * INTO r FROM guard.requests q WHERE q.id = t.request;
  IF NOT FOUND THEN
    ${unknown}
  END IF;
  IF (t.hash = r.hash AND r.hash = guard.request_hash(r)) IS NOT TRUE THEN
    ${raise('requestChanged', 'the code was given for something else than this request', 'look at it again: sensitive-access show')}
  END IF;
  IF t.purpose = 'review' THEN
    IF NOT r.break_glass THEN
      ${raise('requestInvalid', 'only broken glass is reviewed')}
    ELSIF r.reviewed_at IS NOT NULL THEN
      ${raise('requestClosed', 'it was reviewed already')}
    END IF;
  ELSIF r.outcome IS NOT NULL THEN
    ${raise('requestClosed', 'the request is decided already', 'sensitive-access show says how')}
  ELSIF ${hasLapsed('r')} THEN
    ${raise('requestLapsed', 'the request is older than an hour', 'ask again')}
  END IF;
  IF t.purpose = 'deny' THEN
    RETURN;
  END IF;
  -- Whoever has either of the two in common is the same one. For a review too: nobody says of themselves that all was well.
  IF r.person = t.person OR r.login = t.login THEN
    ${raise('selfApproval', 'nobody approves what they asked for themselves', 'another approver has to give a code')}
  END IF;
  IF t.purpose = 'approve' THEN
    IF EXISTS (SELECT FROM guard.approvals p WHERE p.request = r.id AND (p.approver = t.approver OR p.person = t.person OR p.login = t.login)) THEN
      ${raise('alreadyApproved', 'this approver has given a code for it already', 'a different one has to give the next')}
    END IF;
    IF r.own AND EXISTS (SELECT FROM vault.approvers k WHERE k.name = t.approver AND k.own_from > clock_timestamp()) THEN
      ${raise('accessRefused', 'an approver who is new, or has come back, gives no code for the own tenant on the first day', 'ask an approver who has counted for longer')}
    END IF;
    PERFORM guard.check_still_asked(r);
  END IF;
END`,
    }),
    plpgsql({
      ...WRITES,
      ...INTERNAL,
      name: 'check_still_asked',
      parameters: [{ name: 'r', type: 'guard.requests' }],
      returns: 'void',
      // What was true when it was asked may have changed since.
      body: `
DECLARE
  organization jsonb;
BEGIN
  IF r.kind = 'approver' THEN
    IF NOT EXISTS (SELECT FROM vault.approvers k WHERE k.name = r.approver AND k.person = r.person AND k.login = r.login AND k.state = 'waits-for-approval') THEN
      ${raise('requestClosed', 'the approver has to prove the seed anew', 'sensitive-access approver add')}
    END IF;
    RETURN;
  END IF;
  organization := guard.organization_of(r.organization);
  IF (organization ->> 'own')::boolean IS DISTINCT FROM r.own OR guard.codes_needed(r.kind, (organization ->> 'own')::boolean) <> r.codes_needed THEN
    ${raise('requestChanged', 'the organization is not what it was when this was asked', 'ask again')}
  ELSIF r.kind = 'flag' THEN
    IF (organization ->> 'sensitive')::boolean = r.sensitive OR r.own THEN
      ${raise('nothingToGrant', 'the organization is so already')}
    END IF;
  ELSIF (organization ->> 'sensitive')::boolean IS NOT TRUE THEN
    ${raise('nothingToGrant', 'the organization has become ordinary: there is nothing to grant')}
  END IF;
END`,
    }),
  ];
}
