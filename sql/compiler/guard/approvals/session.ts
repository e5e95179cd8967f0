/** The session of a person in the support shell: what makes it valid, and the ticket that begins it. */
import { SQLSTATE } from '../../../db/errors';
import { literal } from '../../../db/names';
import type { BoundRegistry } from '../../bound';
import { SESSION_SETTING } from '../../our-names';
import { type FunctionShape, plpgsql } from '../shape';

/** Hours after which somebody has to come with a new ticket. */
const SESSION_HOURS = 8;

/**
 * SQL that is true for the row `s` of `vault.sessions` that is the caller's. The secret in the setting alone opens nothing:
 * it belongs to one server process and one login. A session does not hold in the transaction that redeems its ticket, which
 * could be rolled back: then nothing would say that it ever was. By the clock: a DO block is one statement, and runs for hours.
 */
export const IS_MINE = `s.hash = sha256(convert_to(current_setting('${SESSION_SETTING}', true), 'UTF8'))
      AND s.pid = pg_backend_pid() AND s.role = session_user AND s.ended_at IS NULL AND clock_timestamp() < s.expires_at
      AND s.opened_in IS DISTINCT FROM pg_current_xact_id_if_assigned()`;

/** Roles that show nothing without a ticket; none where the registry has no `approvals`. */
export function ticketedRoles({ registry }: BoundRegistry): string[] {
  if (!registry.approvals) return [];
  return registry.roles
    .filter((role) => role.sees === 'non-sensitive')
    .map((role) => role.name)
    .sort();
}

/** SQL: the role that asks. Inside a definer function current_user is guard_owner. */
export const ASKING = `(CASE current_setting('role') WHEN 'none' THEN session_user ELSE current_setting('role') END)`;

/** SQL that is true when a role that needs a ticket asks. */
export function asksByTicket(bound: BoundRegistry): string {
  return `${ASKING} IN (${ticketedRoles(bound).map(literal).join(', ') || 'NULL'})`;
}

export function sessionFunctions(bound: BoundRegistry): FunctionShape[] {
  return [
    plpgsql({
      name: 'session_person',
      returns: 'text',
      parallel: 'RESTRICTED',
      body: `
BEGIN
  RETURN (SELECT s.person FROM vault.sessions s WHERE ${IS_MINE});
END`,
      executableBy: [],
    }),
    plpgsql({
      name: 'redeem',
      parameters: [{ name: 'ticket', type: 'text' }],
      returns: 'text',
      volatility: 'VOLATILE',
      parallel: 'UNSAFE',
      // Two at once: the second waits for the first, and then finds the ticket redeemed. It locks nothing that anybody else
      // waits for: its transaction ends when the caller likes. The ledger hears of it with its next entry (record_openings).
      body: `
DECLARE
  mine vault.tickets;
  secret text := encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex');
BEGIN
  UPDATE vault.tickets t SET redeemed_at = clock_timestamp()
    WHERE t.hash = sha256(convert_to(redeem.ticket, 'UTF8')) AND t.service IN ('support-shell', 'probe')
      AND t.redeemed_at IS NULL AND t.ended_at IS NULL AND clock_timestamp() < t.expires_at
    RETURNING t.* INTO mine;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.ticketRefused}', MESSAGE = 'the ticket is unknown, was redeemed already, or has expired',
      HINT = 'get a new one: npm run -s support-shell -- open';
  END IF;
  UPDATE vault.sessions s SET ended_at = clock_timestamp() WHERE s.pid = pg_backend_pid() AND s.ended_at IS NULL;
  INSERT INTO vault.sessions (hash, shell, pid, role, person, login, write, opened_at, expires_at, opened_in, recorded)
    VALUES (sha256(convert_to(secret, 'UTF8')), mine.id, pg_backend_pid(), session_user, mine.person, mine.login, mine.write, clock_timestamp(),
      clock_timestamp() + CASE mine.service WHEN 'probe' THEN interval '2 minutes' ELSE interval '${SESSION_HOURS} hours' END,
      pg_current_xact_id(), mine.service = 'probe');
  -- Statements stand in the server's log by process: from here on they are this person's.
  RAISE LOG 'session of % (%): process %, % %', mine.login, mine.person, pg_backend_pid(), mine.service, mine.id;
  PERFORM set_config('${SESSION_SETTING}', secret, false);
  PERFORM set_config('application_name', left(mine.service || ' ' || mine.login, 63), false);
  RETURN mine.person;
END`,
      executableBy: ticketedRoles(bound),
    }),
  ];
}
