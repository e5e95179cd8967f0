/** The commands as people type them. */
import { Command } from 'commander';
import { EXIT, EXIT_CODES } from '../approvals/exit-codes';
import type { Io } from '../approvals/io';
import type { Program } from '../approvals/run-program';
import { auditCommand } from '../audit/program';
import type { Shell } from './command';
import { approverCommand } from './commands/approver';
import { breakGlassCommand } from './commands/break-glass';
import { approveCommand, denyCommand, reviewCommand } from './commands/decide';
import { listCommand, showCommand } from './commands/list';
import { requestCommand } from './commands/request';
import { revokeCommand } from './commands/revoke';
import { whoamiCommand } from './commands/whoami';

export function buildProgram(io: Io): Program {
  const shell: Shell = { io, outcome: { exitCode: EXIT.ok } };
  const program = new Command('sensitive-access')
    .description(
      'Access to sensitive organizations: asked for, approved with codes, ended, and proved to be over.',
    )
    .addCommand(requestCommand(shell))
    .addCommand(approveCommand(shell))
    .addCommand(denyCommand(shell))
    .addCommand(revokeCommand(shell))
    .addCommand(listCommand(shell))
    .addCommand(showCommand(shell))
    .addCommand(breakGlassCommand(shell))
    .addCommand(reviewCommand(shell))
    .addCommand(approverCommand(shell))
    .addCommand(auditCommand(io))
    .addCommand(whoamiCommand(shell))
    .addHelpText(
      'after',
      `\n${EXIT_CODES}\nThe way through it, for each of the people: docs/sensitive-access.md.`,
    );
  return { program, outcome: shell.outcome };
}
