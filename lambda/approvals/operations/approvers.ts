/** Approvers: who counts as one, with a seed of their own and a code that shows that they have it. */
import { generateSecret, generateURI } from 'otplib';
import type { Accepted } from '../../../sql/approvals/gate';
import { withTransaction } from '../../../sql/db/transaction';
import { fieldsOf } from '../../connection/edge';
import { Refusal } from '../errors';
import { MESSAGES } from '../notify';
import type { Operations, Work } from '../work';
import { approverOf, withCode } from './codes';

export const approvers: Operations<
  'approver-add' | 'approver-confirm' | 'approver-remove' | 'approver-list'
> = {
  async 'approver-add'(work, { name }) {
    onlyYourself(work, name);
    const { gate, client, caller, seeds, settings, notify } = work;
    const secret = generateSecret();
    // What was proved before counts for nothing from here on, whatever becomes of the rest: a seed that is written, and then
    // not committed to, would otherwise stand behind somebody who only waits for another's code.
    await withTransaction(client, () => gate.addApprover(caller, name));
    // Under the database's lock, which refuses while a seed of that name counts, and which a confirmation needs too.
    await withTransaction(client, async () => {
      await gate.addApprover(caller, name);
      await seeds.write(name, secret);
    });
    await notify.tell(MESSAGES.approverChanged('added', name, caller.login));
    const otpauth = generateURI({ issuer: `Tenant Zero ${settings.stage}`, label: caller.login, secret });
    return { name, otpauth, secret };
  },

  async 'approver-confirm'(work, { name, code }) {
    onlyYourself(work, name);
    const attempt = {
      purpose: 'confirm-approver',
      request: null,
      hash: null,
      approver: name,
      reason: null,
    } as const;
    const { approver, request } = await withCode(work, attempt, code);
    const view = of(approver);
    const what = view.state === 'counts' ? 'counts' : 'waits';
    await work.notify.tell(MESSAGES.approverChanged(what, name, work.caller.login));
    return { ...view, request };
  },

  async 'approver-remove'(work, { name, code, reason }) {
    const attempt = {
      purpose: 'remove-approver',
      request: null,
      hash: null,
      approver: name,
      reason,
    } as const;
    const { approver } = await withCode(work, attempt, code);
    // Removed is removed; a seed that stays behind opens nothing.
    await work.seeds.write(name, null).catch((error: unknown) => {
      work.log.line('error', 'seed-left-behind', { approver: name, ...fieldsOf(error) });
    });
    await work.notify.tell(MESSAGES.approverChanged('removed', name, work.caller.login));
    return of(approver);
  },

  'approver-list': async ({ gate, caller }) => ({ approvers: await gate.approvers(caller) }),
};

/** Whoever sees the seed of another could give two codes alone. */
function onlyYourself({ caller }: Work, name: string): void {
  const own = approverOf(caller.login);
  if (own === name) return;
  throw new Refusal(
    'approver-not-yourself',
    `only ${name} sets up ${name}; you are ${own}`,
    `Ask ${name} to run it: \`npm run -s sensitive-access -- approver add ${name}\`.`,
  );
}

function of(approver: Accepted['approver']) {
  if (approver === null) throw new Error('an enrolment without an approver');
  return approver;
}
