/** `whoami`: who AWS says you are, and so what you may ask. */
import type { Command } from 'commander';
import { CALLERS } from '../../../lambda/approvals/protocol';
import { whoCalls } from '../../approvals/caller';
import { Refused } from '../../approvals/errors';
import { EXIT, type ExitCode } from '../../approvals/exit-codes';
import { facts } from '../../approvals/table';
import { command, running, type Session, type Shell } from '../command';

/** `SecurityAuditor` reads the ledger with a login of its own. */
const MAY: Readonly<Record<(typeof CALLERS)[number] | 'SecurityAuditor', string>> = {
  ProdEngineer: 'request, revoke, list, show',
  BreakGlassAdmin: 'break-glass, request, revoke, list, show',
  SensitiveApprover: 'approve, deny, review, approver, revoke, list, show',
  SecurityAuditor: 'audit',
};

export function whoamiCommand(shell: Shell): Command {
  return command({
    name: 'whoami',
    summary: 'who you are, as AWS says',
    examples: ['whoami --stage prod --profile prod-engineer', 'whoami --local --profile uma'],
  }).action(running(shell, runWhoami));
}

async function runWhoami(session: Session): Promise<ExitCode> {
  const caller = await whoCalls(session.target);
  const may =
    caller.persona !== null && Object.hasOwn(MAY, caller.persona) && MAY[caller.persona as keyof typeof MAY];
  session.print(caller, () =>
    facts([
      ['persona', caller.persona ?? 'none'],
      ['login', caller.login ?? 'none'],
      ['account', caller.account],
      ['arn', caller.arn],
      ['calls', `${session.target.functionName} in ${session.target.region}`],
      ['may', may || 'nothing'],
    ]),
  );
  if (may) return EXIT.ok;
  throw new Refused(
    'no-persona',
    'the function answers no such identity',
    `aws sso login with one of the permission sets ${CALLERS.join(', ')}`,
  );
}
