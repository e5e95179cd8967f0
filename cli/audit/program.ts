/** `sensitive-access audit`, as people type it. Declaration only: a command's own file does the work. */
import { Command } from 'commander';
import { wholeNumber } from '../../sql/cli/usage';
import { helpEnd, sentence } from '../approvals/command';
import type { Io } from '../approvals/io';
import { runAudit } from './commands/audit';
import { runLog } from './commands/log';
import { runVerify } from './commands/verify';
import { given, withPlace } from './options';

/** For the program `sensitive-access`. Errors are thrown, `Refused` for what `verify` finds. */
export function auditCommand(io: Io): Command {
  const audit = named('audit', 'who could see an organization, and who did; "nobody" is an answer')
    // What stands behind `verify` and `log` is theirs, though they know options of the same names.
    .enablePositionalOptions()
    .option('--organization <key>', 'its key; own: the own tenant');
  dates(withPlace(audit));
  examples(audit, [
    'audit --stage prod --organization own --at 2026-04',
    'audit --stage prod --organization own --from 2026-01-01 --to 2026-03-31 --format csv > q1.csv',
    'audit verify --stage prod',
    'audit log --local --event break-glass',
  ]);
  audit.action((_: unknown, command: Command) => runAudit(given(command), io));

  const verify = named('verify', 'that no entry of the ledger was changed, or is gone')
    .option('--bucket <name>', 'of the exported heads (default: the audit bucket of the stage)')
    .option('--heads-dir <directory>', 'exported heads as files')
    .option('--without-heads', 'the chain alone: entries that are gone from its end are not found');
  examples(withPlace(verify), ['audit verify --stage prod', 'audit verify --local']);
  verify.action((_: unknown, command: Command) => runVerify(given(command), io));

  const log = named('log', 'the entries of the ledger, as they were written')
    .option('--organization <key>', 'of this organization only: its key')
    .option('--event <name>', 'of this kind only, such as approval, break-glass, shell-opened')
    .option('--after <sequence>', 'what comes after this entry', wholeNumber(0))
    .option('--limit <entries>', 'at most so many', wholeNumber(1));
  examples(dates(withPlace(log)), [
    'audit log --stage prod --at 2026-04 --format json',
    'audit log --local --after 4000 --limit 20',
  ]);
  log.action((_: unknown, command: Command) => runLog(given(command), io));

  return audit.addCommand(verify).addCommand(log);
}

function named(name: string, summary: string): Command {
  return new Command(name).summary(summary).description(sentence(summary));
}

function dates(command: Command): Command {
  return command
    .option('--at <date>', 'all of a month, a day or a year: 2026-04, 2026-04-15; or an instant (UTC)')
    .option('--from <date>', 'from the start of it')
    .option('--to <date>', 'to the end of it (default: now)');
}

function examples(command: Command, lines: readonly string[]): void {
  command.addHelpText('after', helpEnd('sensitive-access', lines));
}
