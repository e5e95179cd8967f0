/** What an approver's code, or a revocation, led to. Pure. */
import type { ApproverView, Decision, Revocation } from '../../../lambda/approvals/protocol';
import { plain } from '../../approvals/plain';
import { count, facts, table } from '../../approvals/table';
import { distance, when } from '../../approvals/times';
import { clock } from './request';

export function decision(made: Decision, now: Date): string {
  const { request, drift, missing } = made;
  const lines = [ending(made, now)];
  if (drift !== 0) lines.push(`Your clock is ${clock(drift)}.`);
  if (missing > 0)
    lines.push(`${count(missing, 'more code')} by ${when(request.lapsesAt, now)}, of another approver.`);
  return lines.map(plain).join('\n');
}

function ending({ request, missing }: Decision, now: Date): string {
  if (request.state === 'denied') return 'Denied.';
  if (missing > 0) return 'The code counts. Nothing is open yet.';
  if (request.kind === 'approver') return `${request.approver} counts as an approver.`;
  if (request.kind === 'flag')
    return `${request.organization} is ${request.sensitive ? 'sensitive' : 'no longer sensitive'} now.`;
  if (request.grant === null) return 'Decided.';
  return `${request.login} may ${request.access === 'write' ? 'write' : 'read'} ${request.organization} until ${when(request.grant.endsAt, now)}.`;
}

export function revocation({ request, proof, sessions, shells, proved }: Revocation): string {
  if (request.grant === null && proved) return 'Withdrawn: nothing was open yet.';
  return [
    `${count(proof.rows, 'row')} after ${proof.afterMs} ms${proved ? '' : ': NOT PROVED'}`,
    facts([
      ['tables', proof.tables],
      ['sessions ended', sessions],
      ['shells ended', shells.ended],
      ['shells failed', shells.failed.length === 0 ? undefined : shells.failed.join(', ')],
      [
        'control',
        proof.control
          ? 'the probe saw an ordinary row: it can see'
          : 'the probe saw nothing at all: it proves nothing',
      ],
    ]),
  ].join('\n');
}

const STATES: Readonly<Record<ApproverView['state'], string>> = {
  unconfirmed: 'waits for a first code',
  'waits-for-approval': 'waits for another approver',
  counts: 'counts',
  removed: 'removed',
};

export function approvers(views: readonly ApproverView[], now: Date): string {
  if (views.length === 0) return 'There is no approver yet: approver add NAME makes the first.';
  return table(
    ['NAME', 'LOGIN', 'STATE', 'SINCE', 'LOCKED'],
    views.map((each) => [
      each.name,
      each.login,
      each.ownFrom && each.state === 'counts'
        ? `counts; for the own tenant ${distance(each.ownFrom, now)}`
        : STATES[each.state],
      when(each.since, now),
      each.lockedUntil ? `until ${when(each.lockedUntil, now)}` : '',
    ]),
  );
}
