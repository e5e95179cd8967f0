/** `open`: who you are, whether the shell is as it should be, a ticket, and then the shell. */
import { type Command, Option } from 'commander';
import { wholeNumber } from '../../../sql/cli/usage';
import { CommandError } from '../../../sql/db/errors';
import type { ExitCode } from '../../approvals/exit-codes';
import { checkedInput } from '../../approvals/input';
import { ACCOUNT_OPTION, type CommonOptions, command, running, type Session, type Shell } from '../command';
import { SERVICES, type Service } from '../expected';
import { openInAws } from '../open-in-aws';
import { openLocally } from '../open-locally';

export interface OpenOptions extends CommonOptions {
  readonly reason: string;
  readonly ticket: string;
  readonly write?: true;
  readonly service?: Service;
  readonly account?: string;
  readonly wait: number;
  readonly execute?: string;
}

export function openCommand(shell: Shell): Command {
  return command({
    name: 'open',
    summary: 'open the shell that your persona opens, if it is exactly as it should be',
    examples: [
      'open --reason "export fails since Monday" --ticket OPS-123 --stage prod --account 333333333333',
      'open --write --reason "correct a wrong address" --ticket OPS-124 --stage prod --account 333333333333',
      'open --service support-shell --reason "nobody answers, invoices stop" --ticket OPS-9 --stage prod --profile break-glass',
      'open --local --profile uma --reason "trying the shell" --ticket OPS-1',
      'open --local --profile uma --reason "trying the shell" --ticket OPS-1 --execute "select * from public.employees limit 3"',
    ],
    more: [
      'ProdEngineer opens support-shell; BreakGlassAdmin opens backend while glass is broken, or support-shell when asked to.',
      'When something is not as it should be, it says what, and who can mend it. There is no other way in.',
    ].join('\n'),
  })
    .requiredOption('--reason <text>', 'why, for the ledger: at least 10 characters')
    .requiredOption('--ticket <number>', 'at the help desk, such as OPS-123')
    .option('--write', 'a session that may change rows; the policies hold all the same')
    .addOption(new Option('--service <name>', 'BreakGlassAdmin: the weaker one instead').choices(SERVICES))
    .option(...ACCOUNT_OPTION)
    .option('--wait <seconds>', 'for a deploy or an agent that is about to be ready', wholeNumber(0), 120)
    .option('--execute <sql>', 'one statement, and end; with --local')
    .action(running(shell, runOpen));
}

function runOpen(session: Session, options: OpenOptions): Promise<ExitCode> {
  // Before anything is waited for: a slip shall not cost two minutes.
  checkedInput('ticket', { service: 'support-shell', reason: options.reason, ticket: options.ticket });
  if (options.local) return openLocally(session, options);
  if (options.execute !== undefined) {
    throw new CommandError(
      'execute-local',
      '--execute is for --local: the trail of AWS would keep the statement, and the values in it',
      'open the shell, and type it there',
    );
  }
  return openInAws(session, options);
}
