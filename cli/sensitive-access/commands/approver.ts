/** `approver add | confirm | remove | list`: who may say yes, and how somebody comes to. */
import { Command } from 'commander';
import QRCode from 'qrcode';
import type { ApproverAdded, Results } from '../../../lambda/approvals/protocol';
import { CommandError } from '../../../sql/db/errors';
import { requireApprover } from '../../approvals/approver-only';
import { type CodeOptions, readCode, requireSomebody } from '../../approvals/codes';
import { helpEnd } from '../../approvals/command';
import { Refused } from '../../approvals/errors';
import { EXIT, type ExitCode } from '../../approvals/exit-codes';
import { checkedInput } from '../../approvals/input';
import { isTerminal } from '../../approvals/io';
import { plain } from '../../approvals/plain';
import { approverFlags } from '../../approvals/target';
import { command, running, type Session, type Shell } from '../command';
import { approvers } from '../render/outcomes';

const CODE_STDIN = 'read the code from standard input';

export function approverCommand(shell: Shell): Command {
  return new Command('approver')
    .summary('who may approve: add, confirm, remove, list')
    .description('Who may approve.')
    .addHelpText('after', helpEnd('sensitive-access', ['approver list --stage prod']))
    .addCommand(addCommand(shell))
    .addCommand(confirmCommand(shell))
    .addCommand(removeCommand(shell))
    .addCommand(listCommand(shell));
}

function addCommand(shell: Shell): Command {
  return command({
    name: 'add',
    summary: 'make a seed for an approver, show it as a QR code, and ask for a first code',
    examples: ['approver add ada --stage prod', 'approver add ada --format json --local --profile ada'],
    more: 'The seed is shown once, on the terminal. With --format json it is printed, and nothing is asked: approver confirm does that.',
  })
    .argument('<name>', 'as the stage declares it: what stands before the @ of the login')
    .action(running(shell, runAdd));
}

async function runAdd(session: Session, _: object, name: string): Promise<ExitCode> {
  const { io, approvals, format } = session;
  if (format === 'table' && !isTerminal(io)) {
    throw new CommandError(
      'no-terminal',
      'there is no terminal to show the seed on, and none was made',
      'run it on a terminal; --format json prints the seed for a program, which has to keep it secret',
    );
  }
  const added = await approvals.call('approver-add', { name });
  if (format === 'json') {
    session.print(added, () => '');
    return EXIT.ok;
  }
  session.tell(await seed(added));
  return confirm(session, name, {});
}

/** For an authenticator, as a picture and to type. */
async function seed({ name, otpauth, secret }: ApproverAdded): Promise<string> {
  const picture = await QRCode.toString(otpauth, { type: 'terminal', small: true });
  const groups = secret.replace(/(.{4})(?=.)/g, '$1 ');
  return [
    plain(`Scan this with the authenticator of ${name}. It is not shown again.`),
    '',
    picture.trimEnd(),
    `To type instead: ${plain(groups)}`,
    '',
  ].join('\n');
}

function confirmCommand(shell: Shell): Command {
  return command({
    name: 'confirm',
    summary: 'give the first code of a new seed',
    examples: ['approver confirm ada --stage prod'],
  })
    .argument('<name>')
    .option('--code-stdin', CODE_STDIN)
    .action(running(shell, runConfirm));
}

async function runConfirm(session: Session, options: CodeOptions, name: string): Promise<ExitCode> {
  requireSomebody(session.io, options);
  // Everything but the code, before it is asked for.
  checkedInput('approver-confirm', { name, code: '000000' });
  await requireApprover(session, 'approver confirm');
  return confirm(session, name, options);
}

async function confirm(session: Session, name: string, options: CodeOptions): Promise<ExitCode> {
  const question = `The code that it shows for ${plain(name)}: `;
  const again = `approver confirm ${name} asks again; the seed stays`;
  const code = await readCode(session.io, question, options).catch(saying(() => again));
  const confirmed = await session.approvals
    .call('approver-confirm', { name, code })
    .catch(saying(({ code: why, next }) => (why.startsWith('code-') ? `${next} ${again}` : next)));
  session.print(confirmed, () => confirmation(confirmed, approverFlags(session.target)));
  return EXIT.ok;
}

/** The seed is made: a slip in the code is no reason for another one. */
function saying(next: (error: CommandError) => string) {
  return (error: unknown): never => {
    if (!(error instanceof CommandError)) throw error;
    // Of the same class: the exit code depends on it.
    const Same = error instanceof Refused ? Refused : CommandError;
    throw new Same(error.code, error.message, next(error), error.fault);
  };
}

function confirmation({ name, state, request }: Results['approver-confirm'], flags: string): string {
  if (state === 'counts') return plain(`${name} counts as an approver.`);
  if (request === null)
    return plain(`${name} does not count yet: another approver has to approve it, see list.`);
  return [
    plain(`The code is right. ${name} counts when another approver has approved it:`),
    `  npm run -s sensitive-access -- approve ${plain(request.id)} ${flags}`,
  ].join('\n');
}

function removeCommand(shell: Shell): Command {
  return command({
    name: 'remove',
    summary: 'take an approver away, with a code of your own; what they have approved in part starts anew',
    examples: ['approver remove ivo --reason "has left the company" --stage prod'],
  })
    .argument('<name>')
    .requiredOption('--reason <text>', 'why, for the ledger: at least 10 characters')
    .option('--code-stdin', CODE_STDIN)
    .action(running(shell, runRemove));
}

async function runRemove(
  session: Session,
  options: CodeOptions & { reason: string },
  name: string,
): Promise<ExitCode> {
  const { io, approvals } = session;
  const { reason } = options;
  requireSomebody(io, options);
  // Everything but the code, before it is asked for.
  checkedInput('approver-remove', { name, reason, code: '000000' });
  await requireApprover(session, 'approver remove');
  const code = await readCode(io, `Your own code, to remove ${plain(name)}: `, options);
  const removed = await approvals.call('approver-remove', { name, code, reason });
  session.print(removed, () => plain(`${removed.name} is no approver any more.`));
  return EXIT.ok;
}

function listCommand(shell: Shell): Command {
  return command({
    name: 'list',
    summary: 'approvers, and who of them is locked',
    examples: ['approver list --stage prod'],
  }).action(running(shell, runList));
}

async function runList(session: Session): Promise<ExitCode> {
  const listed = await session.approvals.call('approver-list', {});
  session.print(listed, () => approvers(listed.approvers, session.io.now()));
  return EXIT.ok;
}
