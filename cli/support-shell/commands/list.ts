/** `list` and `close`. */
import type { Command } from 'commander';
import type { ShellView } from '../../../lambda/approvals/protocol';
import { EXIT, type ExitCode } from '../../approvals/exit-codes';
import { table } from '../../approvals/table';
import { minute } from '../../approvals/times';
import { command, running, type Session, type Shell } from '../command';

export function listCommand(shell: Shell): Command {
  return command({
    name: 'list',
    summary: 'shells of the last day',
    examples: ['list --stage prod', 'list --format json --stage prod', 'list --local --profile uma'],
    more: 'Approvers see those of everybody, others their own.',
  }).action(running(shell, runList));
}

async function runList(session: Session): Promise<ExitCode> {
  const listed = await session.approvals.call('shells', {});
  session.print(listed, () => shellsText(listed.shells));
  return EXIT.ok;
}

export function closeCommand(shell: Shell): Command {
  return command({
    name: 'close',
    summary: 'end a shell: its session, and its ticket if nobody has used it',
    examples: [
      'close 0b5ff5cc-6b1f-4c8e-9f0e-1d6c3a1f2b11 --stage prod',
      'close 0b5ff5cc-6b1f-4c8e-9f0e-1d6c3a1f2b11 --reason "left open over night" --stage prod',
    ],
  })
    .argument('<id>', 'as list prints it')
    .option('--reason <text>', "why; needed for somebody else's: at least 10 characters")
    .action(running(shell, runClose));
}

async function runClose(session: Session, { reason }: { reason?: string }, id: string): Promise<ExitCode> {
  const view = await session.approvals.call('shell-close', {
    shell: id,
    ...(reason === undefined ? {} : { reason }),
  });
  session.print(view, () => shellsText([view]));
  return EXIT.ok;
}

export function shellsText(shells: readonly ShellView[]): string {
  if (shells.length === 0) return 'No shells.';
  return table(
    ['shell', 'who', 'service', 'access', 'issued', 'state', 'ticket', 'reason'],
    shells.map((each) => [
      each.shell,
      each.login,
      each.service,
      each.write ? 'write' : 'read',
      minute(each.issuedAt),
      stateOf(each),
      each.ticket,
      each.reason,
    ]),
  );
}

function stateOf({ openedAt, endedAt }: ShellView): string {
  if (endedAt !== null) return `ended ${minute(endedAt)}`;
  return openedAt === null ? 'not used' : 'open';
}
