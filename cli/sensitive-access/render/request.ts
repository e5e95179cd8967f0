/** A request in full, as an approver has to read it before a code is given. Pure. */
import type { RequestView } from '../../../lambda/approvals/protocol';
import { count, facts, indented } from '../../approvals/table';
import { when } from '../../approvals/times';
import { blastRadius, codes } from './blast';

/** Enough to compare by eye; json has all of it. */
export const shortHash = (hash: string) => hash.slice(0, 12);

export function request(view: RequestView, now: Date): string {
  const parts = [
    facts([
      ['request', view.id],
      ['hash', shortHash(view.hash)],
      ['state', state(view, now)],
      ['who', `${view.login}, ${view.persona}, person ${view.person}`],
      ['asks', asks(view)],
      ['why', view.reason],
      ['ticket', view.ticket],
      [
        'how long',
        view.kind === 'flag' || view.kind === 'approver' ? undefined : count(view.minutes, 'minute'),
      ],
      ['asked', when(view.createdAt, now)],
      ['needs', view.breakGlass ? 'no code: glass was broken' : codes(view.codesNeeded)],
      ['codes', given(view)],
      ['denied', view.denied ? `by ${view.denied.by}: ${view.denied.reason}` : undefined],
      ['reviewed', reviewed(view, now)],
    ]),
  ];
  if (view.kind !== 'flag' && view.kind !== 'approver') {
    parts.push(`It opens:\n${indented(blastRadius(view.blast))}`);
  }
  return parts.join('\n\n');
}

/** The sentence that a code says yes to. */
export function asks(
  view: Pick<RequestView, 'kind' | 'access' | 'organization' | 'own' | 'sensitive' | 'approver'>,
): string {
  const of = view.own ? `THE OWN TENANT, ${view.organization}` : view.organization;
  switch (view.kind) {
    case 'approver':
      return `that ${view.approver} counts as an APPROVER`;
    case 'flag':
      return `that ${of} is ${view.sensitive ? 'sensitive' : 'NO LONGER SENSITIVE: everybody in support sees it then'}`;
    case 'console':
    case 'shell':
      return `to ${view.access === 'write' ? 'READ AND WRITE' : 'read'} ${of}, in the ${view.kind}`;
  }
}

export function state(view: RequestView, now: Date): string {
  const { grant, lapsesAt } = view;
  switch (view.state) {
    case 'pending':
      return `pending: ${view.codesGiven.length} of ${count(view.codesNeeded, 'code')}; lapses ${when(lapsesAt, now)}`;
    case 'approved':
      return grant ? `granted until ${when(grant.endsAt, now)}` : 'granted';
    case 'ended':
      return grant ? `ended ${when(grant.endsAt, now)}` : 'ended';
    case 'revoked':
      return grant?.revokedAt ? `revoked ${when(grant.revokedAt, now)}` : 'revoked';
    case 'denied':
      return 'denied';
    case 'lapsed':
      return `lapsed ${when(lapsesAt, now)}: nobody decided in time`;
  }
}

function given({ codesGiven }: RequestView): string | undefined {
  if (codesGiven.length === 0) return undefined;
  return codesGiven
    .map(({ approver, drift }) => (drift === 0 ? approver : `${approver} (${clock(drift)})`))
    .join(', ');
}

function reviewed({ breakGlass, reviewed: review }: RequestView, now: Date): string | undefined {
  if (review) return `by ${review.by}, ${when(review.at, now)}: ${review.note}`;
  return breakGlass ? 'NOT YET: an approver closes it with review' : undefined;
}

/** @param drift - steps of 30 s, behind below zero */
export function clock(drift: number): string {
  const steps = Math.abs(drift);
  return `${count(steps, 'step')} (${steps * 30} s) ${drift < 0 ? 'behind' : 'ahead'}`;
}
