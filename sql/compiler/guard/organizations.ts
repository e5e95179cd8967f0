/** Which organizations are hidden, granted or assigned: the lists that policies compare with. */
import { SQLSTATE } from '../../db/errors';
import { ident, qualified } from '../../db/names';
import type { BoundRegistry } from '../bound';
import { TOKEN_SETTING } from '../our-names';
import { IS_MINE } from './approvals/session';
import { atomic, type FunctionShape, plpgsql } from './shape';

export interface ListReaders {
  readonly hidden: string[];
  readonly assigned: string[];
}

/** SQL: the list, or an error. */
const HIDDEN = 'COALESCE((SELECT hidden.organizations FROM guard.hidden), guard.damaged())';

/**
 * SQL: when live grants of `person` end, in seconds since 1970, by organization. A grant to read counts while nothing can be
 * written: a statement that writes runs in a read-write transaction, and cannot make it read-only (guard.keep_read_only).
 */
const ends = (kind: 'shell' | 'console', person: string, only = '') => `coalesce((
    SELECT jsonb_object_agg(live.organization, live.ends) FROM (
      SELECT g.organization::text AS organization, extract(epoch FROM max(g.ends_at)) AS ends FROM guard.grants g
      WHERE g.person = ${person} AND g.kind = '${kind}' AND g.revoked_at IS NULL
        AND g.starts_at <= clock_timestamp() AND clock_timestamp() < g.ends_at
        AND (g.access = 'write' OR current_setting('transaction_read_only') = 'on') ${only}
      GROUP BY 1) live), '{}')`;

/** With an approval path, whoever has redeemed no ticket is shown nothing: the error is raised here, in every policy. */
function hiddenOrganizations(bound: BoundRegistry, executableBy: string[]): FunctionShape {
  const shape = { name: 'hidden_organizations', returns: `${bound.key.type}[]`, executableBy };
  if (!bound.registry.approvals) return atomic({ ...shape, body: `SELECT ${HIDDEN}` });
  return plpgsql({
    ...shape,
    // It depends on the process that runs it: in a parallel query the leader asks.
    parallel: 'RESTRICTED',
    body: `
DECLARE
  hidden ${bound.key.type}[];
  may_write boolean;
BEGIN
  SELECT h.organizations, s.write INTO hidden, may_write FROM guard.hidden h LEFT JOIN vault.sessions s
    ON ${IS_MINE};
  IF NOT FOUND THEN
    PERFORM guard.damaged();
  END IF;
  IF may_write IS NULL THEN
    IF NOT guard.is_probing() THEN
      RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.ticketMissing}', MESSAGE = 'this session has redeemed no ticket, or is over: it is shown nothing',
        HINT = 'npm run -s support-shell -- open';
    END IF;
  ELSIF NOT may_write AND current_setting('transaction_read_only') = 'off' THEN
    RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.accessRefused}', MESSAGE = 'this session reads: it is shown nothing in a transaction that may write',
      HINT = 'begin read only; or a session that may write: npm run -s support-shell -- open --write';
  END IF;
  RETURN hidden;
END`,
  });
}

/** The person is that of the session, or of the token where no tickets are: a bad token is an error, never "no grants". */
function granted(bound: BoundRegistry, executableBy: string[]): FunctionShape {
  const shape = { name: 'granted', returns: 'jsonb', executableBy };
  if (bound.registry.approvals)
    return plpgsql({
      ...shape,
      parallel: 'RESTRICTED',
      body: `
BEGIN
  RETURN ${ends('shell', `(SELECT s.person FROM vault.sessions s WHERE ${IS_MINE})`)};
END`,
    });
  return plpgsql({
    ...shape,
    body: `
DECLARE
  claims record;
BEGIN
  IF nullif(current_setting('${TOKEN_SETTING}', true), '') IS NULL THEN
    RETURN '{}';
  END IF;
  SELECT (guard.verified_token('support'))[2] AS person INTO claims;
  RETURN ${ends('shell', 'claims.person')};
END`,
  });
}

