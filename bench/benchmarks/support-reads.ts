import { type Benchmark, type Figure, type Limit, NONE, times } from '../benchmark';
import { measure } from '../measure';
import { notHidden, READ_NAMES, READS, type Read, type Sending, statement, valuesOf } from '../statements';
import { PLAIN_OWNER } from '../world/items';
import { connectShell } from '../world/shell';

const LIMITS: Readonly<Record<Read, Limit>> = {
  'primary-key lookup': times(1.3),
  'list of 50': times(1.3),
  "one organization's aggregate": times(1.3),
  'full-scan aggregate': times(1.2),
};

/** A scan is parallel and takes all cores: it has few rounds, and each one feels what else the machine does. */
const SCAN = 3;

export const supportReads: Benchmark = {
  name: 'support-reads',
  title: 'The support role reads a table with an organization column',
  async run({ server, sizes, worlds }) {
    const world = await worlds.items();
    const owner = await server.connect(world.database, PLAIN_OWNER);
    const support = await connectShell(server, world.database, 'uma');
    const figures: Figure[] = [];
    for (const sending of ['unnamed', 'named'] as const satisfies Sending[]) {
      for (const read of READ_NAMES) {
        const values = (round: number) => valuesOf(read, world.pick(round));
        const byHand = READS[read]('plain.items', notHidden('organization_id', world.hidden));
        const { medians, rounds } = await measure(
          [
            statement(owner, byHand, values, sending),
            statement(support, READS[read]('app.items', 'true'), values, sending),
          ],
          { budget: read === 'full-scan aggregate' ? sizes.budget * SCAN : sizes.budget },
        );
        const [baselineMedian = 0, median = 0] = medians;
        figures.push({
          name: `support, ${read}${sending === 'named' ? ', prepared' : ''}`,
          baseline: 'owner, predicate by hand',
          median,
          baselineMedian,
          rounds,
          limit: sending === 'named' ? NONE : LIMITS[read],
        });
      }
    }
    return figures;
  },
};
