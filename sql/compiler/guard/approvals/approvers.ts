/** Who gives codes: set up by themselves, confirmed by a code of theirs, and then by one of somebody who counts already. */
import { type FunctionShape, plpgsql } from '../shape';
import { FAILURES, hasFailed, WINDOW } from './checks';
import { APPROVERS, CALLER, EVERYONE, INTERNAL, iso, raise, WRITES } from './input';

export function approverFunctions(gate: string): FunctionShape[] {
  return [
    plpgsql({
      ...INTERNAL,
      name: 'approver_view',
      parameters: [{ name: 'named', type: 'text' }],
      returns: 'jsonb',
      // Locked by a refusal, or by attempts that never ended: for as long as five failures lie in the last 15 minutes.
      body: `
DECLARE
  a vault.approvers;
  until timestamptz;
BEGIN
  SELECT * INTO STRICT a FROM vault.approvers k WHERE k.name = named;
  SELECT f.at + ${WINDOW} INTO until FROM vault.attempts f
    WHERE f.approver = a.name AND ${hasFailed('f')} AND f.at > statement_timestamp() - ${WINDOW}
    ORDER BY f.at DESC OFFSET ${FAILURES - 1} LIMIT 1;
  until := greatest(until, a.locked_until);
  RETURN jsonb_build_object('name', a.name, 'login', a.login, 'state', a.state, 'since', ${iso('a.since')},
    'lockedUntil', CASE WHEN until > statement_timestamp() THEN ${iso('until')} END,
    'ownFrom', CASE WHEN a.own_from > statement_timestamp() THEN ${iso('a.own_from')} END);
END`,
    }),
    plpgsql({
      ...WRITES,
      name: 'add_approver',
      parameters: [CALLER, { name: 'name', type: 'text' }],
      returns: 'jsonb',
      // Everybody sets up themselves. Whoever counts is removed first, with a code: else a stolen session could change the seed.
      body: `
DECLARE
  who jsonb := guard.caller_of(caller, ${APPROVERS});
  a vault.approvers;
BEGIN
  IF (name ~ '^[a-z][a-z0-9-]{1,30}$') IS NOT TRUE THEN
    ${raise('requestInvalid', 'this is not the name of an approver', 'small letters, digits and hyphens')}
  END IF;
  IF name <> split_part(who ->> 'login', '@', 1) THEN
    ${raise('accessRefused', 'an approver is called as they log in, and sets up nobody else', 'sign in as that approver')}
  END IF;
  PERFORM guard.lock_approvers();
  SELECT * INTO a FROM vault.approvers k WHERE k.name = add_approver.name;
  IF a.state = 'counts' THEN
    ${raise('accessRefused', 'this approver counts: the seed is not changed', 'remove the approver first, with a code')}
  ELSIF a.state <> 'removed' AND (a.person <> who ->> 'person' OR a.login <> who ->> 'login') THEN
    ${raise('accessRefused', 'somebody else has this name', 'remove that approver first, with a code')}
  ELSIF EXISTS (SELECT FROM vault.approvers k WHERE k.name <> add_approver.name AND k.state <> 'removed'
      AND (k.person = who ->> 'person' OR k.login = who ->> 'login')) THEN
    ${raise('accessRefused', 'this person is an approver by another name', 'nobody gives two codes')}
  END IF;
  PERFORM guard.close_enrolments(name);
  -- The last step stays: a code that was used is used, whoever holds the name.
  INSERT INTO vault.approvers AS k (name, person, login, state, since)
    VALUES (add_approver.name, who ->> 'person', who ->> 'login', 'unconfirmed', statement_timestamp())
    ON CONFLICT ON CONSTRAINT approvers_pkey DO UPDATE SET person = excluded.person, login = excluded.login, state = excluded.state, since = excluded.since;
  PERFORM guard.record('approver-added', who, NULL, NULL, jsonb_build_object('approver', name));
  RETURN guard.approver_view(name);
END`,
      executableBy: [gate],
    }),
    plpgsql({
      ...WRITES,
      name: 'list_approvers',
      parameters: [CALLER],
      returns: 'jsonb',
      body: `
BEGIN
  PERFORM guard.caller_of(caller, ${EVERYONE});
  RETURN coalesce((SELECT jsonb_agg(guard.approver_view(k.name) ORDER BY k.name) FROM vault.approvers k), '[]');
END`,
      executableBy: [gate],
    }),
  ];
}
