/**
 * Whether a session of the support shell is restricted: asked of the database itself before anybody gets a prompt, as the
 * very login that they will have. Every doubt is a no.
 */
import type { ClientBase } from 'pg';
import { dangersOf } from '../db/dangers';
import { SQLSTATE, sqlstate } from '../db/errors';
import { qualified, type RelationName } from '../db/names';
import type { Registry } from '../registry';
import { SUPPORT_LOGIN } from './session';

/** Lets RDS ask IAM instead of a password, and nothing else. */
const HARMLESS = ['rds_iam'];

const WHO = `
select session_user::text as session, current_user::text as current,
  coalesce((select array_agg(g.rolname::text order by g.rolname)
            from pg_catalog.pg_auth_members m
            join pg_catalog.pg_roles r on r.oid = m.member join pg_catalog.pg_roles g on g.oid = m.roleid
            where r.rolname in (session_user, current_user)), '{}') as memberships`;

/**
 * One line for each thing that is wrong; empty: it is proved. To be asked before a ticket is redeemed: the probe is that
 * no registered table shows a row to somebody who is nobody yet.
 * @throws whatever the connection throws: that, too, is a no
 */
export async function proveRestricted(client: ClientBase, registry: Registry): Promise<string[]> {
  const problems: string[] = [];
  if (!registry.approvals) problems.push('the registry has no approvals: no session needs a ticket');
  const { rows } = await client.query<{ session: string; current: string; memberships: string[] }>(WHO);
  const who = rows[0];
  // What another login is shown or refused says nothing about this one.
  if (who?.session !== SUPPORT_LOGIN || who.current !== SUPPORT_LOGIN)
    return [...problems, `the session is ${who?.current ?? 'unknown'}, not ${SUPPORT_LOGIN}`];
  for (const name of who.memberships)
    if (!HARMLESS.includes(name)) problems.push(`the database role is a member of ${name}`);
  problems.push(
    ...(await dangersOf(
      client,
      registry.excluded.map(({ table }) => table),
    )),
  );
  const applied = await client.query<{ hash: string | null }>('select guard.applied_registry() as hash');
  if (applied.rows[0]?.hash !== registry.hash)
    problems.push('another registry is applied than this one, or none: the proof would be of something else');
  for (const { table } of [...registry.tables, registry.organizations]) {
    const problem = await probe(client, table);
    if (problem) problems.push(problem);
  }
  return problems;
}

/** Reads one row, if it is let. Undefined: nothing was shown. */
async function probe(client: ClientBase, table: RelationName): Promise<string | undefined> {
  const name = qualified(table);
  try {
    const { rows } = await client.query(`select 1 from ${name} limit 1`);
    return rows.length === 0 ? undefined : `${name} shows rows to a session without a ticket`;
  } catch (error) {
    const code = sqlstate(error);
    // Refused for want of a ticket, or for want of a privilege.
    return code === SQLSTATE.ticketMissing || code === '42501'
      ? undefined
      : `${name} could not be probed: ${(error as Error).message}`;
  }
}
