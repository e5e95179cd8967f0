/** Many requests, one line each. Pure. */
import type { RequestView } from '../../../lambda/approvals/protocol';
import { table } from '../../approvals/table';
import { when } from '../../approvals/times';

export function requests(views: readonly RequestView[], all: boolean, now: Date): string {
  if (views.length === 0)
    return all ? 'There was no request yet.' : 'Nothing is open. list --all shows what is over.';
  return table(
    ['ID', 'STATE', 'WHAT', 'ORGANIZATION', 'WHO', 'CODES', 'UNTIL'],
    views.map((view) => [
      view.id,
      view.breakGlass && !view.reviewed ? `${word(view)}, TO REVIEW` : word(view),
      what(view),
      view.own ? `${view.organization} (OWN)` : (view.organization ?? view.approver ?? ''),
      view.login,
      view.breakGlass ? 'none' : `${view.codesGiven.length} of ${view.codesNeeded}`,
      until(view, now),
    ]),
  );
}

/** The same as `show` begins with. */
const word = ({ state }: RequestView) => (state === 'approved' ? 'granted' : state);

function what({ kind, access, sensitive, breakGlass }: RequestView): string {
  if (kind === 'approver') return 'new approver';
  if (kind === 'flag') return sensitive ? 'flag on' : 'flag off';
  return `${breakGlass ? 'GLASS: ' : ''}${kind}, ${access}`;
}

function until({ state, lapsesAt, decidedAt, grant }: RequestView, now: Date): string {
  if (state === 'pending') return when(lapsesAt, now);
  const end = grant?.revokedAt ?? grant?.endsAt ?? decidedAt ?? lapsesAt;
  return when(end, now);
}
