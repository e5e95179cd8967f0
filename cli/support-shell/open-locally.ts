/** `open --local`: the same person, ticket and session, over the database of `npm start` instead of a container. */
import path from 'node:path';
import type { Client } from 'pg';
import { localDatabase, readLocalAws } from '../../local/connect';
import { CommandError, SQLSTATE, sqlstate } from '../../sql/db/errors';
import { withClient } from '../../sql/db/transaction';
import { loadRegistry } from '../../sql/registry';
import { proveRestricted, redeem, SUPPORT_LOGIN, sessionOptions } from '../../sql/support-session';
import { whoCalls } from '../approvals/caller';
import { Refused } from '../approvals/errors';
import { EXIT, type ExitCode } from '../approvals/exit-codes';
import { errorText } from './answer';
import type { Session } from './command';
import type { OpenOptions } from './commands/open';
import { withShell } from './enter';
import { shellOf } from './persona';
import { prompt, runStatement } from './prompt';
import { hasPsql, runPsql } from './psql';

export const REGISTRY = path.join(__dirname, '../../sql/registry.yaml');

export async function openLocally(session: Session, options: OpenOptions): Promise<ExitCode> {
  const { io, approvals, progress } = session;
  const write = options.write === true;
  const { url, account } = await local(session);
  const { service } = shellOf(await whoCalls(session.target), account, options.service);
  if (service !== 'support-shell') {
    throw new Refused(
      'service-missing',
      `there is no ${service} to enter on this machine`,
      'ask for --service support-shell',
    );
  }
  const config = { connectionString: url, options: sessionOptions(write), application_name: 'support-shell' };
  return withClient(config, async (client) => {
    const problems = await proveRestricted(client, await loadRegistry(REGISTRY));
    if (problems.length > 0) {
      for (const problem of problems) progress.note(`not proved: ${problem}`);
      throw new Refused(
        'not-restricted',
        'the database does not restrict this session',
        'npm start applies the registry again; what it reports is what has to be mended',
      );
    }
    const issued = await approvals.call('ticket', {
      service,
      reason: options.reason,
      ticket: options.ticket,
      write,
    });
    return withShell(approvals, issued, progress.note, async () => {
      if (options.execute === undefined && io.stdin.isTTY && (await hasPsql(io.env))) {
        return (await runPsql({ url, ticket: issued.ticket, write, env: io.env })) === 0
          ? EXIT.ok
          : EXIT.refused;
      }
      const opened = await redeem(client, issued.ticket).catch(refused);
      if (options.execute !== undefined) return execute(session, client, options.execute);
      const name = `${opened.name} ${opened.mode}`;
      progress.note(`${name}: \\q ends it. A table looks empty? support-shell explain TABLE [ORGANIZATION]`);
      const cancel = () => cancelBackend(url, client);
      return (await prompt({ client, io, name, cancel })) ? EXIT.ok : EXIT.refused;
    });
  });
}

async function local({ io }: Session): Promise<{ url: string; account: string }> {
  const [url, aws] = await Promise.all([localDatabase(io.env, SUPPORT_LOGIN), readLocalAws(io.env)]);
  if (url !== undefined && aws !== undefined) return { url, account: aws.account };
  throw new CommandError('not-started', 'nothing runs on this machine', 'npm start, in another terminal');
}

function refused(error: Error): never {
  if (sqlstate(error) !== SQLSTATE.ticketRefused) throw error;
  throw new Refused(
    'ticket-refused',
    error.message,
    'run the command again: every shell has a ticket of its own',
  );
}

async function execute({ io }: Session, client: Client, sql: string): Promise<ExitCode> {
  try {
    io.stdout(`${await runStatement(client, sql)}\n`);
    return EXIT.ok;
  } catch (error) {
    io.stderr.write(`${errorText(error)}\n`);
    return EXIT.refused;
  }
}

/** From a connection beside it, as the same login: nobody needs more to cancel what is their own. */
async function cancelBackend(url: string, client: Client): Promise<void> {
  const { processID } = client as Client & { processID?: number };
  await withClient(url, (other) => other.query('select pg_catalog.pg_cancel_backend($1)', [processID]));
}
