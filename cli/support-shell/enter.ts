/**
 * The steps from a ready task to the end of the session. Whatever fails on the way closes the shell: a ticket that was
 * handed out is worth nothing afterwards.
 */
import { type ECSClient, ExecuteCommandCommand } from '@aws-sdk/client-ecs';
import type { TicketIssued } from '../../lambda/approvals/protocol';
import { CommandError } from '../../sql/db/errors';
import { TICKET } from '../../sql/support-session';
import type { Approvals } from '../approvals/client';
import type { Facts } from './facts';
import { carry, type PluginSession, type Signals } from './plugin';

export interface Asking {
  readonly reason: string;
  /** Number of the ticket at the help desk: not the ticket that opens the session. */
  readonly ticket: string;
  readonly write: boolean;
}

export interface Entering {
  readonly facts: Facts;
  readonly asking: Asking;
  readonly approvals: Pick<Approvals, 'call'>;
  readonly ecs: ECSClient;
  readonly profile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signals?: Signals;
  note(text: string): void;
}

/** Resolves to the exit code of the session. */
export async function enter(entering: Entering): Promise<number> {
  const { facts, asking, approvals, note } = entering;
  // 1. Who may, is decided by the function; from here on there is something to close.
  const issued = await approvals.call('ticket', {
    service: facts.expected.service,
    reason: asking.reason,
    ticket: asking.ticket,
    write: asking.write,
  });
  return withShell(approvals, issued, note, async () => {
    const task = targetOf(facts);
    // 2. The session waits until somebody speaks to it: nothing has run yet.
    const session = await execute(entering, task.arn, command(facts.expected.service, issued, asking.write));
    // 3. Before anybody is in it: a revocation has to know what to end.
    await approvals.call('shell-opened', { shell: issued.shell, task: task.arn, session: session.sessionId });
    // 4. The terminal is the session's until it ends.
    const { plugin, expected } = facts;
    return carry(
      {
        version: plugin.kind === 'works' ? plugin.version : '',
        session,
        region: expected.region,
        profile: entering.profile,
        target: task.target,
      },
      entering.env,
      entering.signals,
    );
  });
}

/** Closes the shell at the end, however it comes to it. A failure to do so is told; the ticket ends by itself. */
export async function withShell<T>(
  approvals: Pick<Approvals, 'call'>,
  { shell }: Pick<TicketIssued, 'shell'>,
  note: (text: string) => void,
  use: () => Promise<T>,
): Promise<T> {
  try {
    return await use();
  } finally {
    await approvals.call('shell-close', { shell }).catch((error: Error) => {
      note(`the shell could not be closed: ${error.message}; npm run -s support-shell -- close ${shell}`);
    });
  }
}

/**
 * The trail of AWS records the command of ExecuteCommand, and so the ticket: a few minutes later, when it has been
 * redeemed or has expired. It is good once, for two minutes, and only for a session of the restricted login, which only
 * this task has. In the backend nothing is redeemed: its shell is the session itself.
 */
function command(service: string, { ticket }: TicketIssued, write: boolean): string {
  if (service === 'backend') return '/bin/sh';
  // It becomes part of a command line in the container.
  if (!TICKET.test(ticket)) {
    throw new CommandError(
      'ticket-malformed',
      'the function answered something that is no ticket',
      'report it',
      'system',
    );
  }
  return `tz-psql --ticket=${ticket}${write ? ' --write' : ''}`;
}

/** Of the tasks, all of which are as they should be, the first by name. */
export function targetOf({ tasks, expected }: Facts): { readonly arn: string; readonly target: string } {
  const [task] = [...tasks].sort((a, b) => (a.taskArn ?? '').localeCompare(b.taskArn ?? ''));
  const arn = task?.taskArn ?? '';
  const container = task?.containers?.find(({ name }) => name === expected.container);
  const id = arn.slice(arn.lastIndexOf('/') + 1);
  return { arn, target: `ecs:${expected.cluster.name}_${id}_${container?.runtimeId}` };
}

async function execute({ ecs, facts }: Entering, task: string, command: string): Promise<PluginSession> {
  const { cluster, container } = facts.expected;
  const { session } = await ecs.send(
    new ExecuteCommandCommand({ cluster: cluster.arn, task, container, interactive: true, command }),
  );
  const { sessionId, streamUrl, tokenValue } = session ?? {};
  if (!sessionId || !streamUrl || !tokenValue) {
    throw new CommandError('no-session', 'ECS answered without a session', 'run the command again', 'system');
  }
  return { sessionId, streamUrl, tokenValue };
}
