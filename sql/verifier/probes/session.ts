/** The probing connection: which role is on, savepoints that put it back, and errors as values. */
import { randomBytes } from 'node:crypto';
import type { ClientBase, QueryResult } from 'pg';
import { sqlstate } from '../../db/errors';
import { grantSet, settingRole } from '../../db/membership';
import { ident } from '../../db/names';

/** What PostgreSQL said, as far as it helps to find out why. */
export interface DbError {
  readonly sqlstate: string;
  readonly message: string;
  readonly constraint?: string | undefined;
  readonly column?: string | undefined;
  readonly table?: string | undefined;
  readonly dataType?: string | undefined;
}

export interface AttemptOptions {
  /** False: undone in any case. Default: true. */
  readonly keep?: boolean;
  /** Timeouts too are returned and not thrown. */
  readonly bear?: boolean;
}

export type Attempt =
  | { readonly ok: true; readonly rows: readonly Record<string, string | null>[] }
  | { readonly ok: false; readonly error: DbError };

/** Turns a database error into a value; anything else (a lost connection) is thrown on. */
export function databaseError(error: unknown): DbError {
  const code = sqlstate(error);
  if (code === undefined) throw error;
  const detail = error as Record<string, string | undefined>;
  return {
    sqlstate: code,
    message: detail.message ?? '',
    constraint: detail.constraint,
    column: detail.column,
    table: detail.table,
    dataType: detail.dataType,
  };
}

/** Lock and statement timeouts, deadlocks: nothing that another value in the row would change. */
const INTERRUPTED = new Set(['55P03', '57014', '40P01', '53200']);

/** Inside one transaction. `role` is what SET LOCAL ROLE last said; undefined: the login itself. */
export class ProbeSession {
  private role: string | undefined;
  private readonly reachable = new Set<string>();
  /** Not guessable: a product's function must not be able to release our savepoint. */
  private readonly savepoint = `tz_${randomBytes(6).toString('hex')}`;

  constructor(
    private readonly client: ClientBase,
    private readonly serverVersion: number,
  ) {}

  /** Several statements without parameters go in one round trip; the rows are those of the last one that has any. */
  async run(sql: string, role?: string): Promise<readonly Record<string, string | null>[]> {
    const results = [await this.client.query(this.becoming(role) + sql)].flat() as QueryResult[];
    this.role = role;
    return results.findLast((result) => result.fields?.length > 0)?.rows ?? [];
  }

  /** Runs the SQL in a savepoint. An error undoes it and the change of role with it. Throws timeouts and lost connections. */
  async attempt(sql: string, role: string | undefined, options: AttemptOptions = {}): Promise<Attempt> {
    const keep = options.keep !== false;
    const before = this.role;
    const undo = `ROLLBACK TO SAVEPOINT ${this.savepoint}; RELEASE SAVEPOINT ${this.savepoint}`;
    try {
      const end = keep ? `RELEASE SAVEPOINT ${this.savepoint}` : undo;
      const rows = await this.run(
        `SAVEPOINT ${this.savepoint}; ${this.becoming(role)} ${sql}; ${end}`,
        before,
      );
      this.role = keep ? role : before;
      return { ok: true, rows };
    } catch (error) {
      const described = databaseError(error);
      await this.client.query(undo);
      this.role = before;
      if (INTERRUPTED.has(described.sqlstate) && !options.bear) throw error;
      return { ok: false, error: described };
    }
  }

  /**
   * Makes sure that SET ROLE works. What has to be granted for it goes with the transaction. Not `required`: a role that
   * cannot be reached is left for the moment at which it is needed.
   */
  async reach(role: string, required = true): Promise<void> {
    if (this.reachable.has(role)) return;
    const { rows } = await this.client.query<{ may: boolean }>(
      `SELECT pg_catalog.pg_has_role(session_user, $1, $2) AS may`,
      [role, settingRole(this.serverVersion)],
    );
    // Without INHERIT: the login itself must not gain what the role may.
    const grant = grantSet(role, 'CURRENT_USER', this.serverVersion);
    if (!rows[0]?.may) {
      if (required) await this.run(grant);
      else if (!(await this.attempt(grant, undefined)).ok) return;
    }
    this.reachable.add(role);
  }

  private becoming(role: string | undefined): string {
    if (role === this.role) return '';
    return role === undefined ? 'RESET ROLE; ' : `SET LOCAL ROLE ${ident(role)}; `;
  }
}
