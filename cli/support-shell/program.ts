/** The commands as people type them. */
import { Command } from 'commander';
import { EXIT, EXIT_CODES } from '../approvals/exit-codes';
import type { Io } from '../approvals/io';
import type { Program } from '../approvals/run-program';
import type { Shell } from './command';
import { explainCommand } from './commands/explain';
import { closeCommand, listCommand } from './commands/list';
import { openCommand } from './commands/open';

export function buildProgram(io: Io): Program {
  const shell: Shell = { io, outcome: { exitCode: EXIT.ok } };
  const program = new Command('support-shell')
    .description('A shell on the database in which a person is a person, and sees what they may.')
    .addCommand(openCommand(shell))
    .addCommand(listCommand(shell))
    .addCommand(closeCommand(shell))
    .addCommand(explainCommand(shell))
    .addHelpText('after', `\n${EXIT_CODES}\nWhat it is for and what it keeps: docs/sensitive-access.md.`);
  return { program, outcome: shell.outcome };
}
