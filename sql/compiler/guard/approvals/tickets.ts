/** Tickets as the gate hands them out, and shells as it lists and closes them. JSON shapes: `sql/approvals/views.ts`. */
import { type FunctionShape, plpgsql } from '../shape';
import { CALLER, iso, raise, WRITES } from './input';

/** A ticket travels from the function to the session that redeems it at once. */
const TICKET_MINUTES = 2;

/** Of one row `t` of `vault.tickets`. */
const VIEW = `jsonb_build_object('shell', t.id, 'login', t.login, 'persona', t.persona, 'service', t.service, 'reason', t.reason,
      'ticket', t.ticket, 'write', t.write, 'issuedAt', ${iso('t.issued_at')}, 'openedAt', ${iso('t.redeemed_at')},
      'endedAt', ${iso('t.ended_at')}, 'task', t.task)`;

/** A process that took the number of one that is gone has another login, or has redeemed a ticket of its own. */
const ITS_PROCESS = 'a.pid = s.pid AND a.usename = s.role';

const unknown = raise('accessUnknown', 'no such shell, or none of yours', 'support-shell list shows them');

/** Who sees and closes the shells of others too; `lambda/approvals/rights.ts` says the same. */
const OVERSEES = `(caller ->> 'persona') = 'SensitiveApprover'`;

