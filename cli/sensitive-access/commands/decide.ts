/** `approve`, `deny`, `review`: an approver reads a request in full, and gives a code for exactly that. */
import type { Command } from 'commander';
import type { Decision, Input, RequestView } from '../../../lambda/approvals/protocol';
import { requireApprover } from '../../approvals/approver-only';
import { type CodeOptions, readCode, requireSomebody } from '../../approvals/codes';
import { Refused } from '../../approvals/errors';
import { EXIT, type ExitCode } from '../../approvals/exit-codes';
import { checkedInput } from '../../approvals/input';
import { command, running, type Session, type Shell } from '../command';
import { decision } from '../render/outcomes';
import { request, state } from '../render/request';

const CODE_STDIN = 'read the code from standard input';
const NO_ARGUMENT =
  'The code is asked for on the terminal, without echo. It is never an argument: those stay in the history of the shell, and every process can read them.';

type Deciding = 'approve' | 'deny' | 'review';

const isPending = (view: RequestView) => view.state === 'pending';
const isBroken = (view: RequestView) => view.breakGlass && view.reviewed === null;

export function approveCommand(shell: Shell): Command {
  return decisionCommand({
    name: 'approve',
    summary: 'say yes to a request, with a code',
    examples: [
      'approve 0b5ff5cc-6b1f-4c8e-9f0e-1d6c3a1f2b11 --stage prod',
      'approve 0b5ff5cc-6b1f-4c8e-9f0e-1d6c3a1f2b11 --local --profile ada',
    ],
  }).action(
    running<CodeOptions>(shell, (session, options, id) =>
      decide(session, options, id, { operation: 'approve', isOpen: isPending, more: {} }),
    ),
  );
}

export function denyCommand(shell: Shell): Command {
  return decisionCommand({
    name: 'deny',
    summary: 'say no to a request, with a code',
    examples: [
      'deny 0b5ff5cc-6b1f-4c8e-9f0e-1d6c3a1f2b11 --reason "the export can be read by the customer" --stage prod',
    ],
  })
    .requiredOption('--reason <text>', 'why not, for whoever asked: at least 10 characters')
    .action(
      running<CodeOptions & { reason: string }>(shell, (session, options, id) => {
        const more = { reason: options.reason };
        return decide(session, options, id, { operation: 'deny', isOpen: isPending, more });
      }),
    );
}

export function reviewCommand(shell: Shell): Command {
  return decisionCommand({
    name: 'review',
    summary: 'close broken glass afterwards, with a code',
    examples: [
      'review 0b5ff5cc-6b1f-4c8e-9f0e-1d6c3a1f2b11 --note "one invoice read, as OPS-88 says" --stage prod',
    ],
  })
    .requiredOption('--note <text>', 'what you found: at least 10 characters')
    .action(
      running<CodeOptions & { note: string }>(shell, (session, options, id) => {
        const more = { note: options.note };
        return decide(session, options, id, { operation: 'review', isOpen: isBroken, more });
      }),
    );
}

function decisionCommand(spec: { name: string; summary: string; examples: readonly string[] }): Command {
  return command({ ...spec, more: NO_ARGUMENT })
    .argument('<id>', 'of the request, as list prints it')
    .option('--code-stdin', CODE_STDIN);
}

interface Wanted<O extends Deciding> {
  readonly operation: O;
  readonly isOpen: (view: RequestView) => boolean;
  /** What is sent beside request, hash and code. */
  readonly more: Omit<Input<O>, 'request' | 'hash' | 'code'>;
}

/** The hash that is sent is that of the request which was shown: if it changes in between, the code is refused. */
async function decide<O extends Deciding>(
  session: Session,
  options: CodeOptions,
  id: string,
  { operation, isOpen, more }: Wanted<O>,
): Promise<ExitCode> {
  const { io, approvals } = session;
  const input = (request: string, hash: string, code: string) =>
    ({ request, hash, code, ...more }) as Input<Deciding> as Input<O>;
  requireSomebody(io, options);
  // Everything but hash and code, before a code is asked for: codes are used up.
  checkedInput(operation, input(id, '0'.repeat(64), '000000'));
  await requireApprover(session, operation);
  const view = await approvals.call('show', { request: id });
  session.tell(`${request(view, io.now())}\n`);
  if (!isOpen(view)) {
    throw new Refused(
      'request-closed',
      `there is nothing to decide: ${state(view, io.now())}`,
      'list says what is open; no code was asked for',
    );
  }
  const code = await readCode(io, question(view), options);
  const made: Decision = await approvals.call(operation, input(view.id, view.hash, code));
  session.print(made, () => (operation === 'review' ? 'Closed: reviewed.' : decision(made, io.now())));
  return EXIT.ok;
}

function question({ codesNeeded, codesGiven, breakGlass }: RequestView): string {
  if (breakGlass || codesNeeded < 2) return 'Your code: ';
  return `Your code, number ${codesGiven.length + 1} of ${codesNeeded}: `;
}
