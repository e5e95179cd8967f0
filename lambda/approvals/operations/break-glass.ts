/** For the night when nobody answers. Loud first: where nobody can be told, nothing is opened. */
import { withTransaction } from '../../../sql/db/transaction';
import { fieldsOf } from '../../connection/edge';
import { Refusal } from '../errors';
import { MESSAGES } from '../notify';
import { mustMaySee } from '../staff';
import type { Operations } from '../work';
import { madeBefore } from './requests';

export const glass: Operations<'break-glass'> = {
  async 'break-glass'(work, asked) {
    const { gate, client, caller, staff, id, notify, measurements, log } = work;
    mustMaySee(staff, caller.login);
    const { organization } = await gate.context(caller, asked.organization);
    const { access, reason, ticket } = asked;
    const made = await withTransaction(client, async () => {
      const request = await gate.breakGlass(caller, {
        ...{ id, kind: 'shell', access, organization, sensitive: null, reason, ticket },
      });
      await notify
        .loudly(MESSAGES.brokenGlass(caller, { ...asked, organization, own: request.own, request: id }))
        .catch((error: unknown) => {
          log.line('error', 'glass-not-broken', fieldsOf(error));
          throw new Refusal(
            'nobody-can-be-told',
            'the topic for people cannot be reached, and glass is only broken loudly; nothing was opened',
            'See that SNS works in this region; meanwhile ask an approver: `npm run -s sensitive-access -- request …`.',
          );
        });
      return request;
    }).catch((error: unknown) => madeBefore(work, asked, error));
    measurements.count('breakGlass');
    return made;
  },
};
