/** Tickets for shells, and the shells that they opened. */
import { createHash, randomBytes } from 'node:crypto';
import { sqlstate } from '../../../sql/db/errors';
import { answerGivenOnce, Refusal } from '../errors';
import { endBackends } from '../revoke';
import { SERVICES } from '../rights';
import type { Operations, Work } from '../work';

const UNIQUE_VIOLATION = '23505';

export const shells: Operations<'ticket' | 'shell-opened' | 'shells' | 'shell-close'> = {
  async ticket({ gate, caller, id, log, measurements }, { service, reason, ticket: number, write }) {
    if (!SERVICES[caller.persona].includes(service)) {
      measurements.count('unexpectedPrincipals');
      throw new Refusal(
        'service-refused',
        `${caller.persona} opens no shell in ${service}`,
        'ProdEngineer opens support-shell; only BreakGlassAdmin opens backend, while glass is broken.',
      );
    }
    const secret = randomBytes(32).toString('base64url');
    log.keepSecret(secret);
    // What the database gets opens nothing by itself.
    const hash = createHash('sha256').update(secret).digest('hex');
    const asked = { id, hash, service, reason, ticket: number, write };
    const { shell, expiresAt } = await gate.ticket(caller, asked).catch((error: unknown) => {
      // This very call made one already, and its answer was lost.
      throw sqlstate(error) === UNIQUE_VIOLATION ? answerGivenOnce() : error;
    });
    return { shell, ticket: secret, expiresAt, person: caller.person, login: caller.login };
  },

  'shell-opened': ({ gate, caller }, { shell, task, session }) =>
    gate.shellOpened(caller, shell, task, session),

  shells: async (work) => ({ shells: await own(work) }),

  async 'shell-close'(work, { shell, reason = null }) {
    const { gate, caller, scope, log } = work;
    if (scope === 'own' && !(await own(work)).some((each) => each.shell === shell)) {
      throw new Refusal(
        'access-unknown',
        'no such shell, or none of yours',
        'See which there are: `npm run -s support-shell -- list`.',
      );
    }
    const { view, backends } = await gate.closeShell(caller, shell, reason);
    const { failed } = await endBackends(work, backends);
    // In the database the session is over already: what is left of it sees nothing.
    if (failed.length > 0) log.line('error', 'sessions-left', { shell, failed });
    return view;
  },
};

async function own({ gate, caller, scope }: Work) {
  const found = await gate.shells(caller);
  return found.filter(({ login }) => scope === 'all' || login === caller.login);
}
