import { type Benchmark, type Figure, NONE, times } from '../benchmark';
import { measure } from '../measure';
import { READ_NAMES, READS, statement, valuesOf } from '../statements';
import { connectShell } from '../world/shell';

const PERSON = 'uma';

export const liveGrant: Benchmark = {
  name: 'live-grant',
  title:
    'A session of the support shell with one live grant for a sensitive organization, against one without',
  async run({ server, sizes, worlds }) {
    const world = await worlds.items();
    const admin = await server.connect(world.database, 'postgres');
    const without = await connectShell(server, world.database, 'somebody');
    const granted = await connectShell(server, world.database, PERSON);
    await admin.query(
      `INSERT INTO guard.grants (person, organization, kind, ends_at) VALUES ($1, $2, 'shell', now() + interval '1 day')`,
      [PERSON, world.hidden[0]],
    );
    const figures: Figure[] = [];
    for (const read of READ_NAMES) {
      const text = READS[read]('app.items', 'true');
      const values = (round: number) => valuesOf(read, world.pick(round));
      const { medians, rounds } = await measure(
        [statement(without, text, values), statement(granted, text, values)],
        sizes,
      );
      const [baselineMedian = 0, median = 0] = medians;
      figures.push({
        name: `support with a live grant, ${read}`,
        baseline: 'a session without a grant',
        median,
        baselineMedian,
        rounds,
        limit: times(1.1),
      });
    }
    // What the grant is for: rows of the sensitive organization, which nobody else is shown.
    const text = READS["one organization's aggregate"]('app.items', 'true');
    const { medians, rounds } = await measure(
      [
        statement(without, text, (round) => [world.pick(round).organization]),
        statement(granted, text, () => [world.hidden[0]]),
      ],
      sizes,
    );
    const [baselineMedian = 0, median = 0] = medians;
    figures.push({
      name: 'support with a live grant, aggregate of the granted organization',
      baseline: 'aggregate of an ordinary one',
      median,
      baselineMedian,
      rounds,
      limit: NONE,
    });
    await admin.query('DELETE FROM guard.grants');
    return figures;
  },
};
