/** Which organizations are hidden, granted or assigned: the lists that policies compare with. */
import { SQLSTATE } from '../../db/errors';
import { ident, qualified } from '../../db/names';
import type { AssignmentsEntry } from '../../registry/types';
import type { BoundColumn } from '../bound';
import { TOKEN_SETTING } from '../our-names';
import { atomic, type FunctionShape, plpgsql } from './shape';

export interface ListReaders {
  readonly hidden: string[];
  readonly assigned: string[];
}

export function listFunctions(
  { type: keyType, operators }: BoundColumn,
  assignments: AssignmentsEntry | undefined,
  readers: ListReaders,
): FunctionShape[] {
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
    atomic({
      name: 'hidden_organizations',
      returns: `${keyType}[]`,
      body: 'SELECT COALESCE((SELECT hidden.organizations FROM guard.hidden), guard.damaged())',
      executableBy: readers.hidden,
    }),
    // No token: no grants. A bad token, or one of another kind than the role's, is an error, never "no grants".
    plpgsql({
      name: 'live_grants',
      parameters: [
        { name: 'token_kind', type: 'text' },
        { name: 'grant_kind', type: 'text' },
      ],
      returns: 'SETOF guard.grants',
      body: `
DECLARE
  claims text[];
BEGIN
  IF nullif(current_setting('${TOKEN_SETTING}', true), '') IS NULL THEN
    RETURN;
  END IF;
  claims := guard.verified_token(token_kind);
  RETURN QUERY SELECT g.* FROM guard.grants g
    WHERE g.person = claims[2]
      AND g.kind = grant_kind
      AND g.revoked_at IS NULL
      AND g.starts_at <= statement_timestamp() AND statement_timestamp() < g.ends_at;
END`,
      executableBy: [],
    }),
    plpgsql({
      name: 'granted_organizations',
      returns: `${keyType}[]`,
      body: `
BEGIN
  RETURN ARRAY(SELECT g.organization FROM guard.live_grants('support', 'shell') g);
END`,
      executableBy: readers.hidden,
    }),
    // The first end among them: a statement that outlives it loses all of them, and asks again as a new statement.
    plpgsql({
      name: 'grants_until',
      returns: 'timestamptz',
      body: `
BEGIN
  RETURN (SELECT min(g.ends_at) FROM guard.live_grants('support', 'shell') g);
END`,
      executableBy: readers.hidden,
    }),
    ...(assigned
      ? [
          plpgsql({
            name: 'console_organizations',
            returns: `${keyType}[]`,
            // A grant lifts the veil from an assigned organization; it does not assign one.
            body: `
DECLARE
  claims record;
BEGIN
  SELECT (guard.verified_token('staff'))[2] AS person INTO claims;
  RETURN ARRAY(SELECT g.organization FROM guard.live_grants('staff', 'console') g
    WHERE g.organization ${operators?.equals ?? '='} ANY (${assigned}));
END`,
            executableBy: readers.assigned,
          }),
          plpgsql({
            name: 'console_until',
            returns: 'timestamptz',
            body: `
BEGIN
  RETURN (SELECT min(g.ends_at) FROM guard.live_grants('staff', 'console') g);
END`,
            executableBy: readers.assigned,
          }),
          plpgsql({
            name: 'assigned_organizations',
            returns: `${keyType}[]`,
            body: `
DECLARE
  claims record;
BEGIN
  SELECT (guard.verified_token('staff'))[2] AS person INTO claims;
  RETURN ARRAY(SELECT assigned.organization FROM (${assigned}) assigned (organization)
    WHERE assigned.organization ${operators?.differs ?? '<>'} ALL (guard.hidden_organizations()));
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
