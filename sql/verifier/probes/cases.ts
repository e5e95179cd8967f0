/** A case: one statement as one role, and what should come of it. Runs as part of a list, in one round trip. */
import { randomBytes } from 'node:crypto';
import { SQLSTATE } from '../../db/errors';
import { ident, literal } from '../../db/names';
import type { Evidence, Expected, ProbedVerb, Verdict } from './report';
import type { DbError, ProbeSession } from './session';

export interface Step {
  readonly role: string;
  readonly sql: string;
}

export interface Case {
  readonly role: string;
  readonly verb: ProbedVerb;
  readonly what: string;
  readonly expected: Expected;
  readonly sql: string;
  /** Value of the token setting; empty: none. */
  readonly token: string;
  /** Run first, as other roles, and are undone with the case. */
  readonly before?: readonly Step[];
  /** Runs first, as the same role: when it finds rows, the case is not tried. */
  readonly unless?: string;
  /** Runs first, as the same role: only what the statement does beyond this number of rows counts. */
  readonly beyond?: string;
}

export interface CaseResult {
  readonly rows: number | undefined;
  readonly sqlstate: string | undefined;
  readonly message: string | undefined;
}

/** Not a code of PostgreSQL's, nor of ours that anybody else raises: undoes a statement that succeeded. */
const UNDO = 'TZPRB';

/**
 * Each case is a subtransaction that ends in an error, ours if no other: nothing it does stays, not even for the next
 * case. Variables of plpgsql keep their values through that, and carry the measurement out.
 */
function block(cases: readonly Case[]): string {
  const tag = `$tz${randomBytes(6).toString('hex')}$`;
  const list = JSON.stringify(
    cases.map((each) => ({
      role: ident(each.role),
      sql: each.sql,
      token: each.token,
      before: (each.before ?? []).map((step) => ({ role: ident(step.role), sql: step.sql })),
      unless: each.unless,
      beyond: each.beyond,
    })),
  );
  return `DO ${tag}
DECLARE
  each pg_catalog.jsonb;
  step pg_catalog.jsonb;
  measured pg_catalog.jsonb := '[]';
  n bigint;
  m bigint;
  code text;
  words text;
  ready boolean;
BEGIN
  FOR each IN SELECT * FROM pg_catalog.jsonb_array_elements(${literal(list)}::pg_catalog.jsonb) LOOP
    n := NULL; m := 0; code := NULL; words := NULL; ready := false;
    BEGIN
      FOR step IN SELECT * FROM pg_catalog.jsonb_array_elements(each->'before') LOOP
        EXECUTE 'SET LOCAL ROLE ' || (step->>'role');
        EXECUTE step->>'sql';
      END LOOP;
      ready := true;
      PERFORM pg_catalog.set_config('tenant_zero.token', each->>'token', true);
      EXECUTE 'SET LOCAL ROLE ' || (each->>'role');
      IF each ? 'unless' THEN
        EXECUTE each->>'unless';
        GET DIAGNOSTICS m = ROW_COUNT;
        IF m > 0 THEN
          RAISE EXCEPTION USING ERRCODE = '${UNDO}';
        END IF;
      ELSIF each ? 'beyond' THEN
        EXECUTE each->>'beyond';
        GET DIAGNOSTICS m = ROW_COUNT;
      END IF;
      EXECUTE each->>'sql';
      GET DIAGNOSTICS n = ROW_COUNT;
      n := n - m;
      RAISE EXCEPTION USING ERRCODE = '${UNDO}';
    EXCEPTION
      WHEN SQLSTATE '${UNDO}' THEN NULL;
      WHEN assert_failure OR OTHERS THEN
        -- Not ready: the case was never tried, which is neither a pass nor a failure of the role's.
        n := NULL; words := SQLERRM; code := CASE WHEN ready THEN SQLSTATE END;
    END;
    measured := measured || pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_array(n, code, words));
  END LOOP;
  PERFORM pg_catalog.set_config('tenant_zero.measured', measured::text, true);
END ${tag}; SELECT pg_catalog.current_setting('tenant_zero.measured') AS measured`;
}

