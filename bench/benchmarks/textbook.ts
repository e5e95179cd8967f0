import { type Benchmark, type Figure, NONE } from '../benchmark';
import { measure } from '../measure';
import { notHidden, READ_NAMES, READS, statement, valuesOf } from '../statements';
import { PLAIN_OWNER } from '../world/items';
import { TEXTBOOK, type TextbookPolicy } from '../world/textbook-policies';

export const textbook: Benchmark = {
  name: 'textbook',
  title: 'The usual policies on the same rows: what the design is chosen against',
  async run({ server, sizes, worlds }) {
    const world = await worlds.items();
    const owner = await server.connect(world.database, PLAIN_OWNER);
    const organization = world.pick(0).organization;
    const figures: Figure[] = [];
    for (const policy of Object.values<TextbookPolicy>(TEXTBOOK)) {
      const client = await server.connect(world.database, policy.login);
      if (policy.oneOrganization)
        await client.query(`SELECT set_config('app.organization', $1, false)`, [organization]);
      const byHand = policy.oneOrganization
        ? `organization_id = '${organization}'`
        : notHidden('organization_id', world.hidden);
      for (const read of READ_NAMES) {
        // Under a setting every read stays in its one organization, so a full scan is that organization's aggregate.
        if (policy.oneOrganization && read === 'full-scan aggregate') continue;
        const values = (round: number) =>
          valuesOf(read, policy.oneOrganization ? { ...world.pick(round), organization } : world.pick(round));
        const { medians, rounds } = await measure(
          [
            statement(owner, READS[read]('plain.items', byHand), values),
            statement(client, READS[read]('textbook.items', 'true'), values),
          ],
          { budget: sizes.budget / 2, least: 3 },
        );
        const [baselineMedian = 0, median = 0] = medians;
        figures.push({
          name: `textbook ${policy.text}, ${read}`,
          baseline: 'owner, predicate by hand',
          median,
          baselineMedian,
          rounds,
          limit: NONE,
        });
      }
    }
    return figures;
  },
};
