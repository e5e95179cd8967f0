/** A person's session in the support shell: the login it uses, what is set from its first moment, and how it begins. */
import type { ClientBase } from 'pg';

/** The restricted role: no row of a sensitive organization, and without a ticket no row at all. */
export const SUPPORT_LOGIN = 'support_shell';

/** 32 random bytes, base64url. Nothing in it means anything to a shell, to psql, or to SQL. */
export const TICKET = /^[A-Za-z0-9_-]{20,200}$/;

/** Settings by name. Whoever types can change them; that opens nothing, for the policies look at the ticket. */
export function sessionSettings(write: boolean): Readonly<Record<string, string>> {
  return {
    default_transaction_read_only: write ? 'off' : 'on',
    statement_timeout: '60s',
    // Holds locks, and rows that nobody can clean up.
    idle_in_transaction_session_timeout: '5min',
    // As ECS Exec ends an idle session.
    idle_session_timeout: '20min',
  };
}

/** For libpq's `PGOPTIONS` and for `options` of pg. */
export function sessionOptions(write: boolean): string {
  return Object.entries(sessionSettings(write))
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}

/** What the ticket made of the session. */
export interface Opened {
  /** Id in `access.staff`. */
  readonly person: string;
  /** `support-shell uma@example.com` */
  readonly name: string;
  readonly mode: 'read-only' | 'read-write';
}

/**
 * Redeems the ticket: once, and in a transaction of its own, which has to be committed before the session counts.
 * @throws SQLSTATE TZ031 when it is unknown, used, or has expired
 */
export async function redeem(client: ClientBase, ticket: string): Promise<Opened> {
  const person = await inItsOwnTransaction(client, ticket);
  const { rows } = await client.query<Pick<Opened, 'name' | 'mode'>>(
    `select current_setting('application_name') as name,
       case current_setting('default_transaction_read_only') when 'on' then 'read-only' else 'read-write' end as mode`,
  );
  const [opened] = rows;
  if (!opened || !person) throw new Error('the ticket was redeemed, and the session is still nobody');
  return { person, ...opened };
}

async function inItsOwnTransaction(client: ClientBase, ticket: string): Promise<string | undefined> {
  await client.query('begin read write');
  try {
    const { rows } = await client.query<{ person: string }>('select guard.redeem($1) as person', [ticket]);
    await client.query('commit');
    return rows[0]?.person;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}
