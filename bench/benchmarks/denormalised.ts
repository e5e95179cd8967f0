import { type Benchmark, type Figure, NONE, times } from '../benchmark';
import { measure } from '../measure';
import { notHidden, statement } from '../statements';
import { DEPTHS, keyAt } from '../world/chain';
import { PLAIN_OWNER } from '../world/items';
import { connectShell } from '../world/shell';

/** A derived table joined up to the items, which have the organization. */
function joined(schema: string, depth: number): string {
  const steps = DEPTHS.filter((step) => step < depth)
    .toReversed()
    .map((step) => `JOIN ${schema}.derived${step} d${step} ON d${step}.id = d${step + 1}.parent_id`);
  return `${schema}.derived${depth} d${depth} ${steps.join(' ')} JOIN ${schema}.items i ON i.id = d1.parent_id`;
}

export const denormalised: Benchmark = {
  name: 'denormalised',
  title:
    'Tables that hang on others: an organization column of their own against a policy that follows the foreign key',
  async run({ server, sizes, worlds }) {
    const world = await worlds.items();
    const owner = await server.connect(world.database, PLAIN_OWNER);
    const support = await connectShell(server, world.database, 'uma');
    const figures: Figure[] = [];
    const compare = async (
      name: string,
      limit: Figure['limit'],
      byHand: string,
      protectedText: string,
      values: (round: number) => unknown[],
    ) => {
      const { medians, rounds } = await measure(
        [statement(owner, byHand, values), statement(support, protectedText, values)],
        { budget: sizes.budget * 0.6, least: 5 },
      );
      const [baselineMedian = 0, median = 0] = medians;
      figures.push({ name, baseline: 'owner, predicate by hand', median, baselineMedian, rounds, limit });
    };
    for (const depth of DEPTHS) {
      // Keys are md5 of the row's number: computed here by the server, once, so that both sides send a plain key.
      const { rows } = await owner.query<{ id: string }>(
        Array.from(
          { length: 1_000 },
          (_, round) => `SELECT ${keyAt(depth, world.pick(round).number % sizes.chainRows)} AS id`,
        ).join(' UNION ALL '),
      );
      const id = (round: number) => [rows[round % rows.length]?.id];
      const organization = (round: number) => [world.pick(round).organization];
      const visible = notHidden('organization_id', world.hidden);
      const level = `level${depth}`;
      await compare(
        `organization column, depth ${depth}, lookup`,
        times(1.35),
        `SELECT id, amount FROM plain.${level} WHERE id = $1 AND ${visible}`,
        `SELECT id, amount FROM app.${level} WHERE id = $1`,
        id,
      );
      await compare(
        `organization column, depth ${depth}, one organization's aggregate`,
        times(1.35),
        `SELECT count(*), sum(amount) FROM plain.${level} WHERE organization_id = $1 AND ${visible}`,
        `SELECT count(*), sum(amount) FROM app.${level} WHERE organization_id = $1`,
        organization,
      );
      const own = `d${depth}`;
      await compare(
        `via foreign key, depth ${depth}, lookup`,
        NONE,
        `SELECT ${own}.id, ${own}.amount FROM ${joined('plain', depth)} WHERE ${own}.id = $1 AND ${visible}`,
        `SELECT id, amount FROM app.derived${depth} WHERE id = $1`,
        id,
      );
      await compare(
        `via foreign key, depth ${depth}, one organization's aggregate`,
        NONE,
        `SELECT count(*), sum(${own}.amount) FROM ${joined('plain', depth)} WHERE i.organization_id = $1 AND ${visible}`,
        `SELECT count(*), sum(${own}.amount) FROM ${joined('app', depth)} WHERE i.organization_id = $1`,
        organization,
      );
    }
    return figures;
  },
};
