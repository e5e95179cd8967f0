/** Asking: what it would open, the request itself, and looking at what was asked. */

import type { RequestView } from '../../../sql/approvals/views';
import { Refusal } from '../errors';
import { mustBeGrantable } from '../grantable';
import { narrower } from '../narrower';
import { MESSAGES } from '../notify';
import { mustMaySee } from '../staff';
import type { Operations, Work } from '../work';

export const requests: Operations<'preview' | 'request' | 'list' | 'show' | 'visibility'> = {
  async preview({ gate, caller, staff }, asked) {
    mustMaySee(staff, caller.login);
    const context = await gate.context(caller, asked.organization);
    mustBeGrantable(asked, context);
    const { organization, own, defaultMinutes, past, live } = context;
    // The context speaks of grants.
    const codesNeeded = asked.kind === 'flag' ? 1 : context.codesNeeded;
    const blast = await gate.blastRadius(caller, organization);
    const minutes = asked.minutes ?? defaultMinutes;
    return { organization, own, codesNeeded, minutes, blast, past, live, narrower: narrower(asked, context) };
  },

  async request(work, asked) {
    const { gate, caller, staff, id, measurements, notify } = work;
    mustMaySee(staff, caller.login);
    const { organization } = await gate.context(caller, asked.organization);
    const { kind, access, sensitive = null, minutes, reason, ticket } = asked;
    const wanted = {
      ...{ id, kind, access, organization, sensitive, reason, ticket },
      ...(minutes === undefined ? {} : { minutes }),
    };
    const made = await gate.request(caller, wanted).catch((error: unknown) => madeBefore(work, asked, error));
    measurements.count('requests');
    await notify.tell(MESSAGES.requested(made));
    return made;
  },

  async list({ gate, caller, scope }, { all, limit }) {
    const found = await gate.list(caller, { all, limit });
    // The database says so too.
    return { requests: found.filter(({ person }) => scope === 'all' || person === caller.person) };
  },

  show: (work, { request }) => visible(work, request),

  async visibility({ gate, caller, staff }, { organization = null }) {
    const grants = await gate.grantsOf(caller, organization);
    return { ...caller, maySeeSensitive: staff.maySeeSensitive, grants };
  },
};

/** A request that the caller may know of. @throws {Refusal} `access-unknown` also for somebody else's */
export async function visible({ gate, caller, scope }: Work, id: string): Promise<RequestView> {
  const request = await gate.show(caller, id);
  if (scope === 'all' || request.person === caller.person) return request;
  throw new Refusal(
    'access-unknown',
    'no such request, or none of yours',
    'See which there are: `npm run -s sensitive-access -- list`.',
  );
}

/** The request that this very call made, before it died and could not answer. @throws `error` when there is none */
export async function madeBefore(
  { gate, caller, id }: Work,
  { reason, ticket }: Pick<RequestView, 'reason' | 'ticket'>,
  error: unknown,
): Promise<RequestView> {
  const found = await gate.show(caller, id).catch(() => undefined);
  if (found?.person === caller.person && found.reason === reason && found.ticket === ticket) return found;
  throw error;
}
