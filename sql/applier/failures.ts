/** What could not be applied, said once at the end: everything that failed, and why. */
import type { ClientBase } from 'pg';
import type { Relation } from '../compiler/bound';
import { CommandError } from '../db/errors';

export interface Failure {
  /** `guard`, or a relation as `schema.name`. */
  readonly unit: string;
  readonly kind: /** Locked by others until patience ended. `why`: by whom. */
    | 'locked'
    /** The server refused a statement. */
    | 'failed'
    /** Not begun: something that it rests on is not done. */
    | 'blocked'
    /** Somebody changed it again and again while the plan ran. */
    | 'moved'
    /** The connection ended. Nothing after it was begun. */
    | 'lost';
  readonly why: string;
  readonly error?: unknown;
}

/**
 * Codes: `lock-timeout` when all that failed was locked, `connection-lost`, otherwise `apply-failed`. What was committed
 * stays, and nothing that failed was left half-done.
 */
export class ApplyFailed extends CommandError {
  constructor(
    readonly failures: readonly Failure[],
    patienceMs = 0,
  ) {
    const causes = failures.filter(({ kind }) => kind !== 'blocked');
    const cause = causes.find(({ error }) => error !== undefined)?.error;
    super(codeOf(causes), sentences(failures, patienceMs), nextOf(causes), faultOf(causes), cause);
  }
}

function codeOf(causes: readonly Failure[]): string {
  if (causes.some(({ kind }) => kind === 'lost')) return 'connection-lost';
  return causes.every(({ kind }) => kind === 'locked') ? 'lock-timeout' : 'apply-failed';
}

function faultOf(causes: readonly Failure[]): 'user' | 'system' {
  return causes.some(({ kind }) => kind === 'lost') ? 'system' : 'user';
}

function sentences(failures: readonly Failure[], patienceMs: number): string {
  const blocked = failures.filter(({ kind }) => kind === 'blocked').map(({ unit }) => unit);
  const list = failures
    .filter(({ kind }) => kind !== 'blocked')
    .map(({ unit, kind, why }) => {
      if (kind === 'locked') return `${unit} stayed locked for ${Math.round(patienceMs / 1000)} s`;
      if (kind === 'lost') return `the connection was lost at ${unit}: ${why}`;
      return `${unit}: ${why}`;
    });
  if (blocked.length > 0) list.push(`not begun, because it rests on these: ${blocked.join(', ')}`);
  return list.join('; ');
}

function nextOf(causes: readonly Failure[]): string {
  const stays = 'what was applied so far stays, run apply again';
  if (causes.some(({ kind }) => kind === 'lost'))
    return 'what was committed stays, the rest was rolled back; run apply again';
  if (causes.every(({ kind }) => kind === 'locked')) {
    const holders = [...new Set(causes.map(({ why }) => why).filter((why) => why !== ''))];
    const who = holders.length > 0 ? ` (held by ${holders.join('; ')})` : '';
    return `find the long query in pg_stat_activity${who}, or raise --patience; ${stays}`;
  }
  return 'nothing of these tables was changed; mend the cause and run apply again';
}

/** `process 4711 (app_backend, AccessShareLock)`. Everybody may read this much. */
export async function lockHolders(client: ClientBase, relation: Relation | undefined): Promise<string> {
  if (!relation) return '';
  const { rows } = await client.query<{ pid: number; who: string | null; modes: string }>(
    `SELECT l.pid, min(a.usename) AS who, pg_catalog.string_agg(DISTINCT l.mode, ', ') AS modes
     FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid OPERATOR(pg_catalog.=) l.pid
     WHERE l.locktype OPERATOR(pg_catalog.=) 'relation' AND l.relation OPERATOR(pg_catalog.=) $1::pg_catalog.oid AND l.granted
       AND l.database OPERATOR(pg_catalog.=) (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database())
       AND l.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()
     GROUP BY l.pid ORDER BY l.pid LIMIT 5`,
    [relation.oid],
  );
  return rows
    .map(({ pid, who, modes }) => `process ${pid} (${who ?? 'of the server, such as autovacuum'}, ${modes})`)
    .join(', ');
}
