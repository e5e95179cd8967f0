/** The probing connection: which role is on, savepoints that put it back, and errors as values. */
import { randomBytes } from 'node:crypto';
import type { ClientBase, QueryResult } from 'pg';
import { sqlstate } from '../../db/errors';
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

  /** Runs the SQL in a savepoint. An error undoes it and the change of role with it. `keep: false` undoes it in any case. */
  async attempt(sql: string, role: string | undefined, keep = true): Promise<Attempt> {
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
      return { ok: false, error: described };
    }
  }

  /** Runs steps of several round trips in one savepoint. */
  async inSavepoint<T>(steps: () => Promise<T>): Promise<T> {
    const before = this.role;
    const name = `${this.savepoint}_s`;
    await this.client.query(`SAVEPOINT ${name}`);
    try {
      const result = await steps();
      await this.client.query(`RELEASE SAVEPOINT ${name}`);
      return result;
    } catch (error) {
      await this.client.query(`ROLLBACK TO SAVEPOINT ${name}; RELEASE SAVEPOINT ${name}`);
      this.role = before;
      throw error;
    }
  }

  /** Makes sure that SET ROLE works. What has to be granted for it goes with the transaction. */
  async reach(role: string): Promise<void> {
    if (this.reachable.has(role)) return;
    this.reachable.add(role);
    const modern = this.serverVersion >= 160000;
    const { rows } = await this.client.query<{ may: boolean }>(
      `SELECT pg_catalog.pg_has_role(session_user, $1, $2) AS may`,
      [role, modern ? 'SET' : 'MEMBER'],
    );
    if (rows[0]?.may) return;
    // Without INHERIT: the login itself must not gain what the role may.
    await this.run(`GRANT ${ident(role)} TO CURRENT_USER${modern ? ' WITH INHERIT FALSE, SET TRUE' : ''}`);
  }

  private becoming(role: string | undefined): string {
    if (role === this.role) return '';
    return role === undefined ? 'RESET ROLE; ' : `SET LOCAL ROLE ${ident(role)}; `;
  }
}
