import { World } from '../../test/db/lambda/approvals/world';
import { ORGANIZATIONS } from '../../test/support/tenants';
import { type Benchmark, type Figure, milliseconds } from '../benchmark';
import { measure } from '../measure';

const ASKED = {
  organization: ORGANIZATIONS.clinic,
  kind: 'shell',
  reason: 'what an approval takes',
  ticket: 'OPS-1',
} as const;

/** Both sides sign, are asked of STS who that is, and log in to the database; one of them checks a code and makes a grant. */
export const approve: Benchmark = {
  name: 'approve',
  title: 'An approval through the real handler: signed call, two transactions, code, grant, ledger, message',
  async run({ sizes }): Promise<Figure[]> {
    const world = new World();
    await world.open();
    try {
      await world.enrol('ada');
      const next = async () => {
        const { id, hash } = await world.call('uma', 'request', ASKED);
        // A code is used once: the clock of the function and of the telephone goes on by a step.
        world.tick();
        return { request: id, hash, code: await world.code('ada') };
      };
      let prepared = await next();
      const [name, baseline] = ['approve, with its grant', 'list, which changes nothing'];
      const { medians, rounds } = await measure(
        [
          { name: baseline, run: () => world.call('ada', 'list', { all: false, limit: 50 }) },
          {
            name,
            run: () => world.call('ada', 'approve', prepared),
            after: async () => {
              prepared = await next();
            },
          },
        ],
        { budget: sizes.budget, least: 9, most: 100 },
      );
      const [baselineMedian = 0, median = 0] = medians;
      return [{ name, baseline, median, baselineMedian, rounds, limit: milliseconds(200) }];
    } finally {
      await world.close();
    }
  },
};
