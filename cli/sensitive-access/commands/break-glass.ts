/** `break-glass`: access without an approver, for the night when nobody answers. Loud, short, and looked at afterwards. */
import type { Command } from 'commander';
import { CommandError } from '../../../sql/db/errors';
import { Refused } from '../../approvals/errors';
import { EXIT, type ExitCode } from '../../approvals/exit-codes';
import { checkedInput } from '../../approvals/input';
import { isTerminal } from '../../approvals/io';
import { ask } from '../../approvals/prompt';
import { command, running, type Session, type Shell } from '../command';
import { request } from '../render/request';

interface Options {
  readonly organization: string;
  readonly reason: string;
  readonly ticket: string;
  readonly write?: true;
  readonly confirm?: string;
}

const LOUD = `BREAKING GLASS: access without an approver.

  - Every approver and the owner of the platform are told now, with your name and your reason.
  - It ends after 30 minutes, and cannot be made longer.
  - What you do is in the ledger. It stays open in list until an approver has looked at it and closes it with a code.

If an approver answers: request. This is for the night when nobody does.`;

export function breakGlassCommand(shell: Shell): Command {
  return command({
    name: 'break-glass',
    summary: 'access without an approver, 30 minutes, everybody is told',
    examples: [
      'break-glass --organization own --reason "nobody answers, logins fail" --ticket INC-42 --stage prod --profile break-glass',
      'break-glass --organization acme --confirm acme --reason "trying the drill" --ticket INC-1 --local --profile bea',
    ],
    more: `${LOUD}\nFor the permission set BreakGlassAdmin only.`,
  })
    .requiredOption('--organization <key>', 'which one; own is the own tenant')
    .requiredOption('--reason <text>', 'why, for everybody: at least 10 characters')
    .requiredOption('--ticket <number>', 'such as INC-42')
    .option('--write', 'to change rows, not only to read them')
    .option('--confirm <key>', 'the organization again; without it you are asked to type it')
    .action(running(shell, runBreakGlass));
}

async function runBreakGlass(session: Session, options: Options): Promise<ExitCode> {
  const { organization, reason, ticket, write } = options;
  const input = { organization, access: write ? 'write' : 'read', reason, ticket } as const;
  checkedInput('break-glass', input);
  session.tell(`${LOUD}\n`);
  await requireSame(session, options);
  const view = await session.approvals.call('break-glass', input);
  session.print(view, () => request(view, session.io.now()));
  return EXIT.ok;
}

async function requireSame({ io }: Session, { organization, confirm }: Options): Promise<void> {
  if (confirm === undefined && !isTerminal(io)) {
    throw new CommandError(
      'no-terminal',
      'there is no terminal to ask on, and no glass was broken',
      `add --confirm with the organization again`,
    );
  }
  const typed = confirm ?? (await ask(io, 'Type the organization again: '));
  if (typed.trim() === organization.trim()) return;
  throw new Refused('not-confirmed', 'that is another organization: no glass was broken', 'run it again');
}
