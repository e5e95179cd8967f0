/**
 * The end of a grant, and the proof of it: its sessions of the database and its shells are ended, then somebody who is the
 * person for this one moment looks, and sees nothing. Nothing here undoes the revocation; it only says what became of it.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { CallerIdentity, Ended, Gate } from '../../sql/approvals/gate';
import { parseSigningKeys } from '../../sql/db/key-ring';
import { signToken } from '../../sql/db/token';
import { withTransaction } from '../../sql/db/transaction';
import { type Connector, withConnection } from '../connection/connect';
import { fieldsOf } from '../connection/edge';
import type { JsonLog } from '../connection/json-log';
import { type CountedTable, look, type Seen } from './probe';
import type { Settings } from './settings';

/** What the sessions that are ended may take for it. */
const END_WITHIN_MS = 5000;
/** Of the token for the console: as long as one look. */
const TOKEN_SECONDS = 30;

export interface Prover {
  readonly connector: Connector<Settings>;
  readonly ssm: SSMClient;
  /** Makes the ticket for a session of the person that shall only look. */
  readonly gate: Pick<Gate, 'probeTicket'>;
  readonly counted: () => Promise<readonly CountedTable[]>;
  readonly log: JsonLog;
}

/** Ends what the person has open as the support login. Which are left over is told by name. */
export async function endBackends(
  { connector, log }: Pick<Prover, 'connector' | 'log'>,
  backends: Ended['backends'],
): Promise<{ ended: number; failed: string[] }> {
  const { support } = connector.settings;
  const user = support.kind === 'secret' ? undefined : support.user;
  const [ours, others] = [
    backends.filter(({ login }) => login === user),
    backends.filter(({ login }) => login !== user),
  ];
  const failed = others.map(({ pid, login }) => `session ${pid} of ${login}`);
  if (ours.length === 0) return { ended: 0, failed };
  try {
    return await withConnection(connector, support, async (client) => {
      // By login too: a number may be somebody else's by now.
      const { rows } = await client.query<{ pid: number; gone: boolean }>(
        `select pid, pg_terminate_backend(pid, $2) as gone from pg_stat_activity
         where pid = any($1::int[]) and usename = current_user and pid <> pg_backend_pid()`,
        [ours.map(({ pid }) => pid), END_WITHIN_MS],
      );
      const left = rows.filter(({ gone }) => !gone).map(({ pid }) => `session ${pid} of ${user}`);
      return { ended: rows.length - left.length, failed: [...failed, ...left] };
    });
  } catch (error) {
    log.line('error', 'sessions-not-ended', fieldsOf(error));
    return { ended: 0, failed: [...failed, ...ours.map(({ pid, login }) => `session ${pid} of ${login}`)] };
  }
}

/** Ends the channels of ECS Exec; one that is gone already is ended. */
export async function endShells(
  { ssm, log }: Pick<Prover, 'ssm' | 'log'>,
  shells: Ended['shells'],
): Promise<{ ended: number; failed: string[] }> {
  const { TerminateSessionCommand } = await import('@aws-sdk/client-ssm');
  const failed: string[] = [];
  let ended = 0;
  for (const { shell, session } of shells) {
    // Opened without telling us which channel: its session of the database is ended all the same.
    if (session === null) continue;
    try {
      await ssm.send(new TerminateSessionCommand({ SessionId: session }));
      ended += 1;
    } catch (error) {
      if ((error as Error).name === 'DoesNotExistException') {
        ended += 1;
        continue;
      }
      log.line('error', 'shell-not-ended', { shell, ...fieldsOf(error) });
      failed.push(shell);
    }
  }
  return { ended, failed };
}

/** Looks as the person of the grant. @throws whatever keeps it from looking: then nothing is proved */
export async function proveGone(prover: Prover, caller: CallerIdentity, { request }: Ended): Promise<Seen> {
  const { organization, person, kind } = request;
  if (organization === null) return { rows: 0, tables: 0, control: false };
  const counted = await prover.counted();
  return kind === 'console'
    ? await inConsole(prover, person, organization, counted)
    : await inShell(prover, caller, person, organization, counted);
}

async function inShell(
  { connector, gate }: Prover,
  caller: CallerIdentity,
  person: string,
  organization: string,
  counted: readonly CountedTable[],
): Promise<Seen> {
  const ticket = randomBytes(32).toString('base64url');
  connector.keepSecret(ticket);
  await gate.probeTicket(caller, person, createHash('sha256').update(ticket).digest('hex'));
  return withConnection(connector, connector.settings.support, async (client) => {
    await client.query('begin read write');
    await client.query('select guard.redeem($1)', [ticket]);
    await client.query('commit');
    return withTransaction(client, () => look(client, organization, counted), { readOnly: true });
  });
}

async function inConsole(
  { connector }: Prover,
  person: string,
  organization: string,
  counted: readonly CountedTable[],
): Promise<Seen> {
  const text = await connector.credentials.secret(connector.settings.tokenKeys);
  connector.keepSecret(text);
  const token = signToken(parseSigningKeys(text), { kind: 'staff', person, expiresInSeconds: TOKEN_SECONDS });
  connector.keepSecret(token);
  return withConnection(connector, connector.settings.console, (client) =>
    withTransaction(
      client,
      async () => {
        await client.query(`select set_config('tenant_zero.token', $1, true)`, [token]);
        const seen = await look(client, organization, counted);
        if (seen.control) return seen;
        // Nobody else is assigned to them: then it counts that the database took the session for theirs.
        const { rows } = await client.query<{ person: string }>('select guard.current_person() as person');
        return { ...seen, control: seen.tables > 0 && rows[0]?.person === person };
      },
      { readOnly: true },
    ),
  );
}
