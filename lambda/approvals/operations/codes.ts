/**
 * A code and what it decides. Two transactions: the first says that somebody tries, and stays whatever happens next; the
 * second holds approver and request, looks at the code, and writes the decision or the failure.
 */
import { randomUUID } from 'node:crypto';
import type { Accepted, NewAttempt } from '../../../sql/approvals/gate';
import { SQLSTATE, sqlstate } from '../../../sql/db/errors';
import { withTransaction } from '../../../sql/db/transaction';
import { fieldsOf } from '../../connection/edge';
import { Refusal, refusalOf } from '../errors';
import { MESSAGES } from '../notify';
import { type CodeResult, checkCode } from '../totp';
import type { Work } from '../work';

export interface CodeGiven extends Accepted {
  readonly drift: number;
}

/** As the stage declares approvers: by the name before the `@` of their login. */
export function approverOf(login: string): string {
  return login.split('@')[0] ?? '';
}

/**
 * @throws {Refusal} `code-wrong`, `code-used`, `code-malformed`, and what the database refuses
 * @throws {Error} when the seed cannot be read: nothing was tried then, and nothing counts against anybody
 */
export async function withCode(
  work: Work,
  attempt: Omit<NewAttempt, 'id'>,
  code: string,
): Promise<CodeGiven> {
  const { gate, client, caller, seeds, log, now } = work;
  log.keepSecret(code);
  const approver = approverOf(caller.login);
  const seed = await seeds.read(approver);
  const id = randomUUID();
  await gate.attempt(caller, { ...attempt, id }).catch((error: unknown) => {
    if (sqlstate(error) === SQLSTATE.approverLocked) work.measurements.count('codesRefused');
    throw error;
  });
  let wasWeighed = false;
  const outcome = await withTransaction(client, async () => {
    const weighed = await gate.weigh(id);
    wasWeighed = true;
    // The seed was read for a name that we made of the login; the database has its own idea, and both must agree.
    if (weighed.approver !== approver)
      throw new Error(`the attempt is by ${weighed.approver}, not by ${approver}`);
    // Until it counts a seed may be exchanged; whoever does that needs the lock that is held now.
    const kept = attempt.purpose === 'confirm-approver' ? await seeds.read(approver) : seed;
    const result = await checkCode({ seed: kept, code, lastStep: weighed.lastStep, now: now() });
    if (!result.ok)
      return { ok: false as const, why: result.why, refused: await gate.refuse(id, result.why) };
    const { step, drift } = result;
    return { ok: true as const, drift, accepted: await gate.accept(id, step, drift) };
  }).catch(async (error: unknown) => {
    // Somebody else decided in between: nobody has looked at the code, and the database sees for itself that nobody could.
    if (!wasWeighed && refusalOf(error))
      await gate.abandon(id).catch((reason: unknown) => {
        log.line('warn', 'attempt-counts', { approver, ...fieldsOf(reason) });
      });
    throw error;
  });
  if (outcome.ok) {
    const { accepted, drift } = outcome;
    log.line('info', 'code-accepted', { approver, purpose: attempt.purpose, drift });
    return { ...accepted, drift };
  }
  const { why, refused } = outcome;
  work.measurements.count('codesRefused');
  const { failures, lockedUntil, lockedNow } = refused;
  log.line('warn', 'code-refused', { approver, why, failures, lockedUntil });
  if (lockedNow) await work.notify.tell(MESSAGES.locked(approver, lockedUntil));
  throw refusal(why, failures, lockedUntil);
}

function refusal(
  why: Extract<CodeResult, { ok: false }>['why'],
  failures: number,
  lockedUntil: string | null,
): Refusal {
  const counted = lockedUntil
    ? `no code of yours is taken until ${lockedUntil}`
    : `${failures} of 5 failures in 15 minutes`;
  const next = lockedUntil
    ? 'Wait until then, or ask another approver.'
    : 'Wait for the next code of this stage, and give that one; see that the clock of your phone is right.';
  switch (why) {
    case 'wrong':
      return new Refusal('code-wrong', `the code is wrong; ${counted}`, next);
    case 'used':
      return new Refusal('code-used', `the code, or a later one, was used already; ${counted}`, next);
    case 'malformed':
      return new Refusal('code-malformed', `the code is not six digits; ${counted}`, next);
    default:
      return why satisfies never;
  }
}
