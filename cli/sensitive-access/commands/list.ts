/** `list` and `show`. */
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../../approvals/exit-codes';
import { command, running, type Session, type Shell } from '../command';
import { request } from '../render/request';
import { requests } from '../render/requests';

export function listCommand(shell: Shell): Command {
  return command({
    name: 'list',
    summary: 'what is open: requests, grants, and broken glass that nobody has looked at',
    examples: ['list --stage prod', 'list --all --format json --stage prod', 'list --local --profile ada'],
    more: 'Approvers see those of everybody, others their own.',
  })
    .option('--all', 'also what is over, newest first')
    .action(running(shell, runList));
}

async function runList(session: Session, { all = false }: { all?: boolean }): Promise<ExitCode> {
  const listed = await session.approvals.call('list', { all });
  session.print(listed, () => requests(listed.requests, all, session.io.now()));
  return EXIT.ok;
}

export function showCommand(shell: Shell): Command {
  return command({
    name: 'show',
    summary: 'one request in full',
    examples: ['show 0b5ff5cc-6b1f-4c8e-9f0e-1d6c3a1f2b11 --stage prod'],
  })
    .argument('<id>', 'as list prints it')
    .action(running(shell, runShow));
}

async function runShow(session: Session, _: object, id: string): Promise<ExitCode> {
  const view = await session.approvals.call('show', { request: id });
  session.print(view, () => request(view, session.io.now()));
  return EXIT.ok;
}
