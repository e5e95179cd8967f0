/** `request`: shows what it would open, asks whether to go on, and asks the approvers. */
import { type Command, Option } from 'commander';
import type { Ask, RequestView } from '../../../lambda/approvals/protocol';
import { wholeNumber } from '../../../sql/cli/usage';
import { CommandError } from '../../../sql/db/errors';
import { Refused } from '../../approvals/errors';
import { EXIT, type ExitCode } from '../../approvals/exit-codes';
import { isTerminal } from '../../approvals/io';
import { plain } from '../../approvals/plain';
import { ask } from '../../approvals/prompt';
import { facts } from '../../approvals/table';
import { approverFlags } from '../../approvals/target';
import { when } from '../../approvals/times';
import { command, running, type Session, type Shell } from '../command';
import { codes, preview } from '../render/blast';
import { asks, shortHash } from '../render/request';
import { untilDecided } from '../wait';

interface Options {
  readonly organization: string;
  readonly kind: Ask['kind'];
  readonly write?: true;
  readonly sensitive?: 'yes' | 'no';
  readonly reason: string;
  readonly ticket: string;
  readonly minutes?: number;
  readonly yes?: true;
  readonly wait?: true;
}

export function requestCommand(shell: Shell): Command {
  return command({
    name: 'request',
    summary: 'ask the approvers to let you see an organization, or to change its flag',
    examples: [
      'request --organization acme --kind shell --reason "export fails since Monday" --ticket OPS-123 --stage prod',
      'request --organization own --kind console --minutes 15 --reason "wrong address on invoice" --ticket OPS-7 --wait --stage prod',
      'request --organization acme --kind flag --sensitive yes --reason "contract signed in June" --ticket SALES-9 --stage prod',
      'request --organization own --kind shell --reason "looking at the demo" --ticket OPS-1 --yes --local --profile uma',
    ],
    more: 'Who asks is whoever the credentials belong to: there is no option for it. Nobody is asked before you have seen what it would open.',
  })
    .requiredOption('--organization <key>', 'which one; own is the own tenant')
    .addOption(
      new Option('--kind <kind>', 'where it is seen; flag: change whether the organization is sensitive')
        .choices(['console', 'shell', 'flag'])
        .makeOptionMandatory(),
    )
    .option('--write', 'to change rows, not only to read them')
    .addOption(
      new Option('--sensitive <answer>', 'what it shall be; with --kind flag').choices(['yes', 'no']),
    )
    .requiredOption('--reason <text>', 'why, for the approvers and the ledger: at least 10 characters')
    .requiredOption('--ticket <number>', 'such as OPS-123')
    .option('--minutes <number>', 'how long (default: what the registry says, 30 as shipped)', wholeNumber(1))
    .option('--yes', 'ask the approvers without asking you first')
    .option('--wait', 'until it is decided')
    .action(running(shell, runRequest));
}

async function runRequest(session: Session, options: Options): Promise<ExitCode> {
  const { io, approvals } = session;
  const input = inputOf(options);
  const found = await approvals.call('preview', input);
  session.tell(`${preview(found, input.kind, io.now())}\n`);
  if (!options.yes) await requireYes(session);

  const view = await approvals.call('request', input);
  if (!options.wait) {
    session.print(view, () => asked(view, session));
    return EXIT.ok;
  }
  session.tell(`${asked(view, session)}\n`);
  return untilDecided(session, view);
}

function inputOf({ organization, kind, write, sensitive, reason, ticket, minutes }: Options): Ask {
  if ((kind === 'flag') !== (sensitive !== undefined)) {
    throw kind === 'flag'
      ? new CommandError(
          'sensitive-missing',
          '--kind flag needs --sensitive',
          'add --sensitive yes or --sensitive no',
        )
      : new CommandError(
          'sensitive-unused',
          `--sensitive says nothing with --kind ${kind}`,
          'leave it out, or ask for --kind flag',
        );
  }
  if (kind === 'flag' && write) {
    throw new CommandError(
      'write-unused',
      '--write says nothing with --kind flag',
      'leave it out: no rows are opened',
    );
  }
  if (kind === 'flag' && minutes !== undefined) {
    throw new CommandError(
      'minutes-unused',
      '--minutes says nothing with --kind flag',
      'leave it out: a flag stays',
    );
  }
  return {
    organization,
    kind,
    access: write ? 'write' : 'read',
    ...(sensitive === undefined ? {} : { sensitive: sensitive === 'yes' }),
    ...(minutes === undefined ? {} : { minutes }),
    reason,
    ticket,
  };
}

async function requireYes({ io }: Session): Promise<void> {
  if (!isTerminal(io)) {
    throw new CommandError(
      'no-terminal',
      'there is no terminal to ask on, and nobody was asked for anything',
      'read what it would open, above, and add --yes',
    );
  }
  const answer = await ask(io, 'Ask the approvers? [y/N] ');
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new Refused('not-wanted', 'nobody was asked', 'run it again with less, or when you are sure');
}

function asked(view: RequestView, { io, target }: Session): string {
  const needed = view.codesNeeded - view.codesGiven.length;
  return [
    plain(`Asked: ${asks(view)}.`),
    facts([
      ['request', view.id],
      ['hash', shortHash(view.hash)],
      ['needs', codes(needed)],
      ['approvers run', `npm run -s sensitive-access -- approve ${view.id} ${approverFlags(target)}`],
      ['lapses', when(view.lapsesAt, io.now())],
    ]),
  ].join('\n');
}