export function listFunctions(bound: BoundRegistry, readers: ListReaders): FunctionShape[] {
  const { type: keyType, operators } = bound.key;
  const { assignments } = bound.registry;
  const assigned = assignments
    ? `SELECT a.${ident(assignments.organization)}::${keyType} FROM ${qualified(assignments.table)} a WHERE a.${ident(assignments.person)}::text = claims.person`
    : undefined;
  return [
    plpgsql({
      name: 'damaged',
      returns: `${keyType}[]`,
      body: `
BEGIN
  RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.guardDamaged}', MESSAGE = 'the list of hidden organizations is missing: nobody is shown anything',
    HINT = 'run: rls apply';
END`,
      executableBy: [],
    }),
    hiddenOrganizations(bound, readers.hidden),
    granted(bound, readers.hidden),
    ...(assigned
      ? [
          plpgsql({
            name: 'console_granted',
            returns: 'jsonb',
            // A grant lifts the veil from an assigned organization; it does not assign one.
            body: `
DECLARE
  claims record;
BEGIN
  SELECT (guard.verified_token('staff'))[2] AS person INTO claims;
  RETURN ${ends('console', 'claims.person', `AND g.organization ${operators?.equals ?? '='} ANY (${assigned})`)};
END`,
            executableBy: readers.assigned,
          }),
          plpgsql({
            name: 'assigned_organizations',
            returns: `${keyType}[]`,
            body: `
DECLARE
  claims record;
  -- Not in the query below: planning it would try the error out.
  hidden ${keyType}[] := ${HIDDEN};
BEGIN
  SELECT (guard.verified_token('staff'))[2] AS person INTO claims;
  RETURN ARRAY(SELECT assigned.organization FROM (${assigned}) assigned (organization)
    WHERE assigned.organization ${operators?.differs ?? '<>'} ALL (hidden));
END`,
            executableBy: readers.assigned,
          }),
        ]
      : []),
    plpgsql({
      name: 'rebuild_hidden',
      returns: 'trigger',
      volatility: 'VOLATILE',
      parallel: 'UNSAFE',
      // Two changes at once: the second waits here, and its next statement sees what the first one wrote.
      body: `
BEGIN
  PERFORM FROM guard.hidden FOR UPDATE;
  UPDATE guard.hidden SET
    organizations = ARRAY(SELECT s.organization FROM guard.sensitive_organizations s ORDER BY s.organization),
    members = (SELECT count(*) FROM guard.sensitive_organizations);
  IF NOT FOUND THEN
    PERFORM guard.damaged();
  END IF;
  RETURN NULL;
END`,
      executableBy: [],
    }),
    plpgsql({
      name: 'is_probing',
      returns: 'boolean',
      parallel: 'RESTRICTED',
      body: `
BEGIN
  RETURN EXISTS (SELECT FROM guard.probes p WHERE p.transaction = pg_current_xact_id_if_assigned());
END`,
      executableBy: [],
    }),
    plpgsql({
      name: 'probe_begin',
      returns: 'void',
      volatility: 'VOLATILE',
      parallel: 'UNSAFE',
      definer: false,
      body: `
BEGIN
  INSERT INTO guard.probes (transaction) VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
END`,
      executableBy: [],
    }),
    plpgsql({
      name: 'probe_hide',
      parameters: [{ name: 'hide', type: keyType }],
      returns: 'void',
      volatility: 'VOLATILE',
      parallel: 'UNSAFE',
      definer: false,
      body: `
BEGIN
  IF NOT guard.is_probing() THEN
    RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.flagRefused}', MESSAGE = 'only a probe, in its own transaction, hides an organization this way';
  END IF;
  INSERT INTO guard.sensitive_organizations (organization) VALUES (hide) ON CONFLICT DO NOTHING;
END`,
      executableBy: [],
    }),
  ];
}
