/** One transaction of an apply. */
import type { ClientBase } from 'pg';
import { GUARD_OWNER } from '../compiler/our-names';
import { qualified } from '../db/names';
import type { Change } from '../planner/change';
import { AS_LOGIN, type Identity, OWN_SETTINGS, setRoleStatement } from '../planner/identity';
import { type Holder, type LockPatience, stillHeld } from './lock';
import { checkMark, type Marks, remark } from './marks';
import type { Step } from './steps';

export interface Session {
  readonly client: ClientBase;
  readonly holder: Holder;
  readonly identity: Identity;
  readonly marks: Marks;
  readonly patience: LockPatience;
}

/** All of it or nothing. Throws what the server says, or `Moved`. */
export async function runStep(session: Session, step: Step): Promise<void> {
  const { client, identity, marks, patience } = session;
  try {
    await begin(session, patience);
    await run(client, statements(identity, step.prelude));
    const { relation } = step;
    if (relation && step.exclusive) {
      // The same lock that the changes take, by a statement that every owner may run: LOCK TABLE asks for privileges
      // which an owner may have taken from itself.
      const table = qualified(relation.table);
      await run(client, [
        setRoleStatement(identity, relation.owner),
        `ALTER TABLE ONLY ${table} ENABLE ROW LEVEL SECURITY`,
      ]);
      await checkMark(client, relation.oid, marks, true);
    }
    await run(client, statements(identity, step.changes));
    // A grant holds the catalog's row until we commit: whoever would change or drop the table meanwhile waits.
    if (relation && !step.exclusive) await checkMark(client, relation.oid, marks, false);
    if (step.closing.length > 0)
      await run(client, [setRoleStatement(identity, GUARD_OWNER), ...step.closing]);
    for (const oid of step.marks) await remark(client, oid, marks);
    await commit(client);
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function begin({ client, holder }: Session, { lockTimeoutMs }: LockPatience): Promise<void> {
  const timeout = Math.max(1, Math.round(lockTimeoutMs));
  // Said outright: a login may have other defaults, and a later statement must see what was committed meanwhile.
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE');
  await client.query(`SET LOCAL lock_timeout = ${timeout}; ${OWN_SETTINGS}`);
  const { rows } = await client.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid');
  stillHeld(holder, rows[0]?.pid);
}

/** In one message: a lock is held for one round trip, however many statements there are. */
async function run(client: ClientBase, sql: readonly string[]): Promise<void> {
  if (sql.length > 0) await client.query(sql.join(';\n'));
}

/** The role is set for each group of changes that one role makes. */
function statements(identity: Identity, changes: readonly Change[]): string[] {
  let current: string | undefined;
  return changes.flatMap((change) => {
    const role = change.as === undefined ? AS_LOGIN : setRoleStatement(identity, change.as);
    const switched = role === current ? [] : [role];
    current = role;
    return [...switched, ...change.sql];
  });
}

/** In a transaction that has failed, COMMIT is a friendly ROLLBACK. */
async function commit(client: ClientBase): Promise<void> {
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') throw new Error('nothing was committed: an earlier statement failed');
}