/** Runs the cases. A timeout or a lost block is an error of every one of them, never a pass. */
export async function runCases(session: ProbeSession, cases: readonly Case[]): Promise<CaseResult[]> {
  if (cases.length === 0) return [];
  const done = await session.attempt(block(cases), undefined, { keep: false, bear: true });
  if (!done.ok) return cases.map(() => failure(done.error));
  const measured = JSON.parse(done.rows[0]?.measured ?? '[]') as [
    number | null,
    string | null,
    string | null,
  ][];
  return cases.map((_, i) => ({
    rows: measured[i]?.[0] ?? undefined,
    sqlstate: measured[i]?.[1] ?? undefined,
    message: measured[i]?.[2] ?? undefined,
  }));
}

function failure(error: DbError): CaseResult {
  return { rows: undefined, sqlstate: error.sqlstate, message: error.message };
}

const DENIED = '42501';
/**
 * A row that was reached can be held by its children: by a foreign key (23503, 23001 for RESTRICT since PostgreSQL 18), by
 * a constraint that ON DELETE SET NULL violates there, or by our own refusal to let it take a child out of its
 * organization. None of these comes from a row that is hidden.
 */
function heldByChildren(sqlstate: string): boolean {
  return sqlstate.startsWith('23') || sqlstate === SQLSTATE.moveRefused;
}

/** Judges one case by its result. Pure. */
export function judge(each: Case, result: CaseResult): Evidence {
  return { what: each.what, expected: each.expected, ...result, verdict: verdict(each, result) };
}

function verdict(each: Case, { rows, sqlstate }: CaseResult): Verdict {
  // `unless` found rows (that the role sees them is judged by the case for SELECT), or `before` failed.
  if (rows === undefined && sqlstate === undefined) return 'unmeasured';
  const failed = sqlstate !== undefined;
  switch (each.expected) {
    case 'reached':
      if (!failed) return rows === 1 ? 'as-expected' : 'unreachable';
      if (each.verb === 'delete' && heldByChildren(sqlstate)) return 'as-expected';
      return sqlstate === DENIED ? 'unreachable' : 'error';
    case 'hidden':
      if (!failed) return (rows ?? 0) > 0 ? 'leak' : 'as-expected';
      if (each.verb === 'delete' && heldByChildren(sqlstate))
        return each.beyond === undefined ? 'leak' : 'as-expected';
      // The trigger that keeps rows in place fires for rows that were reached.
      if (sqlstate === SQLSTATE.moveRefused) return 'leak';
      // Own rows stay as they are in this statement: whatever constraint it violates, it does so with foreign ones.
      if (each.beyond !== undefined && each.verb === 'update' && sqlstate.startsWith('23')) return 'leak';
      return sqlstate === DENIED ? 'as-expected' : 'error';
    case 'refused':
      // No row: nothing was there to move, which the control on the same row has to report.
      if (!failed) return (rows ?? 0) > 0 ? 'leak' : 'as-expected';
      return sqlstate === DENIED || sqlstate === SQLSTATE.moveRefused ? 'as-expected' : 'error';
    case 'denied':
      if (!failed) return 'leak';
      return sqlstate === DENIED ? 'as-expected' : 'error';
    case 'denied-or-hidden':
      if (!failed) return (rows ?? 0) > 0 ? 'leak' : 'as-expected';
      return sqlstate === DENIED ? 'as-expected' : 'error';
    case 'token-missing':
      // No error and no row: the policy never asked for the token. Not open, but not what was compiled either.
      if (!failed) return (rows ?? 0) > 0 ? 'leak' : 'unreachable';
      if (sqlstate === DENIED) return 'unreachable';
      return sqlstate === SQLSTATE.tokenMissing ? 'as-expected' : 'error';
    case 'truncate-refused':
      if (!failed) return 'leak';
      return sqlstate === DENIED || sqlstate === SQLSTATE.truncateRefused ? 'as-expected' : 'leak';
    case 'allowed':
      if (!failed) return 'as-expected';
      return sqlstate === DENIED ? 'unreachable' : 'error';
  }
}
