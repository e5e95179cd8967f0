/** `revoke`: ends a grant and what runs under it, and proves that nothing is seen any more. */
import type { Command } from 'commander';
import { Refused } from '../../approvals/errors';
import { EXIT, type ExitCode } from '../../approvals/exit-codes';
import { command, running, type Session, type Shell } from '../command';
import { revocation } from '../render/outcomes';

export function revokeCommand(shell: Shell): Command {
  return command({
    name: 'revoke',
    summary: 'end a grant now, with its sessions and shells, and prove it',
    examples: ['revoke 0b5ff5cc-6b1f-4c8e-9f0e-1d6c3a1f2b11 --reason "the work is done" --stage prod'],
    more: 'Ends with 1 when it is not proved: then somebody may still see something.',
  })
    .argument('<id>', 'of the request, as list prints it')
    .requiredOption('--reason <text>', 'why, for the ledger: at least 10 characters')
    .action(running(shell, runRevoke));
}

async function runRevoke(session: Session, { reason }: { reason: string }, id: string): Promise<ExitCode> {
  const done = await session.approvals.call('revoke', { request: id, reason });
  session.print(done, () => revocation(done));
  // Withdrawn before anybody had approved it: there is nothing that could be seen.
  if (done.request.grant === null && done.proved) return EXIT.ok;
  // The same rule as the function's: a proof is not taken on its word.
  const { rows, control } = done.proof;
  if (done.proved && rows === 0 && control && done.shells.failed.length === 0) return EXIT.ok;
  throw new Refused(
    'not-proved',
    done.proved
      ? 'a shell could not be ended'
      : 'the grant has ended, but that nothing is seen is not proved',
    'run revoke again; if it stays so, end the task of the support shell, and tell whoever is on call',
  );
}