export function ticketFunctions(gate: string): FunctionShape[] {
  const executableBy = [gate];
  return [
    plpgsql({
      ...WRITES,
      name: 'issue_ticket',
      parameters: [CALLER, { name: 'ticket', type: 'jsonb' }],
      returns: 'jsonb',
      body: `
DECLARE
  made vault.tickets;
  persona text := caller ->> 'persona';
  service text := ticket ->> 'service';
BEGIN
  IF persona = 'BreakGlassAdmin' AND service IN ('support-shell', 'backend') THEN
    IF NOT EXISTS (SELECT FROM guard.grants g JOIN guard.requests r ON r.id = g.request
        WHERE r.break_glass AND g.person = caller ->> 'person' AND g.revoked_at IS NULL
          AND g.starts_at <= clock_timestamp() AND clock_timestamp() < g.ends_at) THEN
      ${raise('accessRefused', 'BreakGlassAdmin opens a shell only while glass is broken', 'break it first, or ask an engineer: sensitive-access break-glass')}
    END IF;
  ELSIF (persona = 'ProdEngineer' AND service = 'support-shell') IS NOT TRUE THEN
    ${raise('accessRefused', 'this persona does not open this shell', 'ProdEngineer opens support-shell; BreakGlassAdmin opens backend while glass is broken')}
  END IF;
  IF (length(btrim(ticket ->> 'reason')) >= 10 AND btrim(ticket ->> 'ticket') <> '' AND ticket ->> 'hash' ~ '^[0-9a-f]{64}$'
      AND ticket ->> 'write' IN ('true', 'false')) IS NOT TRUE THEN
    ${raise('requestInvalid', 'a shell needs a reason of at least 10 characters and the number of a ticket', 'say why, and for which ticket')}
  END IF;
  INSERT INTO vault.tickets (id, hash, person, login, persona, service, reason, ticket, write, issued_at, expires_at)
    VALUES ((ticket ->> 'id')::uuid, decode(ticket ->> 'hash', 'hex'), caller ->> 'person', caller ->> 'login', persona, service,
      ticket ->> 'reason', ticket ->> 'ticket', (ticket ->> 'write')::boolean, clock_timestamp(), clock_timestamp() + interval '${TICKET_MINUTES} minutes')
    RETURNING * INTO made;
  PERFORM guard.record('ticket', caller, NULL, NULL, jsonb_build_object('shell', made.id, 'service', made.service, 'write', made.write,
    'reason', made.reason, 'ticket', made.ticket));
  RETURN jsonb_build_object('shell', made.id, 'expiresAt', ${iso('made.expires_at')});
END`,
      executableBy,
    }),
    plpgsql({
      ...WRITES,
      name: 'probe_ticket',
      parameters: [CALLER, { name: 'person', type: 'text' }, { name: 'hash', type: 'text' }],
      returns: 'void',
      // For the proof of a revocation: only for whoever has ever been granted anything, and it reads.
      body: `
BEGIN
  IF (hash ~ '^[0-9a-f]{64}$' AND EXISTS (SELECT FROM guard.grants g WHERE g.person = probe_ticket.person)) IS NOT TRUE THEN
    ${raise('requestInvalid', 'a probe is for somebody who has been granted something', 'revoke proves a grant that there was')}
  END IF;
  INSERT INTO vault.tickets (id, hash, person, login, persona, service, reason, ticket, write, issued_at, expires_at)
    VALUES (gen_random_uuid(), decode(probe_ticket.hash, 'hex'), probe_ticket.person, caller ->> 'login', caller ->> 'persona', 'probe',
      'proof of a revocation', '-', false, clock_timestamp(), clock_timestamp() + interval '${TICKET_MINUTES} minutes');
END`,
      executableBy,
    }),
    plpgsql({
      ...WRITES,
      name: 'shell_opened',
      parameters: [
        CALLER,
        { name: 'shell', type: 'uuid' },
        { name: 'task', type: 'text' },
        { name: 'session', type: 'text' },
      ],
      returns: 'jsonb',
      // A shell of the backend has no session in the support role: this is where it counts as opened.
      body: `
DECLARE
  t vault.tickets;
BEGIN
  SELECT * INTO t FROM vault.tickets k WHERE k.id = shell AND k.person = caller ->> 'person' AND k.service <> 'probe' AND k.ended_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN
    ${unknown}
  END IF;
  IF t.service = 'backend' AND t.redeemed_at IS NULL THEN
    IF clock_timestamp() >= t.expires_at THEN
      ${raise('ticketRefused', 'the ticket has expired', 'get a new one: npm run -s support-shell -- open')}
    END IF;
    PERFORM guard.record('shell-opened', caller, NULL, NULL, jsonb_build_object('shell', t.id, 'service', t.service, 'write', t.write,
      'reason', t.reason, 'ticket', t.ticket));
    t.redeemed_at := clock_timestamp();
  END IF;
  t.task := shell_opened.task;
  t.session := shell_opened.session;
  UPDATE vault.tickets k SET task = t.task, session = t.session, redeemed_at = t.redeemed_at WHERE k.id = t.id;
  RETURN ${VIEW};
END`,
      executableBy,
    }),
    plpgsql({
      ...WRITES,
      name: 'shells',
      parameters: [CALLER],
      returns: 'jsonb',
      // Nobody says so when a session's process ends: it is noticed here.
      body: `
BEGIN
  UPDATE vault.sessions s SET ended_at = clock_timestamp()
    WHERE s.ended_at IS NULL AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE ${ITS_PROCESS});
  UPDATE vault.tickets k SET ended_at = clock_timestamp(), ended_why = 'its session is over'
    WHERE k.ended_at IS NULL AND EXISTS (SELECT FROM vault.sessions s WHERE s.shell = k.id)
      AND NOT EXISTS (SELECT FROM vault.sessions s WHERE s.shell = k.id AND s.ended_at IS NULL);
  RETURN coalesce((SELECT jsonb_agg(${VIEW} ORDER BY t.issued_at DESC)
    FROM (SELECT * FROM vault.tickets k WHERE k.service <> 'probe' AND (k.person = caller ->> 'person' OR ${OVERSEES})
      AND k.issued_at > statement_timestamp() - interval '1 day' ORDER BY k.issued_at DESC LIMIT 100) t), '[]');
END`,
      executableBy,
    }),
    plpgsql({
      ...WRITES,
      name: 'close_shell',
      parameters: [CALLER, { name: 'shell', type: 'uuid' }, { name: 'reason', type: 'text' }],
      returns: 'jsonb',
      // The session ends here and now; its server process is for the caller to end, as the same login.
      body: `
DECLARE
  t vault.tickets;
  backends jsonb;
BEGIN
  SELECT * INTO t FROM vault.tickets k WHERE k.id = shell AND k.service <> 'probe'
    AND (k.person = caller ->> 'person' OR ${OVERSEES}) FOR UPDATE;
  IF NOT FOUND THEN
    ${unknown}
  END IF;
  IF t.person <> caller ->> 'person' AND (length(btrim(reason)) >= 10) IS NOT TRUE THEN
    ${raise('requestInvalid', "another person's shell is closed with a reason of at least 10 characters", 'say why: --reason')}
  END IF;
  SELECT coalesce(jsonb_agg(jsonb_build_object('pid', s.pid, 'login', s.role)), '[]') INTO backends
    FROM vault.sessions s WHERE s.shell = t.id AND s.ended_at IS NULL
      AND EXISTS (SELECT FROM pg_stat_activity a WHERE ${ITS_PROCESS});
  UPDATE vault.sessions s SET ended_at = clock_timestamp() WHERE s.shell = t.id AND s.ended_at IS NULL;
  IF t.ended_at IS NULL THEN
    t.ended_at := clock_timestamp();
    t.ended_why := coalesce(nullif(btrim(reason), ''), 'closed');
    UPDATE vault.tickets k SET ended_at = t.ended_at, ended_why = t.ended_why WHERE k.id = t.id;
    PERFORM guard.record('shell-closed', caller, NULL, NULL, jsonb_build_object('shell', t.id, 'service', t.service, 'reason', t.ended_why,
      'login', t.login));
  END IF;
  RETURN jsonb_build_object('view', ${VIEW}, 'backends', backends);
END`,
      executableBy,
    }),
  ];
}
