/** Who could see an organization between two moments, and who did. */
import { SQLSTATE } from '../../../db/errors';
import type { BoundRegistry } from '../../bound';
import { type FunctionShape, plpgsql } from '../shape';
import { raise, WRITES } from './input';

/** SQL: microseconds of the ledger as a time. */
const time = (at: string) => `(timestamptz 'epoch' + ${at} * interval '1 microsecond')`;

/** A session ends with its ticket's life at the latest, whether anybody closed it or not. */
const LONGEST_SESSION = `interval '8 hours'`;

export function auditFunctions(bound: BoundRegistry, auditor: string): FunctionShape[] {
  const { type, operators } = bound.key;
  const equals = operators?.equals ?? '=';
  return [
    plpgsql({
      ...WRITES,
      name: 'audit',
      parameters: [
        { name: 'organization', type: 'text' },
        { name: 'beginning', type: 'timestamp with time zone' },
        { name: 'ending', type: 'timestamp with time zone' },
      ],
      returns:
        'TABLE(how text, person text, login text, persona text, kind text, access text, starts timestamptz, ends timestamptz, request uuid, approved_by text[], ticket text, reason text, note text)',
      // People only: what a role of the registry always sees is the registry's to say. Without any row there is one that says so.
      body: `
DECLARE
  known jsonb;
  wanted ${type};
BEGIN
  IF (beginning < ending) IS NOT TRUE THEN
    ${raise('requestInvalid', 'a range begins before it ends')}
  END IF;
  -- A mistyped key must not be answered with "nobody"; an organization that is gone may be asked for.
  BEGIN
    known := guard.organization_of(audit.organization);
    wanted := (known ->> 'key')::${type};
  EXCEPTION WHEN SQLSTATE '${SQLSTATE.organizationUnknown}' THEN
    IF NOT EXISTS (SELECT FROM guard.ledger l WHERE l.organization = audit.organization) THEN
      RAISE;
    END IF;
    wanted := audit.organization::${type};
    known := jsonb_build_object('sensitive', true);
  END;
  RETURN QUERY
  WITH flags AS (
    SELECT ${time('l.at')} AS at, (l.detail ->> 'sensitive')::boolean AS sensitive FROM guard.ledger l
    WHERE l.event = 'flag' AND l.organization = wanted::text
  ),
  -- Before its first change an organization was what that change ended; without any it is what it always was.
  ordinary AS (
    SELECT '-infinity'::timestamptz AS since, coalesce(min(f.at), 'infinity') AS until FROM flags f
    HAVING coalesce((SELECT e.sensitive FROM flags e ORDER BY e.at LIMIT 1), NOT (known ->> 'sensitive')::boolean)
    UNION ALL
    SELECT f.at, coalesce((SELECT min(n.at) FROM flags n WHERE n.at > f.at), 'infinity') FROM flags f WHERE NOT f.sensitive
  ),
  -- From the ledger, which is chained, and not from the tables beside it: whoever takes a row out of those hides nothing here.
  given AS (
    SELECT (l.detail ->> 'grant')::bigint AS id, l.event = 'break-glass' AS broken, coalesce(l.detail ->> 'for', l.person) AS person,
      coalesce(l.detail ->> 'forLogin', l.login) AS login, coalesce(l.detail ->> 'kind', 'shell') AS kind, l.detail ->> 'access' AS access,
      ${time('l.at')} AS at, ${time("(l.detail ->> 'until')::bigint")} AS until, l.request, coalesce(l.detail -> 'merged', '[]') AS merged
    FROM guard.ledger l WHERE l.event IN ('grant', 'break-glass') AND l.organization = wanted::text
  ),
  granted AS (
    SELECT g.person, g.login, coalesce(q.persona, b.persona) AS persona, g.kind, g.access, g.at AS since,
      -- A later one that it overlaps carries it on; a revocation names it.
      least((SELECT max(e.until) FROM given e WHERE e.id = g.id OR e.merged @> to_jsonb(g.id)),
        (SELECT min(${time('v.at')}) FROM guard.ledger v WHERE v.event = 'revocation' AND v.detail -> 'grants' @> to_jsonb(g.id))) AS until,
      g.request::uuid AS request,
      ARRAY(SELECT a.detail ->> 'approver' FROM guard.ledger a WHERE a.event = 'approval' AND a.request = g.request AND NOT EXISTS (
        SELECT FROM guard.ledger w WHERE w.event = 'approver-removed' AND w.sequence > a.sequence
          AND w.detail ->> 'approver' = a.detail ->> 'approver' AND w.detail -> 'withdrawn' ? g.request) ORDER BY a.sequence) AS approved_by,
      coalesce(q.detail, b.detail) ->> 'ticket' AS ticket, coalesce(q.detail, b.detail) ->> 'reason' AS reason,
      CASE WHEN g.broken THEN 'broken glass: nobody approved it' || coalesce('; reviewed by ' || (v.detail ->> 'approver'), '; not reviewed yet')
        WHEN NOT EXISTS (SELECT FROM guard.grants r WHERE r.id = g.id) THEN 'the ledger says so; its row is gone' END AS note
    FROM given g
    LEFT JOIN guard.ledger q ON q.event = 'request' AND q.request = g.request
    LEFT JOIN guard.ledger b ON b.event = 'break-glass' AND b.request = g.request
    LEFT JOIN guard.ledger v ON v.event = 'review' AND v.request = g.request
    UNION ALL
    SELECT r.person, NULL, NULL, r.kind, r.access, r.starts_at, least(r.ends_at, coalesce(r.revoked_at, r.ends_at)), r.request, NULL, NULL, NULL,
      'made by hand: the ledger does not know of it'
    FROM guard.grants r WHERE r.organization ${equals} wanted AND NOT EXISTS (SELECT FROM given g WHERE g.id = r.id)
  ),
  opened AS (
    SELECT o.person, o.login, o.persona, o.detail ->> 'service' AS service, o.detail ->> 'write' = 'true' AS write,
      ${time("coalesce((o.detail ->> 'openedAt')::bigint, o.at)")} AS since, o.detail ->> 'shell' AS shell,
      o.detail ->> 'ticket' AS ticket, o.detail ->> 'reason' AS reason
    FROM guard.ledger o WHERE o.event = 'shell-opened'
    UNION ALL
    -- The ledger's next entry brings them in.
    SELECT t.person, t.login, t.persona, t.service, t.write, s.opened_at, t.id::text, t.ticket, t.reason
    FROM vault.sessions s JOIN vault.tickets t ON t.id = s.shell WHERE NOT s.recorded
  ),
  shells AS (
    SELECT o.*, least(statement_timestamp(), o.since + ${LONGEST_SESSION},
      (SELECT min(${time('c.at')}) FROM guard.ledger c WHERE c.event = 'shell-closed' AND c.detail ->> 'shell' = o.shell)) AS until
    FROM opened o
  ),
  found AS (
    SELECT 'could' AS how, g.person, g.login, g.persona, g.kind, g.access, g.since, g.until, g.request, g.approved_by, g.ticket, g.reason,
      concat_ws('; ', g.note, CASE g.kind WHEN 'console' THEN 'use of the console is not recorded per use' END) AS note
    FROM granted g
    UNION ALL
    SELECT 'did', s.person, s.login, s.persona, 'shell', CASE WHEN s.write AND g.access = 'write' THEN 'write' ELSE 'read' END,
      greatest(s.since, g.since), least(s.until, g.until), g.request, g.approved_by, s.ticket, s.reason, 'a shell was open while the grant was live'
    FROM shells s JOIN granted g ON g.person = s.person AND g.kind = 'shell' AND s.since < g.until AND g.since < s.until
    UNION ALL
    SELECT 'could', s.person, s.login, s.persona, 'shell', 'write', s.since, s.until, NULL, NULL, s.ticket, s.reason,
      'a shell of the backend: it serves every organization'
    FROM shells s WHERE s.service = 'backend'
    UNION ALL
    SELECT 'could', NULL, NULL, NULL, NULL, NULL, o.since, o.until, NULL, NULL, NULL, 'the organization was not sensitive',
      'everybody who could open a shell of support, and staff who are assigned to it'
    FROM ordinary o
  ),
  cut AS (
    SELECT f.*, greatest(f.since, beginning) AS from_then, least(f.until, ending) AS to_then FROM found f
    WHERE f.since < ending AND f.until > beginning AND f.since < f.until
  )
  SELECT c.how, c.person, c.login, c.persona, c.kind, c.access, c.from_then, c.to_then, c.request, c.approved_by, c.ticket, c.reason, nullif(c.note, '')
  FROM cut c
  UNION ALL
  SELECT 'nobody', NULL, NULL, NULL, NULL, NULL, beginning, ending, NULL, NULL, NULL, NULL, NULL WHERE NOT EXISTS (SELECT FROM cut)
  ORDER BY 7, 8, 1;
END`,
      executableBy: [auditor],
    }),
  ];
}
