/** Deciding about a request, each with a code for exactly this request; broken glass is looked at afterwards so too. */
import type { Accepted, NewAttempt } from '../../../sql/approvals/gate';
import { isUnusual } from '../metrics';
import { MESSAGES } from '../notify';
import type { Decision } from '../protocol';
import { mustStillBe } from '../staff';
import type { Operations, Work } from '../work';
import { withCode } from './codes';

export const decisions: Operations<'approve' | 'deny' | 'review'> = {
  async approve(work, { request, hash, code }) {
    await mustStillBe(work.client, await work.gate.show(work.caller, request));
    const decision = await decide(work, { ...about('approve', request, hash), reason: null }, code);
    const { measurements, now, settings, notify } = work;
    measurements.count('approvals');
    if (isUnusual(now(), settings.officeHours)) measurements.count('unusualHours');
    await notify.tell(MESSAGES.approved(decision.request, decision.missing));
    return decision;
  },

  async deny(work, { request, hash, code, reason }) {
    const decision = await decide(work, { ...about('deny', request, hash), reason }, code);
    work.measurements.count('denials');
    await work.notify.tell(MESSAGES.denied(decision.request));
    return decision;
  },

  async review(work, { request, hash, code, note }) {
    const decision = await decide(work, { ...about('review', request, hash), reason: note }, code);
    await work.notify.tell(MESSAGES.reviewed(decision.request));
    return decision;
  },
};

function about(purpose: NewAttempt['purpose'], request: string, hash: string) {
  return { purpose, request, hash, approver: null };
}

async function decide(work: Work, attempt: Omit<NewAttempt, 'id'>, code: string): Promise<Decision> {
  const { request, drift, missing } = await withCode(work, attempt, code);
  return { request: of(request), drift, missing };
}

function of(request: Accepted['request']) {
  if (request === null) throw new Error('a decision without a request');
  return request;
}
