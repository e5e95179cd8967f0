/** Sessions of real logins, and what a statement gets there: a SQLSTATE, or a number of rows. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { TokenSubject } from '../../../sql/db/token';
import { withClient } from '../../support/database';
import { PASSWORDS, type PlatformDatabase } from '../../support/platform';
import { issueTicket, redeem, type Shell, setToken, tokenFor } from '../../support/tenants';
import { PASSWORD } from '../support-session/password';

/** A statement that must not get through, and beside it the same thing where it is allowed. */
export interface Attack {
  /** Continues the sentence that the file's title begins. */
  readonly attack: string;
  readonly sql: string;
  /** SQLSTATE, or the number of rows. */
  readonly gets: string | number;
  /** Must pass, and touch a row at least. */
  readonly control: string;
  /** Statements that go before, in both cases. */
  readonly first?: string;
  /** How the transaction begins. */
  readonly begin?: string;
}

export type Outcome = string | number;

/** What `sql` gets, inside the open transaction, which survives. Of several statements the last one counts. */
export async function outcome(client: Client, sql: string, values?: unknown[]): Promise<Outcome> {
  await client.query('savepoint attack');
  try {
    const result = await client.query(sql, values);
    const last = Array.isArray(result) ? result.at(-1) : result;
    await client.query('release savepoint attack');
    return last.rowCount ?? 0;
  } catch (error) {
    await client.query('rollback to savepoint attack; release savepoint attack');
    return (error as { code?: string }).code ?? String(error);
  }
}

/** Runs the attack, then the control, each in a transaction of its own that is rolled back. */
export async function attempt(client: Client, { first, begin, sql, gets, control }: Attack): Promise<void> {
  const run = async (statement: string) => {
    await client.query(`begin ${begin ?? ''} read write`);
    try {
      if (first) await client.query(first);
      return await outcome(client, statement);
    } finally {
      await client.query('rollback');
    }
  };
  expect({ sql, gets: await run(sql) }).toEqual({ sql, gets });
  const allowed = await run(control);
  expect({ control, isAllowed: typeof allowed === 'number' && allowed > 0, allowed }).toMatchObject({
    isAllowed: true,
  });
}

/** Logs in: unlike SET SESSION AUTHORIZATION of a superuser, nothing leads back from here. */
export async function logIn(database: PlatformDatabase, login: string): Promise<Client> {
  const known = (PASSWORDS as Readonly<Record<string, string>>)[login];
  if (known === undefined) await setPassword(database, login);
  const client = new Client({ connectionString: database.as(login, known ?? passwordOf(login)) });
  await client.connect();
  return client;
}

/** Other files log in to the support role too, at the same time: with one password for all. */
const passwordOf = (login: string) => (login === 'support_shell' ? PASSWORD : login);

/** Roles belong to the cluster, where other tests may alter the same one at this moment. */
async function setPassword(database: PlatformDatabase, login: string): Promise<void> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      await withClient(database.superuser, (client) =>
        client.query(`alter role "${login}" password '${passwordOf(login)}'`),
      );
      return;
    } catch (error) {
      if (attempts === 20) throw error;
      await sleep(20 * attempts);
    }
  }
}

export async function logInWith(
  database: PlatformDatabase,
  login: string,
  subject: TokenSubject,
): Promise<Client> {
  const client = await logIn(database, login);
  await setToken(client, tokenFor(subject, 3600));
  return client;
}

/** Logs in to the support role and redeems a ticket. A session that may write reads too, in whatever transaction. */
export async function logInToShell(
  database: PlatformDatabase,
  shell: Shell = { person: 'eng', write: true },
): Promise<Client> {
  const ticket = await issueTicket(database, shell);
  const client = await logIn(database, 'support_shell');
  await redeem(client, ticket);
  return client;
}
